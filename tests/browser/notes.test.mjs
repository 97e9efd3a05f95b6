// Notes: beside the text on wide screens, sheets on phones, without overlap wherever a mark can be.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PHONE, browser, build, folder, inject, pages, sample, serve, tool, watched } from './site.mjs';
import { many } from './books.mjs';

const WIDTHS = [780, 820, 1000, 1200, 1312, 1440, 1800];
const book = (name) => fileURLToPath(new URL(`books/${name}`, import.meta.url));

const sites = {
  sample: sample(),
  marks: build(book('marks')),
  'right to left': build(book('rtl')),
  '400 notes': build(many(join(folder(), 'many'), 400)),
};
const origins = {};
for (const [name, site] of Object.entries(sites)) origins[name] = await serve(site);
const chromium = await browser();
const noted = (site) => pages(site).filter((path) => readFileSync(join(site, path), 'utf8').includes('<aside class="note'));

for (const [name, site] of Object.entries(sites)) {
  describe(`wide: ${name}`, async () => {
    const paths = noted(site);
    test('there are notes', () => assert.ok(paths.length > 0));
    for (const path of paths) {
      test(path, async () => {
        const page = await chromium.newPage();
        // Four hundred notes are laid out at two widths only, to save time.
        for (const width of name === '400 notes' ? [820, 1440] : WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(origins[name] + path);
          const { hidden, lost, overlaps, beyond, overflow } = await page.evaluate(placed);
          assert.deepEqual(hidden, [], `notes that do not show at ${width} px`);
          assert.deepEqual(lost, [], `notes not beside their text at ${width} px`);
          assert.deepEqual(overlaps, [], `overlaps at ${width} px`);
          assert.ok(beyond <= 1, `a note stands ${beyond} px below the end of the text at ${width} px`);
          assert.equal(overflow, 0, `overflow at ${width} px`);
        }
        await page.close();
      });
    }
  });
}

