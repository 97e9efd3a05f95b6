// The pictures of the README and the manual can be taken, and they are not empty.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { pictures } from './pictures.mjs';
import { browser, folder, repository, sample, serve } from './site.mjs';

test('the pictures show something and are small', async () => {
  const chromium = await browser();
  const taken = await pictures(chromium, await serve(sample()), folder());
  const kept = readdirSync(join(repository, 'docs/images')).filter((name) => name.endsWith('.png'));
  assert.deepEqual(kept.sort(), taken.map((file) => basename(file)).sort(), 'docs/images holds these pictures');
  const page = await chromium.newPage();
  for (const file of [...taken, ...kept.map((name) => join(repository, 'docs/images', name))]) {
    const png = readFileSync(file);
    assert.ok(png.length <= 300 * 1024, `${file}: ${png.length} bytes`);
    const { colours, most } = await page.evaluate(coloursOf, `data:image/png;base64,${png.toString('base64')}`);
    assert.ok(colours > 50, `${file} has ${colours} colours`);
    assert.ok(most < 0.97, `${file} is ${Math.round(100 * most)} % of one colour`);
  }
});

/** Returns the number of colors in a picture, and the share of the most frequent one. */
async function coloursOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const counted = new Map();
  for (const colour of new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer)) {
    counted.set(colour, (counted.get(colour) ?? 0) + 1);
  }
  return { colours: counted.size, most: Math.max(...counted.values()) / (image.width * image.height) };
}
