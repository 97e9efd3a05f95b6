// Controls of a reader: cards, keys, the theme switch, the filters of the ledger.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PHONE, WIDE, browser, kinds, sample, serve, watched } from './site.mjs';

const BRIEFING = 'who-accused-whom.html', CLAIM = 'claims/exch-mss.html', LEDGER = 'claims/index.html';

const site = sample();
const origin = await serve(site);
const chromium = await browser();

/** Opens a fresh context and a page at `path`; the list of problems must be empty at the end. */
async function at(path, options, doing) {
  const context = await chromium.newContext({ ...WIDE, ...options });
  const { page, trouble } = await watched(context, origin);
  if (options.clock) await page.clock.install({ time: 0 });
  await page.goto(origin + path);
  // From here, time passes only where the test says so.
  if (options.clock) await page.clock.pauseAt(3_600_000);
  await doing(page, context);
  assert.deepEqual(trouble, []);
  await context.close();
}

describe('cards', async () => {
  const card = (page) => page.locator('.card:popover-open');

  test('a pointer that rests for 350 ms opens one, and may move onto it', () => at(BRIEFING, { clock: true }, async (page) => {
    const name = page.locator('div.text p a[data-card]').first();
    await name.hover();
    await page.clock.runFor(340);
    assert.equal(await card(page).count(), 0);
    await page.clock.runFor(20);
    assert.equal(await card(page).getAttribute('id'), await name.getAttribute('data-card'));
    assert.ok((await card(page).innerText()).includes(await page.evaluate((id) => document.getElementById(id).querySelector('b').textContent, await name.getAttribute('data-card'))));
    const box = await card(page).boundingBox(), link = await name.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 1440 && box.y >= 0, 'it stands on the screen');
    assert.ok(box.y >= link.y + link.height - 2 || box.y + box.height <= link.y + 2, 'it does not hide its name');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.clock.runFor(5000);
    assert.equal(await card(page).count(), 1, 'it stays while the pointer is on it');
    await page.mouse.move(1400, 880);
    await page.clock.runFor(300);
    assert.equal(await card(page).count(), 0, 'it goes when the pointer leaves');
  }));

  test('a pointer that passes opens none', () => at(BRIEFING, { clock: true }, async (page) => {
    await page.locator('div.text p a[data-card]').first().hover();
    await page.clock.runFor(300);
    await page.mouse.move(1400, 880);
    await page.clock.runFor(5000);
    assert.equal(await card(page).count(), 0);
  }));

  test('Esc closes one, the pointer where it is', () => at(BRIEFING, { clock: true }, async (page) => {
    await page.locator('div.text p a[data-card]').first().hover();
    await page.clock.runFor(400);
    assert.equal(await card(page).count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await card(page).count(), 0);
  }));

  test('focus by key opens one after 500 ms; it goes with the focus', () => at(BRIEFING, { clock: true }, async (page) => {
    await page.locator('div.text p a[data-card]').first().evaluate((name) => name.previousElementSibling?.focus());
    await page.keyboard.press('Tab');
    for (let i = 0; i < 300 && !(await page.evaluate(() => document.activeElement.matches('a[data-card]'))); i += 1) await page.keyboard.press('Tab');
    await page.clock.runFor(490);
    assert.equal(await card(page).count(), 0);
    await page.clock.runFor(20);
    assert.equal(await card(page).count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await card(page).count(), 0);
    assert.ok(await page.evaluate(() => document.activeElement.matches('a[data-card]')), 'the focus stays');
  }));

  test('without script, and by touch, the name is a link', async () => {
    for (const options of [{ javaScriptEnabled: false }, { hasTouch: true }]) {
      await at(BRIEFING, options, async (page) => {
        const name = page.locator('div.text p a[data-card]').first();
        const to = await name.evaluate((link) => link.href);
        await (options.hasTouch ? name.tap() : name.click());
        await page.waitForURL(to);
      });
    }
  });
});

