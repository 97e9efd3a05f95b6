// The largest allowed size of a page, in bytes after gzip.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { briefing } from './books.mjs';
import { browser, build, folder, kinds, sample, serve } from './site.mjs';

const KB = 1024;
const weight = (...files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
const site = sample();

test('style sheets weigh 9 KB and scripts 3 KB on every kind of page but search', async () => {
  const origin = await serve(site), page = await (await browser()).newPage();
  for (const { kind, path } of kinds(site).filter(({ kind }) => kind !== 'search')) {
    await page.goto(origin + path);
    const loaded = await page.evaluate(() => ({
      css: [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => link.href),
      js: [...document.querySelectorAll('script[src]')].map((script) => script.src),
    }));
    const files = (addresses) => addresses.map((address) => join(site, address.slice(origin.length)));
    // The frame of a claim, embedded in other sites, runs no script.
    assert.ok(loaded.css.length && (loaded.js.length || kind === 'embed'), kind);
    const [css, js] = [weight(...files(loaded.css)), weight(...files(loaded.js))];
    assert.ok(css <= 9 * KB, `${kind}: ${css} bytes of style sheets`);
    assert.ok(js <= 3 * KB, `${kind}: ${js} bytes of scripts`);
  }
});

test('a briefing of 2,000 words and 20 claims weighs 20 KB', () => {
  const site = build(briefing(join(folder(), 'book'), 2000, 20));
  const file = join(site, 'briefing.html');
  const html = readFileSync(file, 'utf8');
  assert.equal(html.match(/<aside class="note/g).length, 20);
  const text = html.slice(html.indexOf('<div class="text">')).replace(/<aside[\s\S]*?<\/aside>/g, '').replace(/<div class="after">[\s\S]*/, '').replace(/<[^>]*>/g, ' ');
  const words = text.match(/\p{L}+/gu).length;
  assert.ok(words >= 2000, `${words} words`);
  assert.ok(weight(file) <= 20 * KB, `${weight(file)} bytes`);
});
