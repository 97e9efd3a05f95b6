// Measures the layout of a page with 400 notes. Run by hand, because a busy machine would falsify a test:
//
//     node tests/browser/bench.mjs
//
// Prints seconds of the renderer's main thread, best and median of nine loads; the budget is half a second.

import { join } from 'node:path';
import { many } from './books.mjs';
import { WIDE, build, folder, launch, serve } from './site.mjs';

const LOADS = 9;

const address = `${await serve(build(many(join(folder(), 'many'), 400)))}long.html`;
const chromium = await launch();
const loads = [];
for (let i = 0; i < LOADS; i += 1) {
  // A fresh page for each load, so that nothing is laid out yet.
  const page = await chromium.newPage(WIDE);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(address);
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  loads.push({ layout: of('LayoutDuration'), style: of('RecalcStyleDuration'), task: of('TaskDuration'), notes: await page.locator('aside.note').count() });
  await page.close();
}
await chromium.close();
for (const name of ['notes', 'layout', 'style', 'task']) {
  const sorted = loads.map((load) => load[name]).sort((a, b) => a - b);
  const shown = name === 'notes' ? sorted[0] : `best ${sorted[0].toFixed(3)} s, middle ${sorted[LOADS >> 1].toFixed(3)} s`;
  console.log(`${name.padEnd(7)}${shown}`);
}
