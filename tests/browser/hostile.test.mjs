// No text in any field becomes script, and no request goes to another origin.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PAYLOADS, SITE, write } from './hostile.mjs';
import { WIDE, browser, build, folder, pages, serve } from './site.mjs';

const chromium = await browser();

/** Every payload once, each with a different end. */
const SOME = PAYLOADS.filter((_, n) => n % 8 === (n / 8 | 0) % 8);

/** Builds a book of payloads. It is opened below without the content policy, which would block what runs. */
async function poisoned(mode, payloads, title) {
  const book = folder();
  write(book, payloads, mode, title);
  const site = build(book);
  return { site, all: pages(site), origin: await serve(site) };
}

/**
 * Returns what would run, frame, post or load something in these pages: an event handler, an address
 * with another scheme, an element that our pages never contain.
 */
function faults(texts) {
  const found = [];
  // A page's data for programs. No text in it can end it.
  const isData = (script) => {
    if (script.type !== 'application/ld+json' || script.attributes.length !== 1 || script.text.includes('<')) return false;
    try { return Boolean(JSON.parse(script.text)['@graph']); } catch { return false; }
  };
  for (const [path, text] of texts) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const say = (element, why) => found.push(`${path}: ${why}: ${element.outerHTML.slice(0, 200)}`);
    for (const element of page.querySelectorAll('*')) {
      const name = element.localName;
      if (name === 'script' && !isData(element) && !/^(\/|(\.\.\/)*)[\w-]+\.js(\?|$)/.test(element.getAttribute('src') ?? '')) say(element, 'script');
      if (['iframe', 'frame', 'object', 'embed', 'applet', 'base', 'style', 'template', 'animate', 'set', 'foreignobject', 'math', 'marquee', 'audio', 'video', 'noscript', 'portal'].includes(name)) say(element, 'element');
      if (name === 'meta' && /refresh/i.test(element.httpEquiv) && !/^0; ?url=(https:\/\/example\.org\/|[\w./-]*$)/i.test(element.content)) say(element, 'refresh');
      // The addresses of the page and of its alternatives load nothing.
      if (name === 'link' && /^(\w+:)?\/\//.test(element.getAttribute('href') ?? '') && !(['canonical', 'alternate', 'license'].includes(element.rel))) say(element, 'link');
      for (const { name: key, value } of element.attributes) {
        if (/^on/i.test(key)) say(element, 'handler');
        if (['style', 'srcdoc', 'formaction', 'ping', 'background', 'action'].includes(key) && name !== 'form') say(element, key);
        const plain = value.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/g, '');
        if (/^(javascript|vbscript|data:(?!image\/(png|jpeg|gif|webp);)|blob|filesystem):/i.test(plain) && ['href', 'src', 'xlink:href', 'action', 'poster', 'data', 'cite', 'srcset'].includes(key)) say(element, `scheme of ${key}`);
        if (['src', 'srcset', 'poster', 'data'].includes(key) && /^(\w+:)?\/\//.test(plain)) say(element, `${key} elsewhere`);
      }
      // The page of an old address redirects to the address in the settings.
      if (name === 'a' && path !== 'gone.html' && /^https?:/.test(element.getAttribute('href') ?? '') && !/noopener/.test(element.rel)) say(element, 'an opened page could reach back');
    }
  }
  return found;
}

