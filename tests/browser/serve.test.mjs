// An author's view beside the editor: `whosaid serve` and an open page.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PHONE, browser, folder, repository } from './site.mjs';

execFileSync('cargo', ['build', '--locked', '--quiet'], { cwd: repository });
const program = join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'debug/whosaid');

/** Serves a book; resolves to the process and its address. */
function started(book, port = '0') {
  return new Promise((ready, failed) => {
    const child = spawn(program, ['serve', book, '--port', port], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', talk = '';
    child.stderr.on('data', (data) => { talk += data; });
    child.stdout.on('data', (data) => { out += data; if (out.endsWith('\n')) ready({ child, address: out.trim() }); });
    child.on('exit', (code) => failed(new Error(`serve ended with ${code}: ${talk}`)));
  });
}

/** Ends the server; resolves to its exit code. */
function ended({ child }, signal = 'SIGTERM') {
  return new Promise((done) => { child.removeAllListeners('exit'); child.on('exit', done); child.kill(signal); });
}

const book = folder();
for (const part of ['content', 'book.toml']) cpSync(join(repository, part), join(book, part), { recursive: true });
const file = join(book, 'content/how-it-came-to-light.md');
const original = readFileSync(file, 'utf8');
const theme = join(book, 'theme.css');

let server = await started(book);
after(() => ended(server));
const chromium = await browser();
const page = await chromium.newPage(PHONE);
const trouble = [];
page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
page.on('console', (message) => trouble.push(`console: ${message.text()}`));
page.on('framenavigated', () => trouble.push('navigated'));
await page.goto(`${server.address}how-it-came-to-light.html`);
trouble.length = 0;
const note = page.locator('.note:popover-open');
const panel = page.locator('.whosaid-live .panel');

test('an edit is in the open page; scroll position and open note stay', async () => {
  const marker = page.locator('.ref button').nth(3);
  await marker.scrollIntoViewIfNeeded();
  await marker.click();
  await note.waitFor();
  const before = [await note.getAttribute('id'), await page.evaluate(() => scrollY)];
  assert.ok(before[1] > 100, 'there is a position to lose');
  writeFileSync(file, `${original.trimEnd()}\n\nA sentence that was not there before.\n`);
  await page.getByText('A sentence that was not there before.').waitFor({ state: 'attached' });
  assert.deepEqual([await note.getAttribute('id'), await page.evaluate(() => scrollY)], before);
});

test('focus and selection stay in what did not change', async () => {
  await page.keyboard.press('Escape');
  const words = await page.evaluate(() => {
    const text = document.querySelector('div.text p').firstChild;
    getSelection().setBaseAndExtent(text, 2, text, 9);
    document.querySelector('main a[href]').focus();
    return [getSelection().toString(), document.activeElement.getAttribute('href')];
  });
  writeFileSync(file, `${original.trimEnd()}\n\nAnother sentence in its place.\n`);
  await page.getByText('Another sentence in its place.').waitFor({ state: 'attached' });
  assert.equal(await page.getByText('A sentence that was not there before.').count(), 0);
  const now = () => [getSelection().toString(), document.activeElement.getAttribute('href')];
  assert.deepEqual(await page.evaluate(now), words);
});

test('a mistake is shown over the page, and goes when it is mended', async () => {
  writeFileSync(file, `${original.trimEnd()}\n\nSee [[no-such-actor]] for more.\n`);
  await panel.waitFor();
  assert.match(await panel.innerText(), /1 error[\s\S]*WS004[\s\S]*how-it-came-to-light\.md:\d+:\d+[\s\S]*See \[\[no-such-actor\]\]/);
  assert.equal(await page.getByText('Another sentence in its place.').count(), 1, 'the last good page is still there');
  await page.locator('details summary').first().click();
  assert.ok(await page.locator('details').first().evaluate((details) => details.open), 'and it works');
  writeFileSync(file, original);
  await panel.waitFor({ state: 'hidden' });
  assert.ok(await page.locator('details').first().evaluate((details) => details.open));
});

test('warnings wait behind a badge', async () => {
  writeFileSync(file, `${original.trimEnd()}\n\nExperts say that it was so.\n`);
  const badge = page.locator('.whosaid-live .badge');
  await badge.waitFor();
  assert.equal(await badge.innerText(), '1 warning');
  assert.ok(await panel.isHidden());
  await badge.click();
  assert.match(await panel.innerText(), /Experts say/);
  await page.keyboard.press('Escape');
  assert.ok(await panel.isHidden());
  writeFileSync(file, original);
  await badge.waitFor({ state: 'hidden' });
});

test('changed CSS is swapped', async () => {
  const color = (words) => page.waitForFunction((words) => getComputedStyle(document.body).color === words, words);
  writeFileSync(theme, 'body { color: rgb(1, 2, 3) }');
  await color('rgb(1, 2, 3)');
  writeFileSync(theme, 'body { color: rgb(4, 5, 6) }');
  await color('rgb(4, 5, 6)');
  assert.equal(await page.locator('link[rel=stylesheet][href*="theme.css"]').count(), 1);
});

test('a page that is gone says so, and comes back', async () => {
  const extra = join(book, 'content/extra.md');
  writeFileSync(extra, '# Extra\n\nSome words.\n');
  const second = await chromium.newPage();
  await second.goto(`${server.address}extra.html`);
  await second.getByText('Some words.').or(second.getByText('Page not found')).first().waitFor();
  await second.getByText('Some words.').waitFor();
  rmSync(extra);
  await second.getByText('no longer in the book').waitFor();
  writeFileSync(extra, '# Extra\n\nOther words.\n');
  await second.getByText('Other words.').waitFor();
  assert.equal(await second.getByText('no longer in the book').count(), 1);
  assert.ok(await second.getByText('no longer in the book').isHidden());
  rmSync(extra);
  await second.close();
});

test('a mistake is seen over an open note; closed, it stays so while its lines move', async () => {
  await page.locator('.ref button').nth(3).click();
  await note.waitFor();
  const wrong = `${original.trimEnd()}\n\nSee [[no-such-actor]] for more.\n`;
  writeFileSync(file, wrong);
  await panel.waitFor();
  await panel.getByRole('button', { name: 'Close' }).click();
  assert.ok(await panel.isHidden());
  writeFileSync(file, wrong.replace('See [[', 'A longer way to it. See [['));
  await page.waitForFunction(() => document.querySelector('.whosaid-live .spot pre').textContent.includes('A longer way'));
  assert.ok(await panel.isHidden());
  writeFileSync(file, wrong.replace('no-such-actor', 'nor-this-one'));
  await panel.waitFor();
  writeFileSync(file, original);
  await panel.waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
});

test('a page of any name is kept up to date, with its pictures', async () => {
  const odd = join(book, 'content/Q&A, why #1.md'), picture = join(book, 'content/shot.svg');
  const drawn = (width) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="40"></svg>`;
  writeFileSync(picture, drawn(120));
  writeFileSync(odd, '# Odd\n\nFirst words.\n\n![A shot](shot.svg)\n');
  const second = await chromium.newPage();
  await second.goto(`${server.address}${encodeURIComponent('Q&A, why #1')}.html`);
  await second.getByText('First words.').waitFor();
  writeFileSync(odd, '# Odd\n\nLater words.\n\n![A shot](shot.svg)\n');
  await second.getByText('Later words.').waitFor();
  writeFileSync(picture, drawn(240));
  await second.waitForFunction(() => document.querySelector('main img').naturalWidth === 240);
  rmSync(odd);
  rmSync(picture);
  await second.close();
});

test('what is read stays where it is, whatever grows above it', async () => {
  const wide = await chromium.newPage({ viewport: { width: 1440, height: 900 } });
  await wide.goto(`${server.address}how-it-came-to-light.html`);
  await wide.evaluate(() => scrollTo(0, 1500));
  const tops = () => wide.evaluate(() => {
    window.line ??= [...document.querySelectorAll('div.text p')].find((line) => line.getBoundingClientRect().top > 200);
    return line.getBoundingClientRect().top;
  });
  const before = await tops();
  const [head, ...rest] = original.split('\n\n');
  writeFileSync(file, [head, rest[0], 'A paragraph that is new. '.repeat(60), ...rest.slice(1)].join('\n\n'));
  await wide.getByText('A paragraph that is new.').first().waitFor({ state: 'attached' });
  assert.ok(Math.abs((await tops()) - before) < 2, `${before} and ${await tops()}`);
  writeFileSync(file, original);
  await wide.getByText('A paragraph that is new.').first().waitFor({ state: 'detached' });
  await wide.close();
});

test('nothing of all that was a navigation, and the console is silent', () => {
  assert.deepEqual(trouble, []);
});

test('it finds a server that was restarted', async () => {
  const { port } = new URL(server.address);
  assert.equal(await ended(server, 'SIGINT'), 0);
  await page.getByText('The server has ended').waitFor();
  writeFileSync(file, `${original.trimEnd()}\n\nWritten while nobody served.\n`);
  server = await started(book, port);
  await page.getByText('Written while nobody served.').waitFor({ state: 'attached' });
  await page.locator('.whosaid-live .notice').waitFor({ state: 'hidden' });
  assert.ok(!trouble.includes('navigated'));
});
