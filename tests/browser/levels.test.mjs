// Every printed sheet shows the level of its page, and every part its own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { WIDE, browser, build, folder, pages, serve } from './site.mjs';

/** A book with this ceiling: a long briefing with one amber mark, and a clear one. */
function book(ceiling) {
  const made = join(folder(), 'book');
  const long = Array.from({ length: 160 }, (_, i) => `Paragraph ${i} of a long text that fills several sheets of paper.\n\n`).join('');
  const files = {
    'book.toml': `[book]\ntitle = "Levels"\n[output.html]\nsite-url = "https://desk.example/"\n[whosaid]\ncards = false\n${ceiling ? `tlp = "${ceiling}"\n` : ''}`,
    'content/actors/brennia.md': `---\nname: Brennia\n${ceiling ? 'tlp: clear\n' : ''}---\n`,
    'content/sources/notice.md': `---\ntitle: Notice\ndate: 2031-03-02\n${ceiling ? 'tlp: clear\n' : ''}---\n`,
    'content/long.md': `---\ntitle: Long\n${ceiling ? 'tlp: clear\n' : ''}---\n\n${long}[Letters were opened](claim:opened "by=brennia on=2031-03-02${ceiling ? ` tlp=${ceiling}` : ''}") [@notice].\n`,
    'content/open.md': `---\ntitle: Open\n${ceiling ? 'tlp: clear\n' : ''}---\n\n${long}`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), text);
  }
  return made;
}

const chromium = await browser();

/** Returns the text of each sheet of a printed page. */
async function sheets(origin, path) {
  const page = await (await chromium.newContext(WIDE)).newPage();
  await page.goto(origin + path);
  const file = join(folder(), 'page.pdf');
  await page.pdf({ path: file, preferCSSPageSize: true });
  await page.close();
  const text = execFileSync('pdftotext', ['-enc', 'UTF-8', '-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return text.split('\f').filter((sheet) => sheet.trim());
}

for (const [level, label] of [['clear', 'TLP:CLEAR'], ['green', 'TLP:GREEN'], ['amber', 'TLP:AMBER'], ['amber+strict', 'TLP:AMBER+STRICT'], ['red', 'TLP:RED']]) {
  test(`${label}: every sheet of every page shows it`, async () => {
    const site = build(book(level));
    const origin = await serve(site);
    let most = 0;
    // Every page once, and for each level those that differ most.
    const some = ['long.html', 'claims/opened.html', 'print.html'];
    for (const path of level === 'amber' ? pages(site) : some) {
      const expected = /<html [^>]*data-tlp="([^"]*)"/.exec(readFileSync(join(site, path), 'utf8'))?.[1];
      assert.ok(expected, path);
      const printed = await sheets(origin, path);
      most = Math.max(most, printed.length);
      for (const [number, sheet] of printed.entries()) {
        const first = sheet.split('\n').find((line) => line.trim()).trim();
        assert.ok(first.endsWith(expected), `${path}, sheet ${number + 1} of ${printed.length}: ${first}`);
      }
    }
    assert.ok(most > 3, `at most ${most} sheets`);
    const html = (path) => readFileSync(join(site, path), 'utf8');
    // The page with the mark has its level, and tells it from the rest.
    assert.ok(html('long.html').includes(`data-tlp="${label}"`));
    if (level !== 'clear') {
      assert.ok(html('long.html').includes(`Letters were opened</mark> <span class="tlp">${label}</span>`));
      assert.ok(html('long.html').includes('without a label: <span class="tlp">TLP:CLEAR</span>'));
    }
  });
}

test('a book without levels prints none', async () => {
  const site = build(book(null));
  const origin = await serve(site);
  for (const sheet of await sheets(origin, 'long.html')) assert.ok(!sheet.includes('TLP'), sheet);
});
