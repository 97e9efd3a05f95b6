// Every kind of page in every state: axe-core, HTML CodeSniffer, the console and the policy report nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PHONE, WIDE, browser, inject, kinds, sample, serve, tool, watched } from './site.mjs';

const AXE = tool('axe-core/axe.min.js');
const SNIFFER = tool('html_codesniffer/build/HTMLCS.js');
// Tags are listed one by one, because axe leaves out the rules that are new in WCAG 2.2 by default.
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const MODES = {
  light: { ...WIDE, colorScheme: 'light' },
  dark: { ...WIDE, colorScheme: 'dark' },
  phone: { ...PHONE, colorScheme: 'light' },
  opened: { ...WIDE, colorScheme: 'light', open: true },
  'phone, opened': { ...PHONE, colorScheme: 'dark', open: true },
};

const site = sample();
const origin = await serve(site);
const chromium = await browser();

const all = kinds(site);
test('the sample has every kind of page', () => {
  const found = all.map(({ kind }) => kind);
  for (const kind of ['home', 'briefing', 'claim', 'claims', 'actor', 'actors', 'source', 'sources', 'timeline', 'network', 'tag', 'tags', 'not-found']) {
    assert.ok(found.includes(kind), `no page of the sample is a ${kind}; it has ${found}`);
  }
});

for (const [mode, { open, ...options }] of Object.entries(MODES)) {
  describe(mode, { concurrency: 2 }, async () => {
    const context = await chromium.newContext({ ...options, reducedMotion: 'reduce' });
    for (const { kind, path } of all) {
      test(`${kind}: ${path}`, async () => {
        const { page, trouble, requests } = await watched(context, origin);
        await page.goto(origin + path, { waitUntil: 'load' });
        if (open) await page.evaluate(everythingOpened);
        await inject(page, AXE);
        await inject(page, SNIFFER);
        assert.deepEqual(await page.evaluate(violations, [RULES, !open]), [], 'axe-core');
        assert.deepEqual(await page.evaluate(objections), [], 'HTML CodeSniffer');
        assert.deepEqual(trouble, []);
        assert.ok(requests.length <= 5, `${requests.length} requests: ${requests.join(' ')}`);
        await page.close();
      });
    }
  });
}

/** Opens every fold and shows every sheet and card, more at once than a reader could open. */
function everythingOpened() {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  for (const popover of document.querySelectorAll('[popover]')) {
    popover.popover = 'manual';
    popover.showPopover();
  }
}

/** Cards over cards hide targets, so target sizes are not checked where everything is open. */
async function violations([values, targets]) {
  const options = { resultTypes: ['violations'], runOnly: { type: 'tag', values }, rules: { 'target-size': { enabled: targets } } };
  const { violations } = await globalThis.axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`));
}

function objections() {
  return new Promise((resolve) => {
    globalThis.HTMLCS.process('WCAG2AA', document, () => {
      const errors = globalThis.HTMLCS.getMessages().filter(({ type }) => type === globalThis.HTMLCS.ERROR);
      resolve(errors.map(({ code, msg, element }) => `${code}: ${msg}: ${element.outerHTML?.slice(0, 200)}`));
    });
  });
}
