// Content that other sites show: a claim in a frame, and the card of a link.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { PHONE, WIDE, browser, build, inject, repository, serve, tool, watched } from './site.mjs';

const AXE = tool('axe-core/axe.min.js');
const JAR = fileURLToPath(new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOME = 'https://desk.example/said/';

process.env.MDBOOK_OUTPUT__HTML__SITE_URL = HOME;
const site = build(repository);
const origin = await serve(site);
const chromium = await browser();
const claims = readdirSync(`${site}/claims`).filter((name) => name.endsWith('.embed.html'));
const CLAIM = 'claims/exch-mss';

// From the shortest to the longest: each has another status or another reply.
const size = (name) => statSync(`${site}/claims/${name}`).size;
const some = claims.toSorted((a, b) => size(a) - size(b)).filter((_, at, all) => at % 8 === 0 || at === all.length - 1);

test('a claim in a frame is valid HTML and nothing that axe-core objects to', async () => {
  assert.ok(claims.length > 10, `only ${claims.length} claims`);
  const files = claims.map((name) => `${site}/claims/${name}`);
  files.push(`${site}/${CLAIM}.html`, `${site}/index.html`);
  const options = { maxBuffer: 1 << 26 };
  const checked = promisify(execFile)('java', ['-jar', JAR, '--format', 'json', ...files], options);
  const { stderr } = await checked.catch((error) => error);
  const errors = JSON.parse(stderr).messages.filter(({ type }) => type !== 'info');
  assert.deepEqual(errors.map(({ url, lastLine, message }) => `${url}:${lastLine}: ${message}`), []);
  for (const options of [{ ...WIDE, colorScheme: 'light' }, { ...PHONE, colorScheme: 'dark' }]) {
    const context = await chromium.newContext({ ...options, reducedMotion: 'reduce' });
    for (const name of some) {
      const { page, trouble } = await watched(context, origin);
      await page.goto(`${origin}claims/${name}`, { waitUntil: 'load' });
      await inject(page, AXE);
      const found = await page.evaluate(async (values) => {
        const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values } });
        return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
      }, RULES);
      assert.deepEqual(found, [], name);
      assert.deepEqual(trouble, [], name);
      await page.close();
    }
    await context.close();
  }
});

test('the frame that a claim offers shows it on a page of another host, with the answer', async () => {
  const context = await chromium.newContext({ ...WIDE, javaScriptEnabled: false });
  const offer = await context.newPage();
  await offer.goto(`${origin}${CLAIM}.html`);
  const code = await offer.locator('#ws-embed').textContent();
  const frame = code.replace(HOME, origin);
  assert.notEqual(frame, code, code);
  const other = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>Another desk</title>${frame}`);
  });
  await new Promise((ready) => other.listen(0, '127.0.0.1', ready));
  const page = await context.newPage();
  await page.goto(`http://localhost:${other.address().port}/`, { waitUntil: 'load' });
  const shown = page.frameLocator('iframe');
  const words = await shown.locator('body').innerText();
  const told = JSON.parse(readFileSync(`${site}/${CLAIM}.oembed.json`, 'utf8'));
  assert.ok(words.includes(told.title.split(': ')[0]), `how it stands: ${words}`);
  assert.match(words, /replied|responded|comment|reply/, 'what the accused answered');
  const frames = await page.locator('iframe').evaluate((it) => [it.clientWidth, it.clientHeight]);
  const needed = await shown.locator('html').evaluate((it) => [it.scrollWidth, it.scrollHeight]);
  assert.ok(needed[0] <= frames[0], `it scrolls sideways: ${needed} in ${frames}`);
  await context.close();
  other.close();
});

test('the card that a page names is a picture that a browser shows', async () => {
  const context = await chromium.newContext(WIDE);
  const page = await context.newPage();
  for (const path of ['index.html', `${CLAIM}.html`]) {
    await page.goto(origin + path);
    const named = await page.locator('meta[property="og:image"]').getAttribute('content');
    const file = named.slice(HOME.length);
    assert.ok(named.startsWith(HOME) && existsSync(`${site}/${file}`), named);
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, origin + file);
    assert.deepEqual(size, [1200, 630]);
  }
  await context.close();
});
