// The manual in Chromium: it is a book with a table of contents, which is beside the page if there
// is room, without script, and otherwise opens with one press.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PHONE, WIDE, browser, inject, manual, pages, serve, tool, watched } from './site.mjs';

const AXE = tool('axe-core/axe.min.js');
const site = manual();
const origin = await serve(site);
const chromium = await browser();

test('every page is whole, leads on, and fits a phone', async () => {
  const context = await chromium.newContext(PHONE);
  const { page, trouble } = await watched(context, origin);
  const all = pages(site);
  assert.ok(all.length > 25, `only ${all.length} pages`);
  for (const path of all) {
    await page.goto(origin + path);
    const { links, over } = await page.evaluate(() => ({
      links: [...document.querySelectorAll('a[href], img[src]')].map(({ href, src }) => (href?.baseVal ?? href ?? src).split('#')[0]),
      over: document.documentElement.scrollWidth - innerWidth,
    }));
    assert.ok(over <= 0, `${path} is ${over} pixels too wide`);
    for (const link of links.filter((link) => link.startsWith(origin))) {
      const file = join(site, decodeURI(link.slice(origin.length)).replace(/^$|\/$/, '$&index.html'));
      assert.ok(existsSync(file), `${path}: ${link}`);
    }
  }
  assert.deepEqual(trouble, []);
  await context.close();
});

test('the contents stand beside a page without script', async () => {
  const context = await chromium.newContext({ ...WIDE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${origin}language.html`);
  const contents = page.getByRole('navigation', { name: 'Contents' });
  assert.ok(await contents.getByRole('link', { name: 'Every command' }).isVisible());
  assert.ok(await contents.getByRole('link', { name: 'Verbs' }).isVisible(), 'and what stands on this page');
  const [side, text] = [await contents.boundingBox(), await page.locator('div.text').first().boundingBox()];
  assert.ok(side.x + side.width <= text.x, 'they are beside the text');
  await context.close();
});

test('they show the page in hand, however long they are', async () => {
  const page = await chromium.newPage(WIDE);
  await page.goto(`${origin}elsewhere.html`);
  const current = page.locator('.contents [aria-current=page]');
  assert.equal(await current.count(), 1);
  const { y } = await current.boundingBox();
  assert.ok(y > 0 && y < WIDE.viewport.height, `it is at ${y}`);
  await page.close();
});

test('on a phone they are one line that opens', async () => {
  const page = await chromium.newPage(PHONE);
  await page.goto(`${origin}language.html`);
  const link = page.getByRole('link', { name: 'Every command' });
  assert.ok(!await link.isVisible());
  await page.locator('.contents summary').focus();
  await page.keyboard.press('Enter');
  assert.ok(await link.isVisible());
  await link.click();
  await page.getByRole('heading', { name: 'Every command' }).waitFor();
  await page.close();
});

test('home lists the contents', async () => {
  const page = await chromium.newPage(WIDE);
  await page.goto(`${origin}index.html`);
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await contents.getByRole('link', { name: 'A first briefing in fifteen minutes' }).click();
  await page.getByRole('heading', { name: 'A first briefing in fifteen minutes' }).waitFor();
  await page.close();
});

describe('nothing to object to for axe-core', { concurrency: 2 }, () => {
  for (const [mode, options] of Object.entries({
    light: { ...WIDE, colorScheme: 'light' }, dark: { ...WIDE, colorScheme: 'dark' }, phone: { ...PHONE, colorScheme: 'light' },
  })) {
    for (const path of ['index.html', 'tutorial.html', 'ferry.html', 'configuration.html', 'elsewhere.html']) {
      test(`${mode}: ${path}`, async () => {
        const page = await chromium.newPage({ ...options, reducedMotion: 'reduce' });
        await page.goto(origin + path);
        if (mode === 'phone') await page.evaluate(() => { for (const fold of document.querySelectorAll('details')) fold.open = true; });
        await inject(page, AXE);
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
          return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`));
        });
        assert.deepEqual(found, []);
        await page.close();
      });
    }
  }
});
