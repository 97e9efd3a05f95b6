// Measures what a query costs in a built site. Run by hand:
//
//     node tests/browser/search-bench.mjs SITE [QUERY]…
//
// For each query: the requested bytes, after gzip, with nothing of the index loaded, entered at once
// and typed at ten keys a second; and the time of an answer after another query, from the key to the
// results on the page, including the pause after a key.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WIDE, launch, serve } from './site.mjs';

const [site, ...given] = process.argv.slice(2);
const queries = given.length ? given : ['a', 'ka', 'kel', 'kelfer', 'ver belcor', 'jorperdan ganhol orsal', 'kelfre'];
const chromium = await launch();
const origin = await serve(site);

/** Opens a fresh page; `weigh` returns the bytes requested since its last call. */
async function fresh() {
  const context = await chromium.newContext({ ...WIDE, reducedMotion: 'reduce' });
  const page = await context.newPage();
  let asked = [];
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname.slice(1);
    if (path.startsWith('search/')) asked.push(path);
  });
  await page.goto(origin + 'search.html');
  const weigh = () => {
    const sum = asked.reduce((sum, path) => sum + gzipSync(readFileSync(join(site, path)), { level: 9 }).length, 0);
    const files = asked.length;
    asked = [];
    return `${(sum / 1000).toFixed(1).padStart(6)} kB in ${String(files).padStart(2)} files`;
  };
  return { context, page, weigh };
}

const answered = (page) => page.locator('.seek output:not(:empty)').waitFor();

/** Returns the milliseconds from a key to the results. */
function timed(page, query) {
  return page.evaluate((query) => new Promise((done) => {
    const field = document.querySelector('#ws-q'), output = document.querySelector('.seek output');
    output.value = '';
    const started = performance.now();
    new MutationObserver((_, self) => { if (output.value) { self.disconnect(); done(performance.now() - started); } }).observe(output, { childList: true, characterData: true, subtree: true });
    field.value = query;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }), query);
}

for (const query of queries) {
  const once = await fresh();
  await once.page.locator('#ws-q').fill(query);
  await answered(once.page);
  const atOnce = once.weigh();
  const said = await once.page.locator('.seek output').innerText();
  await once.context.close();

  const typed = await fresh();
  await typed.page.locator('#ws-q').pressSequentially(query, { delay: 100 });
  await answered(typed.page);
  await typed.page.waitForLoadState('networkidle');
  const byKey = typed.weigh();
  await typed.context.close();

  const warm = await fresh();
  await timed(warm.page, 'z');
  const cold = await timed(warm.page, query);
  await timed(warm.page, 'z');
  const again = await timed(warm.page, query);
  await warm.context.close();
  console.log(`${query.padEnd(24)} at once ${atOnce}, typed ${byKey}; ${cold.toFixed(0).padStart(4)} ms, again ${again.toFixed(0).padStart(4)} ms; ${said}`);
}
await chromium.close();
