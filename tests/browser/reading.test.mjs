// Reading in every way: a narrow screen, wider spacing, no script, the file system, paper.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WIDE, browser, build, folder, kinds, pages, sample, serve, watched } from './site.mjs';

const site = sample();
const origin = await serve(site);
const chromium = await browser();
const all = kinds(site);

/** Returns every word with its number of occurrences. */
function words(text) {
  const counted = new Map();
  for (const word of text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) counted.set(word, (counted.get(word) ?? 0) + 1);
  return counted;
}

/** Returns the words of `wanted` that `found` lacks. */
function lacking(wanted, found) {
  return [...wanted].flatMap(([word, count]) => Array(Math.max(0, count - (found.get(word) ?? 0))).fill(word));
}

const total = (counted) => [...counted.values()].reduce((sum, count) => sum + count, 0);

describe('narrow', async () => {
  test('no page is wider than a screen of 320 px', async () => {
    const page = await chromium.newPage({ viewport: { width: 320, height: 640 } });
    const wide = [];
    for (const path of pages(site)) {
      await page.goto(origin + path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wide.push(`${path}: ${over} px`);
    }
    assert.deepEqual(wide, []);
    await page.close();
  });

  test('nor one of the book from right to left, at any width', async () => {
    const site = build(fileURLToPath(new URL('books/rtl', import.meta.url)));
    const origin = await serve(site), page = await chromium.newPage();
    for (const path of pages(site)) {
      for (const width of [320, 820, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(origin + path);
        const { dir, over } = await page.evaluate(() => ({
          dir: document.documentElement.dir, over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        }));
        assert.equal(dir, 'rtl');
        assert.ok(over <= 0, `${path} at ${width} px: ${over} px too wide`);
      }
    }
    await page.close();
  });

  for (const width of [320, 1280]) {
    test(`the spacing that WCAG 1.4.12 allows a reader clips nothing at ${width} px`, async () => {
      const page = await chromium.newPage({ viewport: { width, height: 800 } });
      for (const { path } of all) {
        await page.goto(origin + path);
        assert.deepEqual(await page.evaluate(clipped), [], path);
      }
      await page.close();
    });
  }
});

/** Returns elements whose text does not fit with the wider spacing. */
function clipped() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [sheet];
  const bad = [];
  for (const element of document.querySelectorAll('body, body *')) {
    if (!element.checkVisibility() || element.closest('.vh, svg') || !element.textContent.trim()) continue;
    const style = getComputedStyle(element);
    const cuts = (overflow) => overflow === 'hidden' || overflow === 'clip';
    if ((cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1) || (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)) bad.push(`${element.tagName}.${element.className} is cut`);
    const box = element.getBoundingClientRect();
    if (!element.closest('.scroll, pre, .skip') && box.width && (box.right > innerWidth + 1 || box.left < -1)) bad.push(`${element.tagName}.${element.className} leaves the screen`);
  }
  return bad;
}

describe('without script', async () => {
  const on = await chromium.newContext(WIDE), off = await chromium.newContext({ ...WIDE, javaScriptEnabled: false });

  for (const { kind, path } of all) {
    test(`${kind}: every link and word is there, and no control is dead`, async () => {
      const [scripted, plain] = [await on.newPage(), await off.newPage()];
      await scripted.goto(origin + path);
      await plain.goto(origin + path);
      // Only controls of the script may be hidden until it runs; everything else must be visible.
      const links = (page) => page.evaluate(() => [...document.querySelectorAll('a[href]')].filter((link) => link.checkVisibility()).map((link) => link.getAttribute('href')).sort());
      assert.deepEqual(await links(plain), await links(scripted));
      const brought = await plain.evaluate(() => [...document.querySelectorAll('[hidden], .find')].map((element) => element.textContent).join(' '));
      const text = (page) => page.evaluate(() => document.body.innerText);
      const results = (await scripted.locator('output').allInnerTexts()).join(' ');
      const there = words(`${await text(plain)} ${brought} ${results}`);
      assert.deepEqual(lacking(words(await text(scripted)), there), []);
      const dead = await plain.evaluate(() => {
        const works = '[popovertarget], input[type="radio"], input[disabled], summary';
        const controls = [...document.querySelectorAll('button, input, select, textarea, [role="button"], [onclick]')];
        return controls.filter((control) => control.checkVisibility() && !control.matches(works)).map((control) => control.outerHTML.slice(0, 120));
      });
      assert.deepEqual(dead, []);
      await scripted.close();
      await plain.close();
    });
  }
});

describe('from the file system', async () => {
  const context = await chromium.newContext(WIDE);
  const from = pathToFileURL(`${site}/`).href;

  for (const { kind, path } of all.filter(({ kind }) => kind !== 'not-found')) {
    test(kind, async () => {
      const { page, trouble } = await watched(context, from);
      await page.goto(from + path);
      // The frame of a claim runs no script.
      assert.equal(await page.locator('[data-theme-toggle]:visible').count(), kind === 'embed' ? 0 : 1, 'its script ran');
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), '0px', 'its sheet is there');
      const targets = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => new URL(link.getAttribute('href'), document.baseURI).href.split(/[?#]/)[0]));
      const dead = targets.filter((target) => target.startsWith('file:') && !existsSync(fileURLToPath(target)));
      assert.deepEqual(dead, []);
      assert.deepEqual(trouble, []);
      await page.close();
    });
  }
});

describe('on paper', async () => {
  const context = await chromium.newContext({ ...WIDE, colorScheme: 'dark' });
  const kept = ['briefing', 'claim', 'actor', 'source', 'timeline', 'print'];

  /** The text of a page as it is printed. */
  async function printed(page) {
    const file = join(folder(), 'print.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    return execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  }

  for (const { kind, path } of all.filter(({ kind }) => kept.includes(kind))) {
    test(`${kind}: ${path} keeps its words and leaves its controls`, async () => {
      const page = await context.newPage();
      await page.goto(origin + path);
      const paper = await printed(page);
      // Text for screen readers alone is not visible on a screen or on paper.
      const shown = await page.evaluate(() => {
        for (const unseen of document.querySelectorAll('.vh')) unseen.remove();
        return document.querySelector('main').innerText;
      });
      const missing = lacking(words(shown), words(paper));
      const share = 1 - missing.length / total(words(shown));
      assert.ok(share >= 0.94, `${(100 * share).toFixed(1)} % of the words: without ${missing.slice(0, 60)}`);
      const line = paper.replace(/\s+/g, ' ');
      const nav = await page.locator('.bar nav').innerText();
      for (const control of [nav.replace(/\s+/g, ' '), 'Skip to content', 'Theme:', 'On this page', 'Show marks', 'Copy link', 'Close note']) {
        assert.ok(!line.includes(control), `it prints “${control}”`);
      }
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light', 'dark on white, whatever the theme');
      const notes = page.locator('aside.note');
      assert.equal(await notes.locator('visible=true').count(), await notes.count(), 'every note is printed');
      await page.close();
    });
  }

  test('sources are printed with their addresses', async () => {
    const site = build(fileURLToPath(new URL('books/marks', import.meta.url)));
    const page = await context.newPage();
    await page.goto(`${await serve(site)}everywhere.html`);
    const addresses = await page.locator('.sources a[href^="http"]').evaluateAll((links) => links.map((link) => link.href));
    assert.equal(addresses.length, 2);
    // On paper, an address can break over lines.
    const tight = (await printed(page)).replace(/\s+/g, '');
    for (const address of addresses) assert.ok(tight.includes(`<${address}>`), address);
    await page.close();
  });
});