describe('keyboard alone', async () => {
  test('the skip link is first on every kind of page and leads to the text', async () => {
    // A frame has no skip link: it contains only the text.
    for (const { path } of kinds(site).filter(({ kind }) => kind !== 'embed')) {
      await at(path, {}, async (page) => {
        await page.keyboard.press('Tab');
        const skip = page.locator('a.skip:focus');
        assert.equal(await skip.count(), 1, path);
        const { top, left } = await skip.evaluate((link) => link.getBoundingClientRect());
        assert.ok(top >= 0 && left >= 0, `${path}: it shows`);
        await page.keyboard.press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'main', path);
      });
    }
  });

  for (const [path, screen, shown] of [
    [BRIEFING, 'wide', WIDE], [CLAIM, 'wide', WIDE], [LEDGER, 'wide', WIDE], ['network.html', 'wide', WIDE],
    [BRIEFING, 'phone', PHONE], [CLAIM, 'phone', PHONE], [LEDGER, 'phone', PHONE],
  ]) {
    test(`${path}, ${screen}: every stop is seen, nothing covers it, none is left out`, () => at(path, { ...shown, reducedMotion: 'reduce' }, async (page) => {
      const expected = await page.evaluate(() => {
        const can = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
        const stops = [...document.querySelectorAll(can)].filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled);
        // Only the chosen radio button is a tab stop.
        const left = stops.filter((element) => element.type !== 'radio' || element.checked);
        left.forEach((element, i) => { element.dataset.stop = i; });
        return left.length;
      });
      const seen = new Set(), wrong = [];
      // A date field has a tab stop for each of its parts and one for its calendar.
      const parts = 3 * await page.locator('[type="date"]:visible').count();
      for (let i = 0; i < expected + parts + 5; i += 1) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(lookAtFocus);
        if (!stop) break;
        seen.add(stop.stop);
        if (stop.wrong) wrong.push(stop.wrong);
      }
      assert.deepEqual(wrong, []);
      assert.equal(seen.size, expected, 'stops');
      assert.ok(expected > 20);
    }));
  }

  test('Space and Enter work the controls', () => at(BRIEFING, {}, async (page) => {
    await page.locator('[data-theme-toggle]').focus();
    await page.keyboard.press('Space');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'light');
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    const summary = page.locator('details > summary:visible').first();
    const open = await summary.evaluate((element) => element.parentElement.open);
    await summary.focus();
    await page.keyboard.press('Enter');
    assert.equal(await summary.evaluate((element) => element.parentElement.open), !open);
    await page.locator('#ws-m-all').focus();
    const notes = await page.locator('aside.note:visible').count();
    await page.keyboard.press('ArrowDown');
    const contested = await page.locator('aside.note:visible').count();
    assert.ok(contested > 0 && contested < notes, 'only contested');
    assert.equal(await page.locator('aside.note.contested:visible').count(), contested);
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('aside.note:visible, .ref:visible').count(), 0, 'none');
    await page.locator('.rail a[href$="#ws-sources"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#ws-sources$/);
  }));
});

/** Returns the focused element, with its marker and its problems; nothing at the end of the page. */
function lookAtFocus() {
  const element = document.activeElement;
  if (element === document.body || !element.dataset.stop) return null;
  const name = `${element.tagName} ${element.textContent.trim().slice(0, 30)} ${element.id}`;
  const style = getComputedStyle(element);
  // A link that wraps has a box for each line: it is seen if one of its lines is in view.
  const lines = [...element.getClientRects()].filter(({ width, height }) => width && height);
  const inView = ({ top, bottom, left, right }) => bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const box = lines.find(inView) ?? element.getBoundingClientRect();
  const wrong = [];
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) wrong.push('no outline');
  if (!inView(box)) wrong.push('off the screen');
  else {
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, innerHeight / 2), 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (!top || !(element.contains(top) || top.contains(element))) wrong.push(`covered by ${top?.tagName}.${top?.className}`);
  }
  return { stop: element.dataset.stop, wrong: wrong.length ? `${name}: ${wrong.join(', ')}` : '' };
}

describe('theme switch', async () => {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  test('auto, light, dark, remembered over pages', () => at(BRIEFING, { colorScheme: 'light' }, async (page) => {
    const button = page.locator('[data-theme-toggle]');
    assert.equal(await button.innerText(), 'Theme: auto');
    const light = await ground(page);
    await button.click();
    assert.equal(await button.innerText(), 'Theme: light');
    await button.click();
    assert.equal(await button.innerText(), 'Theme: dark');
    const dark = await ground(page);
    assert.notEqual(dark, light);
    await page.goto(origin + CLAIM);
    assert.equal(await ground(page), dark, 'on another page');
    assert.equal(await button.innerText(), 'Theme: dark');
    await button.click();
    assert.equal(await ground(page), light, 'auto follows the system');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await ground(page), dark);
    await page.reload();
    assert.equal(await ground(page), dark);
    await button.click();
    await page.reload();
    assert.equal(await ground(page), light, 'light wins over a dark system');
  }));

  test('without script there is none, and the system decides', () => at(BRIEFING, { javaScriptEnabled: false, colorScheme: 'dark' }, async (page) => {
    assert.equal(await page.locator('[data-theme-toggle]:visible').count(), 0);
    const dark = await ground(page);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.notEqual(await ground(page), dark);
  }));
});

