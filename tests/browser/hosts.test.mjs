// The sample behind a real nginx, at the root of a host and below a path, and opened from a disk:
// every page, every link and file of it, the theme switch, notes, search. The server is configured
// as in the manual's chapter on hosts.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, describe, test } from 'node:test';
import { PHONE, WIDE, browser, build, folder, kinds, pages, repository, sample, watched } from './site.mjs';

const manual = readFileSync(join(repository, 'docs/hosts.md'), 'utf8');
const [location, map] = [...manual.matchAll(/```nginx\n([\s\S]*?)```/g)].map(([, block]) => block);
const BELOW = '/desk/briefings/';

/** Resolves when something listens on the port; `gone` says that the server has ended. */
async function listening(port, gone) {
  for (;;) {
    const isUp = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
      socket.on('error', () => done(false));
    });
    if (isUp) return;
    if (gone()) throw new Error(`nginx ended: ${gone()}`);
    await new Promise((later) => setImmediate(later));
  }
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Serves the site at this path of a host until the file's tests have ended; the address ends in `/`. */
async function nginx(site, path) {
  const home = folder(), port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${home}/${kind};`);
  const place = location.replaceAll(BELOW, path).replace('/srv/briefings/', `${site}/`);
  writeFileSync(join(home, 'nginx.conf'), `
daemon off; master_process off; pid ${home}/pid; error_log stderr crit;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off; absolute_redirect off; keepalive_requests 100000; ${temporary.join(' ')}
  ${map}
  server { listen 127.0.0.1:${port}; ${place} }
}`);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  const child = spawn('nginx', ['-c', join(home, 'nginx.conf'), '-p', home], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '', ended = '';
  child.stderr.on('data', (data) => { said += data; });
  child.on('error', (error) => { ended = error.message; });
  child.on('exit', (code) => { ended = `exit ${code}: ${said}`; });
  after(() => child.kill());
  await listening(port, () => ended);
  return `http://127.0.0.1:${port}${path}`;
}

const chromium = await browser();
const at = (path) => build(repository, { MDBOOK_OUTPUT__HTML__SITE_URL: path });
const hosts = {};
for (const path of ['/', BELOW]) {
  const site = at(path);
  hosts[`nginx at ${path}`] = { site, origin: await nginx(site, path) };
}
const disk = sample();
hosts['from a disk'] = { site: disk, origin: `${pathToFileURL(disk)}/` };

/** Returns the style sheets of a page and all its internal addresses. */
function seen() {
  const addresses = [...document.querySelectorAll('[href], [src]')].map((element) => element.href?.baseVal ?? element.href ?? element.src);
  return {
    isStyled: getComputedStyle(document.querySelector('.bar')).borderBlockEndStyle === 'solid',
    isScripted: !document.querySelector('[data-theme-toggle]').hidden,
    links: addresses.map((address) => address.split('#')[0]),
  };
}

