// Pictures of the sample for the README and the manual:
//
//     node tests/browser/pictures.mjs            writes them to docs/images
//
// The tests write the same pictures into another folder and check that they are not empty.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, repository, sample, serve } from './site.mjs';

const WIDE = { width: 1360, height: 850 }, PHONE = { width: 390, height: 780 };

const BRIEFING = 'who-accused-whom.html';

/** Name, page, screen, colors, and the action before the picture is taken. */
const PICTURES = [
  ['briefing', BRIEFING, WIDE, 'light', (page) => page.locator('#the-weaker-words').evaluate((heading) => heading.scrollIntoView())],
  ['briefing-dark', BRIEFING, WIDE, 'dark', (page) => page.locator('#the-weaker-words').evaluate((heading) => heading.scrollIntoView())],
  ['phone', BRIEFING, PHONE, 'light', sheet],
  ['phone-dark', BRIEFING, PHONE, 'dark', () => {}],
  ['claim', 'claims/exch-mss.html', WIDE, 'light', () => {}],
];

/** Opens the note of the first contested mark, as a reader on a phone does. */
async function sheet(page) {
  const marker = page.locator('.ref.contested button').first();
  await marker.evaluate((button) => button.scrollIntoView({ block: 'center' }));
  await page.evaluate(() => scrollBy(0, 200));
  await marker.click();
}

/** Takes every picture into `folder` and returns their files. */
export async function pictures(browser, origin, folder) {
  const files = [];
  for (const [name, path, viewport, colorScheme, before] of PICTURES) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(origin + path);
    await before(page);
    files.push(join(folder, `${name}.png`));
    await page.screenshot({ path: files.at(-1) });
    await context.close();
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const chromium = await launch();
  const files = await pictures(chromium, await serve(sample()), join(repository, 'docs/images'));
  console.log(files.join('\n'));
  await chromium.close();
}