describe('ledger', async () => {
  const rows = (page) => page.locator('.ledger tbody tr:visible');
  const FILTERS = 'input[name="ws-f"]';

  for (const javaScriptEnabled of [true, false]) {
    test(`statuses ${javaScriptEnabled ? 'with' : 'without'} script`, () => at(LEDGER, { javaScriptEnabled }, async (page) => {
      const all = await rows(page).count();
      let sum = 0;
      for (const filter of await page.locator(FILTERS).all()) {
        await filter.check();
        const label = await filter.locator('..').innerText();
        const count = await rows(page).count();
        assert.equal(count, Number(/\d+$/.exec(label.trim())[0]), label);
        const status = (await filter.getAttribute('id')).slice('ws-f-'.length);
        if (status === 'all') continue;
        sum += count;
        assert.equal(await page.locator(`.ledger tbody tr.${status}:visible`).count(), count, label);
      }
      assert.equal(sum, all, 'every claim has one status');
      assert.equal(await page.locator('.find :is(input, select):visible').count(), javaScriptEnabled ? 4 : 0);
    }));
  }

  test('words narrow the rows; the address keeps it', () => at(LEDGER, {}, async (page) => {
    const all = await rows(page).count();
    const words = page.getByRole('searchbox', { name: 'Words' });
    for (const find of ['Microsoft', '19 july 2021', 'exchange white house']) {
      await words.fill(find);
      const left = await rows(page).count();
      assert.ok(left > 0 && left < all, `${find}: ${left} of ${all}`);
      for (const word of find.toLowerCase().split(' ')) {
        for (const text of await rows(page).allTextContents()) assert.ok(text.toLowerCase().includes(word), `${word}: ${text}`);
      }
      assert.match(await page.locator('.find output').innerText(), new RegExp(`^${left} claims?$`));
    }
    await words.fill('no such words');
    assert.equal(await rows(page).count(), 0);
    await words.fill('state');
    const status = await rows(page).first().getAttribute('class');
    await page.locator(`#ws-f-${status}`).check();
    const left = await rows(page).count();
    assert.ok(left > 0);
    const kept = new URL(page.url()).searchParams;
    assert.equal(kept.get('find'), 'state');
    assert.equal(kept.get('show'), status);
    await page.reload();
    assert.equal(await rows(page).count(), left, 'after a reload');
    assert.equal(await words.inputValue(), 'state');
    await rows(page).first().locator('th a').click();
    await page.waitForURL(/claims\/(?!index)/);
    await page.goBack();
    await page.waitForURL(/find=state/);
    assert.equal(await rows(page).count(), left, 'back from a claim');
    await page.goto(origin + LEDGER);
    assert.equal(await rows(page).count(), all, 'a plain address shows all');
  }));

  test('a party leaves the claims that it speaks to or that speak of it', () => at(LEDGER, {}, async (page) => {
    const all = await rows(page).count();
    const party = page.getByLabel('Party');
    const names = await party.locator('option').allInnerTexts();
    assert.ok(names.length > 10);
    assert.deepEqual(names.slice(1), names.slice(1).toSorted(new Intl.Collator('en').compare));
    await party.selectOption({ label: 'Volexity' });
    const claims = await rows(page).locator('th a').evaluateAll((links) => links.map((link) => link.href));
    assert.ok(claims.length > 0 && claims.length < all);
    assert.equal(new URL(page.url()).searchParams.get('party'), 'volexity');
    await page.reload();
    assert.equal(await party.inputValue(), 'volexity');
    assert.deepEqual(await rows(page).locator('th a').evaluateAll((links) => links.map((link) => link.href)), claims, 'after a reload');
    for (const claim of claims) {
      await page.goto(claim);
      assert.ok((await page.locator('main').innerText()).includes('Volexity'), claim);
    }
    await page.goto(`${origin}${LEDGER}?party=nobody`);
    assert.equal(await rows(page).count(), all, 'a party that is not listed narrows nothing');
  }));

  test('dates leave the claims first said between them', () => at(LEDGER, {}, async (page) => {
    const days = () => rows(page).evaluateAll((all) => all.map((row) => row.querySelector('time')?.dateTime ?? ''));
    const all = await days(), [from, to] = [page.getByLabel('First said from'), page.getByLabel('to', { exact: true })];
    const within = (from, to) => all.filter((day) => day && day >= from.slice(0, day.length) && day <= to.slice(0, day.length));
    await from.fill('2021-03-03');
    const later = within('2021-03-03', '9999-12-31');
    assert.deepEqual(await days(), later);
    await to.fill('2021-07-18');
    const between = within('2021-03-03', '2021-07-18');
    assert.ok(between.length && between.length < later.length && later.length < all.length);
    assert.ok(between.includes('2021-03'), 'a month that has some of the days is among them');
    assert.deepEqual(await days(), between);
    await page.reload();
    assert.deepEqual(await days(), between, 'after a reload');
    assert.match(page.url(), /from=2021-03-03&to=2021-07-18/);
    await from.fill('');
    assert.deepEqual(await days(), within('0000', '2021-07-18'));
    assert.ok(!page.url().includes('from='));
  }));
});

describe('copying', async () => {
  test('a claim and a position give their address to the clipboard', () => at(CLAIM, { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    const pasted = () => page.evaluate(() => navigator.clipboard.readText());
    await page.locator('button[data-copy=""]').first().click();
    await page.locator('button[data-copy=""].done').waitFor();
    assert.equal(await pasted(), origin + CLAIM);
    const position = page.locator('.positions > li').nth(1);
    await position.locator('button[data-copy]').click();
    await position.locator('button.done').waitFor();
    const address = await pasted();
    assert.equal(address, `${origin}${CLAIM}#${await position.getAttribute('id')}`);
    await page.goto(address);
    assert.equal(await page.locator('.positions > li:target').count(), 1);
  }));
});