/** Returns the rectangles of the notes on a page. */
function placed() {
  const notes = [...document.querySelectorAll('aside.note')];
  const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
  const inColumn = ':scope > :not(.para), :scope > .para > :not(aside)';
  const blocks = [...document.querySelectorAll('div.text')].flatMap((text) => [...text.querySelectorAll(inColumn)]);
  const rectangles = [...notes, ...blocks].map((element) => ({ element, box: element.getBoundingClientRect() }));
  const cross = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const name = ({ element }) => element.id || element.textContent.slice(0, 40);
  const overlaps = rectangles.flatMap((a, i) => rectangles.slice(i + 1).filter((b) => cross(a.box, b.box)).map((b) => `${name(a)} / ${name(b)}`));
  // In the margin, a note begins after the end of its text; only a table has its notes below.
  const beside = (note) => {
    const box = note.getBoundingClientRect(), block = note.closest('.para').firstElementChild.getBoundingClientRect();
    if (note.closest('.tab, :not(.with-notes) > div.text')) return box.top >= block.bottom - 1;
    return (rtl ? box.right <= block.left : box.left >= block.right) && box.top >= block.top - 1;
  };
  const margin = notes.filter((note) => note.closest('.with-notes'));
  return {
    hidden: notes.filter((note) => !note.checkVisibility() || !note.getBoundingClientRect().height).map((note) => note.id),
    lost: margin.filter((note) => !beside(note)).map((note) => note.id),
    overlaps,
    beyond: margin.length ? Math.max(...margin.map((note) => note.getBoundingClientRect().bottom - note.closest('div.text').getBoundingClientRect().bottom)) : 0,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}

describe('every place of a mark', async () => {
  test('every marker leads to its note, every mark says which', async () => {
    for (const [name, site] of Object.entries(sites)) {
      for (const path of noted(site)) {
        const page = await chromium.newPage();
        await page.goto(origins[name] + path);
        const wrong = await page.evaluate(() => {
          const isNote = (id) => document.getElementById(id)?.matches('aside.note[role="note"]');
          const wrong = [];
          for (const marker of document.querySelectorAll('.ref')) {
            const link = marker.querySelector('a').getAttribute('href').slice(1);
            const button = marker.querySelector('button').getAttribute('popovertarget');
            const note = document.getElementById(decodeURIComponent(link));
            if (!isNote(decodeURIComponent(link)) || button !== decodeURIComponent(link)) wrong.push(`marker ${marker.textContent}`);
            // The note follows the block of its marker, so that it is read after the paragraph.
            else if (note.parentElement !== marker.closest('.para') || !(marker.compareDocumentPosition(note) & 4)) wrong.push(`order ${link}`);
          }
          for (const mark of document.querySelectorAll('div.text mark.claim')) {
            if (!isNote(mark.getAttribute('aria-details'))) wrong.push(`mark ${mark.id}`);
          }
          return { wrong, markers: document.querySelectorAll('.ref').length, notes: document.querySelectorAll('aside.note').length };
        });
        assert.deepEqual(wrong.wrong, [], `${name} ${path}`);
        assert.ok(wrong.markers >= wrong.notes && wrong.notes > 0, `${name} ${path}: ${wrong.markers} markers, ${wrong.notes} notes`);
        await page.close();
      }
    }
  });

  test('the book of marks has a note in every place', async () => {
    const page = await chromium.newPage();
    await page.goto(`${origins.marks}everywhere.html`);
    const at = (selector) => page.locator(`div.text ${selector}`).count();
    for (const place of ['.para > h2 mark', 'ol > li > mark', 'li li > mark', 'blockquote mark', 'td mark', 'mark mark', 'dd mark', '.fnotes mark']) {
      assert.ok(await at(place), place);
    }
    assert.equal(await at('#c\\.nine ~ mark, p:has(#c\\.nine\\.brennia) mark'), 10);
    assert.equal(await page.locator('mark[id^="c.over"]').count(), 2);
    await page.close();
  });
});

describe('phone', async () => {
  const context = await chromium.newContext({ ...PHONE, hasTouch: true, reducedMotion: 'reduce' });

  for (const [name, path] of [['sample', 'who-accused-whom.html'], ['marks', 'everywhere.html'], ['right to left', 'index.html']]) {
    test(`${name}: a note is a sheet that its marker opens`, async () => {
      const { page, trouble } = await watched(context, origins[name]);
      await page.goto(origins[name] + path);
      assert.equal(await page.locator('aside.note:visible').count(), 0, 'all are closed at first');
      assert.equal(await page.locator('.ref a:visible').count(), 0, 'the button stands for the link');
      const buttons = page.locator('.ref button');
      for (let i = 0; i < await buttons.count(); i += 1) {
        const button = buttons.nth(i), id = await button.getAttribute('popovertarget');
        if (!(await button.isVisible())) continue;
        await button.focus();
        await page.keyboard.press(i % 2 ? 'Enter' : 'Space');
        const sheet = page.locator('aside.note:popover-open');
        assert.equal(await sheet.count(), 1);
        assert.equal(await sheet.getAttribute('id'), id);
        const { bottom, left, right } = await sheet.evaluate((note) => note.getBoundingClientRect().toJSON());
        assert.deepEqual([Math.round(left), Math.round(right), Math.round(bottom)], [0, 390, 844], 'it stands on the foot of the screen');
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('aside.note:visible').count(), 0, 'Esc closes it');
        assert.ok(await button.evaluate((own) => own === document.activeElement), 'focus returns to the marker');
      }
      assert.ok(await buttons.count() > 3);
      assert.deepEqual(trouble, []);
      await page.close();
    });
  }

  test('its own button closes it, and so does a tap beside it', async () => {
    const page = await context.newPage();
    await page.goto(`${origins.sample}who-accused-whom.html`);
    const open = page.locator('aside.note:popover-open');
    await page.locator('.ref button').first().tap();
    await open.getByRole('button', { name: 'Close note' }).tap();
    assert.equal(await open.count(), 0);
    await page.locator('.ref button').first().tap();
    assert.equal(await open.count(), 1);
    await page.touchscreen.tap(20, 20);
    assert.equal(await open.count(), 0);
    await page.close();
  });

  test('an open note has no violation, small targets among them', async () => {
    const page = await context.newPage();
    await page.goto(`${origins.sample}who-accused-whom.html`);
    await inject(page, tool('axe-core/axe.min.js'));
    const found = await page.evaluate(async () => {
      const found = [];
      for (const note of document.querySelectorAll('aside.note')) {
        note.showPopover();
        const { violations } = await globalThis.axe.run(note, { rules: { 'target-size': { enabled: true } } });
        found.push(...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 150)}: ${node.failureSummary}`)));
        note.hidePopover();
      }
      return found;
    });
    assert.deepEqual(found, []);
    await page.close();
  });
});

describe('said without a colour', async () => {
  const WORDS = /^(Note )?\d+, (contested|denied|disputed|denial only|unanswered|no response|declined|admitted|withdrawn|corrected|unnamed only|endorsed only|corroborated|uncontested|unattributed)\b.*: /;

  test('the names of markers and notes hold number, status and counts', async () => {
    const page = await chromium.newPage();
    await page.goto(`${origins.sample}who-accused-whom.html`);
    const devtools = await page.context().newCDPSession(page);
    for (const [width, role, markers] of [[1440, 'link', '.ref a'], [390, 'button', '.ref button']]) {
      await page.setViewportSize({ width, height: 900 });
      const { nodes } = await devtools.send('Accessibility.getFullAXTree');
      const named = nodes.filter((node) => node.role?.value === role && WORDS.test(node.name?.value ?? '')).length;
      assert.equal(named, await page.locator(`${markers}:visible`).count(), `${role}s at ${width} px`);
      assert.ok(named > 10);
      if (width > 400) {
        const notes = nodes.filter((node) => node.role?.value === 'note').map((node) => node.name?.value ?? '');
        assert.ok(notes.length > 10 && notes.every((name) => WORDS.test(name)), notes.join('\n'));
      }
    }
    await page.close();
  });

  test('statuses differ by line, positions by sign and word, also in forced colours', async () => {
    const context = await chromium.newContext({ viewport: { width: 1440, height: 900 }, forcedColors: 'active' });
    const page = await context.newPage();
    await page.goto(`${origins.marks}everywhere.html`);
    const lines = await page.evaluate(() => ['plain', 'contested', 'unanswered'].map((status) => {
      const mark = getComputedStyle(document.querySelector(`div.text mark.${status}`));
      return `${mark.borderBottomStyle} ${mark.borderBottomWidth}`;
    }));
    assert.deepEqual(lines, ['solid 2px', 'double 4px', 'dotted 2px']);
    await page.goto(`${origins.sample}who-accused-whom.html`);
    const unsaid = await page.evaluate(() => {
      const visible = [...document.querySelectorAll('.sign')].filter((sign) => sign.checkVisibility());
      const same = new Map();
      for (const sign of visible) same.set(sign.className, (same.get(sign.className) ?? new Set()).add(sign.textContent));
      const wordless = visible.filter((sign) => !sign.parentElement.textContent.replace(sign.textContent, '').trim());
      return { wordless: wordless.length, signs: [...same].map(([name, signs]) => [name, [...signs].join('')]) };
    });
    assert.equal(unsaid.wordless, 0, 'a sign stands beside a word');
    assert.ok(unsaid.signs.length > 3);
    assert.equal(new Set(unsaid.signs.map(([, sign]) => sign)).size, unsaid.signs.length, `one sign for one stance: ${unsaid.signs}`);
    await context.close();
  });
});
