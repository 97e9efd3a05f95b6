// The base of every browser test: a built book, a local server, a Chromium, a watched page.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const folders = [];
process.on('exit', () => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));

/** Creates a temporary folder, which is removed when the process ends. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), 'whosaid-'));
  folders.push(made);
  return made;
}

/** Builds the book in `book` and returns the folder of its site; `settings` are environment variables. */
export function build(book, settings = {}) {
  const site = join(folder(), 'site');
  const args = ['run', '--locked', '--quiet', '--', 'build', book, '--dest-dir', site];
  execFileSync('cargo', args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...settings } });
  return site;
}

/** Returns the sample's site: the one that `tests/all` built, or a new one. */
export function sample() {
  return process.env.WHOSAID_SAMPLE ?? build(repository);
}

/** Returns the manual's site: the one that `tests/all` built, or a new one. */
export function manual() {
  return process.env.WHOSAID_MANUAL ?? build(join(repository, 'docs'));
}

/** Returns every page of a site, by its path. */
export function pages(site) {
  const all = readdirSync(site, { recursive: true }).map((path) => path.split('\\').join('/'));
  return all.filter((path) => path.endsWith('.html')).sort();
}

/**
 * Returns one page of each kind: the largest, since it shows the most. The kind is in the attributes
 * of `body`, so a new kind of page is tested automatically.
 */
export function kinds(site) {
  const largest = new Map();
  for (const path of pages(site)) {
    const kind = /<body class="at-([\w-]+)"/.exec(readFileSync(join(site, path), 'utf8'))?.[1];
    const size = statSync(join(site, path)).size;
    if (kind && size > (largest.get(kind)?.size ?? 0)) largest.set(kind, { path, size });
  }
  return [...largest].map(([kind, { path }]) => ({ kind, path }));
}

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript',
  '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png', '.xml': 'application/xml',
};

/** Serves a folder on a free local port until the process ends; the address ends in `/`. */
export async function serve(site) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    let file = join(site, normalize(path));
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Returns the system's Chromium, or the one in `CHROMIUM`. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];
  return chromium.launch({ executablePath, args });
}

/** Returns a Chromium that is closed when the test file ends. */
export async function browser() {
  const started = await launch();
  after(() => started.close());
  return started;
}

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 } };

/**
 * Returns a page that records what must not happen: console messages, errors, violations of the content
 * policy, requests to other hosts. `requests` counts the requests of the last `goto`.
 */
export async function watched(context, origin) {
  const page = await context.newPage();
  const trouble = [];
  const seen = { page, trouble, requests: [] };
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.warn(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  page.on('console', (message) => trouble.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.isNavigationRequest()) seen.requests = [];
    seen.requests.push(request.url());
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) trouble.push(`off origin: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // The browser requests the icon again for each address, and cancels the request when the page changes.
    if (request.url() === `${origin}icon.svg` && request.failure()?.errorText === 'net::ERR_ABORTED') return;
    trouble.push(`failed: ${request.url()}`);
  });
  return seen;
}

/** Runs a tool's source in the page despite the content policy, which forbids it to all others. */
export async function inject(page, source) {
  const devtools = await page.context().newCDPSession(page);
  const { exceptionDetails } = await devtools.send('Runtime.evaluate', { expression: source });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  await devtools.detach();
}

/** The text of a file of an npm package. */
export function tool(path) {
  return readFileSync(new URL(`node_modules/${path}`, import.meta.url), 'utf8');
}