for (const [name, { site, origin }] of Object.entries(hosts)) {
  const isDisk = origin.startsWith('file:');
  describe(name, { concurrency: 1 }, async () => {
    const context = await chromium.newContext(WIDE);
    const found = new Set();

    test('every page is whole', async () => {
      const { page, trouble } = await watched(context, origin);
      page.on('response', (answer) => { if (answer.status() >= 400) trouble.push(`${answer.status()}: ${answer.url()}`); });
      // Frames are for other sites and have no bar. On a disk, nothing serves the page for missing
      // addresses: its links begin at the root of the host that `site-url` names.
      const whole = (path) => !path.endsWith('.embed.html') && !(isDisk && path === '404.html');
      const all = pages(site).filter(whole);
      assert.ok(all.length > 100, `only ${all.length} pages`);
      for (const path of all) {
        await page.goto(origin + encodeURI(path));
        const { isStyled, isScripted, links } = await page.evaluate(seen);
        assert.ok(isStyled && isScripted, path);
        for (const link of links) if (link.startsWith(origin)) found.add(link);
      }
      assert.deepEqual(trouble, []);
      await page.close();
    });

    test('every link and file is there', async () => {
      assert.ok(found.size > 100, `only ${found.size} addresses`);
      const missing = [];
      for (const address of found) {
        if (isDisk ? !existsSync(fileURLToPath(address)) : (await fetch(address)).status !== 200) missing.push(address);
      }
      assert.deepEqual(missing, []);
    });

    test('the theme switch remembers', async () => {
      const page = await context.newPage();
      const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
      await page.goto(`${origin}claims/index.html`);
      await page.locator('[data-theme-toggle]').click();
      await page.locator('[data-theme-toggle]').click();
      assert.equal(await theme(), 'dark');
      await page.goto(`${origin}index.html`);
      assert.equal(await theme(), 'dark');
      await page.close();
    });

    test('a note opens on a phone', async () => {
      const phone = await chromium.newContext(PHONE);
      const { page, trouble } = await watched(phone, origin);
      await page.goto(`${origin}how-it-came-to-light.html`);
      await page.locator('.ref button').first().click();
      await page.locator('.note:popover-open').waitFor();
      await page.locator('.note:popover-open a').first().click();
      await page.waitForURL(/#|claims|actors/);
      assert.ok(await page.evaluate(() => document.querySelector('h1')));
      assert.deepEqual(trouble, []);
      await phone.close();
    });

    test('search finds, and leads on', async () => {
      const { page, trouble } = await watched(context, origin);
      await page.goto(`${origin}search.html`);
      await page.locator('#ws-q').fill('hafnium');
      const first = page.locator('.found li a').first();
      const name = await first.innerText();
      assert.match(name, /hafnium/i);
      await first.click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      assert.deepEqual(trouble, []);
      await page.close();
    });

    if (isDisk) return;

    test('addresses without .html show the same, and lead on', async () => {
      const { page, trouble } = await watched(context, origin);
      const further = new Set();
      for (const { path } of kinds(site)) {
        const short = path.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '');
        const answer = await page.goto(origin + short);
        assert.equal(answer.status(), 200, short);
        const { isStyled, links } = await page.evaluate(seen);
        assert.ok(isStyled, short);
        for (const link of links) if (link.startsWith(origin)) further.add(link.replace(/\.html$/, ''));
      }
      for (const address of further) assert.equal((await fetch(address)).status, 200, address);
      assert.deepEqual(trouble, []);
      await page.close();
    });

    test('a folder without its slash leads to it', async () => {
      const page = await context.newPage();
      await page.goto(`${origin}actors`);
      assert.equal(page.url(), `${origin}actors/`);
      await page.close();
    });

    test('an address that leads nowhere leads home from any depth', async () => {
      const page = await context.newPage();
      const answer = await page.goto(`${origin}claims/of/old/exch-ms.html`);
      assert.equal(answer.status(), 404);
      const { isStyled, isScripted, links } = await page.evaluate(seen);
      assert.ok(isStyled && isScripted);
      assert.ok(await page.getByText('Did you mean').isVisible());
      const home = links.filter((link) => link.startsWith(origin) && link !== page.url());
      for (const link of home) assert.equal((await fetch(link)).status, 200, link);
      assert.ok(home.length > 5);
      await page.close();
    });

    test('it is told what the site says of headers', async () => {
      const rules = readFileSync(join(site, '_headers'), 'utf8').split('\n\n');
      const [all, ...kept] = rules.map((rule) => rule.trim().split('\n').map((line) => line.trim()));
      assert.equal(kept.length, 4);
      const answer = await fetch(`${origin}claims/index.html`);
      for (const header of all.slice(1)) {
        const [name, value] = header.split(/: (.*)/);
        assert.equal(answer.headers.get(name), value);
      }
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
      for (const [path, header] of kept) {
        const answer = await fetch(origin + path.slice(1));
        assert.equal(`Cache-Control: ${answer.headers.get('cache-control')}`, header);
      }
    });
  });
}
