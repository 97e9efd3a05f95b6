// The Nu checker finds no error on any page.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { manual, pages, sample } from './site.mjs';

const JAR = fileURLToPath(new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));

test('every page is valid HTML', async () => {
  const sites = [sample(), manual()];
  const files = sites.flatMap((site) => pages(site).map((path) => `${site}/${path}`));
  assert.ok(files.length > 100, `there are only ${files.length} pages`);
  // One JVM for all pages; it exits with 1 if it finds a problem.
  const options = { maxBuffer: 1 << 26 };
  const { stderr } = await promisify(execFile)('java', ['-jar', JAR, '--format', 'json', ...files], options).catch((error) => error);
  const { messages } = JSON.parse(stderr);
  const errors = messages.filter(({ type }) => type !== 'info');
  assert.deepEqual(errors.map(({ url, lastLine, message, extract }) => `${url}:${lastLine}: ${message}: ${extract}`), []);
});