/** Opens pages without the content policy and returns what ran and what was requested from other hosts. */
async function opened(origin, paths) {
  const context = await chromium.newContext({ ...WIDE, bypassCSP: true });
  const trouble = [];
  const page = await context.newPage();
  let at = '';
  page.on('dialog', (dialog) => {
    trouble.push(`${at}: ran ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:image/')) trouble.push(`${at}: asked for ${request.url()}`);
  });
  for (const path of paths) {
    at = path;
    await page.goto(origin + path, { waitUntil: 'load' });
    if (path.startsWith('search.html?')) await page.waitForFunction(() => document.querySelector('main').innerText.includes('for this search') || document.querySelector('main ol li, main ul li'));
    // Content that appears on action: folds, cards, and elements under the pointer.
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
      for (const element of document.querySelectorAll('body *')) {
        for (const type of ['mouseover', 'pointerenter', 'focus']) element.dispatchEvent(new Event(type));
      }
    });
  }
  await context.close();
  return trouble;
}

/** Checks pages after their scripts have run. */
async function alive(origin, paths) {
  const page = await chromium.newPage();
  const found = [];
  for (const path of paths) {
    await page.goto(origin + path, { waitUntil: 'networkidle' });
    found.push(...(await page.evaluate(faults, [[path, await page.content()]])));
  }
  await page.close();
  return found;
}

/** Checks files for programs: each has the format of its name, and no XML file contains a script of any kind. */
async function told({ site }) {
  const found = [];
  const texts = [];
  for (const path of readdirSync(site, { recursive: true })) {
    if (/^(named|old)\//.test(path)) continue;
    if (/\.(xml|graphml)$/.test(path)) texts.push([path, readFileSync(join(site, path), 'utf8')]);
    if (!/\.(json|jsonld)$/.test(path)) continue;
    try { JSON.parse(readFileSync(join(site, path), 'utf8')); } catch (error) { found.push(`${path}: ${error}`); }
  }
  assert.ok(texts.length >= 4, `${texts.length} files of XML`);
  const page = await chromium.newPage();
  found.push(...(await page.evaluate((files) => files.flatMap(([path, text]) => {
    const read = new DOMParser().parseFromString(text, 'application/xml');
    if (read.querySelector('parsererror')) return [`${path}: ${read.querySelector('parsererror').textContent.slice(0, 200)}`];
    const all = [...read.querySelectorAll('*')];
    return all.filter((element) => /xhtml|svg$/.test(element.namespaceURI ?? '') || /^script$/i.test(element.localName) || [...element.attributes].some(({ name, value }) => /^on/i.test(name) || (/^(href|src|uri|url|about|resource)$/i.test(name) && /^\s*(javascript|vbscript|data):/i.test(value))))
      .filter((element) => !(element.localName === 'link' && /sitemap/.test(path))).map((element) => `${path}: ${element.outerHTML.slice(0, 200)}`);
  }), texts)));
  await page.close();
  return found;
}

async function parsed({ site, all }) {
  const page = await chromium.newPage();
  const found = [];
  for (let from = 0; from < all.length; from += 100) {
    const texts = all.slice(from, from + 100).map((path) => [path, readFileSync(join(site, path), 'utf8')]);
    found.push(...(await page.evaluate(faults, texts)));
  }
  await page.close();
  return found;
}

test('the corpus holds what it should', async () => {
  assert.ok(PAYLOADS.length >= 500, `${PAYLOADS.length} payloads`);
  // The result of the checks for a page that escapes nothing.
  const page = await chromium.newPage();
  const found = await page.evaluate(faults, PAYLOADS.map((text, n) => [String(n), `<!doctype html><title>x</title><body><p title="${text}">${text}`]));
  const named = new Set(found.map((fault) => fault.split(':')[0]));
  assert.ok(named.size > PAYLOADS.length / 2, `only ${named.size} of ${PAYLOADS.length} were seen`);
  await page.close();
});

for (const [mode, payloads] of [['basic', PAYLOADS], ['escape', SOME]]) {
  const book = await poisoned(mode, payloads, PAYLOADS[mode.length]);

  test(`${mode}: no page holds a handler, a script or an address that runs`, async () => {
    assert.ok(book.all.length > 4 * payloads.length, `${book.all.length} pages`);
    assert.deepEqual((await parsed(book)).slice(0, 20), []);
  });

  test(`${mode}: nothing runs and nothing leaves in Chromium, without the content policy too`, async () => {
    // Every payload on a page of each kind, with a different end each time; and all list pages.
    const numbers = payloads.flatMap((text, n) => (SOME.includes(text) ? [n] : []));
    const own = numbers.flatMap((n) => [`b-${n}.html`, `actors/actor-${n}.html`, `claims/claim-${n}.html`, `sources/source-${n}.html`]);
    // An old address redirects by itself; its page was checked above.
    const moves = (path) => readFileSync(join(book.site, path), 'utf8').includes('http-equiv="refresh"');
    const lists = book.all.filter((path) => !/^(b-|actors\/actor-|claims\/(claim|other|said)-|sources\/|named\/|old\/|tags\/|embed\/)/.test(path) && !moves(path));
    const queries = ['<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', 'javascript:alert(1)'].flatMap((text) => {
      const coded = encodeURIComponent(text);
      return ['claims/index.html', '404.html', 'index.html', 'timeline.html'].flatMap((path) => [`${path}?q=${coded}&party=${coded}&from=${coded}`, `${path}#${coded}`, `${path}#q=${coded}`]);
    });
    const words = ['alert', 'onerror img', 'script src', 'javascript', 'x"><svg onload=alert(1)>', "'-alert(1)-'"];
    const asked = words.map((text) => `search.html?q=${encodeURIComponent(text)}`);
    assert.deepEqual(await alive(book.origin, [...asked, 'search.html', 'claims/index.html', 'timeline.html', 'b-0.html']), []);
    const there = own.filter((path) => book.all.includes(path));
    assert.ok(there.length > own.length * 0.9, `${there.length} of ${own.length} pages are there`);
    assert.deepEqual(await opened(book.origin, [...there, ...lists, ...queries, ...asked, 'feed.xml', 'changes.xml', 'sitemap.xml']), []);
  });

  test(`${mode}: what is made for programs is what it says it is`, async () => {
    assert.deepEqual((await told(book)).slice(0, 20), []);
  });
}

test('settings: nothing in book.toml becomes script', async () => {
  const found = [];
  for (let n = 0; n < PAYLOADS.length; n += 80) {
    const book = await poisoned('basic', PAYLOADS.slice(n, n + 1), PAYLOADS[n]);
    found.push(...(await parsed(book)), ...(await opened(book.origin, ['index.html', 'b-0.html', '404.html'])));
  }
  assert.deepEqual(found, []);
});
