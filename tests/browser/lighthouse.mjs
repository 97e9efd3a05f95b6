// Runs Lighthouse for phones on one page of each kind. Run by hand, because speed varies on a busy machine:
//
//     node tests/browser/lighthouse.mjs
//
// npm downloads Lighthouse into its cache on the first run. Exits with 1 if a page is below the limit.

import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folder, kinds, sample, serve } from './site.mjs';

/** The newest version that runs on the Node of the tests. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const BAR = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 };

const site = sample();
const origin = await serve(site);
const CHROME_PATH = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const worst = {};
// These two ask search engines not to list them, which costs points in Lighthouse: the page for
// missing addresses, and the whole book on one page for printing.
const UNLISTED = ['not-found', 'print'];
for (const { kind, path } of kinds(site).filter(({ kind }) => !UNLISTED.includes(kind))) {
  const report = join(folder(), 'report.json');
  const args = ['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', origin + path, '--quiet', '--output=json', `--output-path=${report}`, '--chrome-flags=--headless=new --no-sandbox --disable-gpu'];
  await promisify(execFile)('npm', args, { env: { ...process.env, CHROME_PATH } });
  const { categories, audits } = JSON.parse(readFileSync(report, 'utf8'));
  const scores = Object.keys(BAR).map((name) => Math.round(100 * categories[name].score));
  Object.keys(BAR).forEach((name, i) => { worst[name] = Math.min(worst[name] ?? 100, scores[i]); });
  const missed = Object.values(audits).filter((audit) => audit.score === 0).map((audit) => audit.id);
  console.log(`${kind.padEnd(10)} ${scores.join(' / ').padEnd(22)} LCP ${Math.round(audits['largest-contentful-paint'].numericValue)} ms  ${missed.join(' ')}`);
}
console.log(`worst      ${Object.values(worst).join(' / ')}; the bar is ${Object.values(BAR).join(' / ')}`);
process.exitCode = Object.entries(BAR).some(([name, least]) => worst[name] < least) ? 1 : 0;
