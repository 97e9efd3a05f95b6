// Names, titles and quotations written from right to left do not reorder the sentences around them.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PHONE, WIDE, browser, build, folder, pages, serve } from './site.mjs';

const ARABIC = 'وزارة البريد', HEBREW = 'משרד המכתבים (2)', TITLE = 'דו״ח 7', QUOTE = 'לא קראנו מכתבים', CLAIM = 'הדואר נפתח בשנת 2031';

/** A book whose actors, sources, claims, titles and quotations are Arabic and Hebrew. */
function book() {
  const made = join(folder(), 'book');
  const files = {
    'book.toml': '[book]\ntitle = "The Post"\n[output.html]\nsite-url = "https://desk.example/"\n[whosaid]\nlicense = "MIT"\nexports = ["json"]\ncards = false\n',
    'content/actors/post.md': `---\nname: ${ARABIC}\nkind: company\naliases: [${HEBREW} 3, بريد]\npart-of: office\nspeaks-for: office\nstatus: charged\nstatus-src: report\n---\n`.replace('kind: company', 'kind: person').replace('part-of: office\n', ''),
    'content/actors/office.md': `---\nname: ${HEBREW}\nkind: state\n---\nSee [[post]] 4.\n`,
    'content/actors/brennia.md': '---\nname: Brennia\nkind: state\n---\n',
    'content/sources/report.md': `---\ntitle: ${TITLE}\nauthor: [post, office]\npublisher: הוצאה 9\ndate: 2031-03-02\nurl: https://report.example.org/\n---\n\n${QUOTE}.\n`,
    'content/sources/paper.md': `---\ntitle: "ورقة 5"\nauthor: ["כותב א׳", "كاتب 2"]\ndate: 2031-03-04\n---\n`,
    'content/claims/opened.md': `---\ntext: "${CLAIM}."\nagainst: [office]\nabout: [post]\nrelation: [post, opened-by, office]\ntags: [דואר]\n---\n`,
    'content/one.md': `---\ntitle: "מכתבים 2031"\nauthors: ["כותב 1", "كاتب 2"]\ndate: 2031-04-01\ntags: [דואר]\nquestion: opened\n---\n\n## חלק 3\n\n`
      + 'Says [[post]] 12, [[office]], 14 and [[office]]; 15 [@report, עמ׳ 4]: [they were opened](claim:opened "by=brennia,post on=2031-03-05") [@paper, ص 7].\n\n'
      + `Then [${QUOTE}](denies:opened "by=office voice=post on=2031-03-06 quote lang=he") [@report, p. 2], 16 times.\n\n`
      + 'And [it was a mistake](acknowledges:opened "by=post on=2031-03-07 conf=\'בטוח 3\'") [@paper].\n\n'
      + '[Letters came back](event:back "on=2031-03-09 who=post,office") [@report].\n',
    'content/two.md': `---\ntitle: "Second"\ndate: 2031-04-02\n---\n\n[[office]] 17 and [the first](one.md), 18. [[claim:opened]] 19. [So it is](claim:second "by=post,office against=brennia,office on=2031-03-10 text='${CLAIM} שוב.'") [@report].\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), text);
  }
  return made;
}

/** Returns the neighbors in a line that are not in the order of the document. */
function disorder() {
  const wrong = [];
  const isolates = (style) => ['isolate', 'plaintext', 'isolate-override'].includes(style.unicodeBidi) || style.display.startsWith('inline-');
  // One box for each line.
  const pieces = (of, text) => {
    const lines = [];
    for (const box of of.getClientRects()) {
      const line = lines.find((it) => Math.min(it.bottom, box.bottom) - Math.max(it.top, box.top) > Math.min(it.height, box.height) / 2);
      if (!line) lines.push({ left: box.left, right: box.right, top: box.top, bottom: box.bottom, height: box.height });
      else Object.assign(line, { left: Math.min(line.left, box.left), right: Math.max(line.right, box.right) });
    }
    return lines.map((box) => ({ box, text }));
  };
  const walk = (node, atoms) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        // A name between isolates is one piece.
        for (const word of child.data.matchAll(/\u2068(?:[^\u2068\u2069]|\u2068[^\u2069]*\u2069)*\u2069|[^\s\u2068\u2069]+/g)) {
          const range = document.createRange();
          range.setStart(child, word.index);
          range.setEnd(child, word.index + word[0].length);
          atoms.push(...pieces(range, word[0]));
        }
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const style = getComputedStyle(child);
        if (style.display === 'none' || ['absolute', 'fixed'].includes(style.position) || style.float !== 'none') continue;
        if (style.display === 'inline' && !isolates(style)) walk(child, atoms);
        else if (style.display.startsWith('inline')) atoms.push(...pieces(child, child.textContent));
        else { atoms.push(null); block(child); }
      }
    }
  };
  const block = (element) => {
    const atoms = [];
    walk(element, atoms);
    const columns = ['flex', 'grid'].includes(getComputedStyle(element).display);
    // A name that is alone reads from right to left.
    const mixed = atoms.map(() => false);
    for (let i = 0, from = 0; i <= atoms.length; i += 1) {
      if (i < atoms.length && atoms[i]) continue;
      const part = atoms.slice(from, i);
      mixed.fill(part.some((it) => /[A-Za-z]/.test(it.text)), from, i);
      from = i + 1;
    }
    // BibTeX and CSL-JSON are code, as programs read it.
    if (element.localName === 'pre') return;
    for (let i = 1; i < atoms.length && !columns; i += 1) {
      const [one, next] = [atoms[i - 1], atoms[i]];
      if (!one || !next || !mixed[i] || one.box.left === one.box.right || next.box.left === next.box.right) continue;
      const shared = Math.min(one.box.bottom, next.box.bottom) - Math.max(one.box.top, next.box.top);
      const isSameLine = shared > Math.min(one.box.height, next.box.height) / 2;
      if (isSameLine && next.box.left < one.box.right - 1.5) wrong.push(`${one.text.trim()} | ${next.text.trim()} in: ${element.textContent.trim().slice(0, 120)}`);
    }
  };
  block(document.body);
  return wrong;
}

const site = build(book());
const origin = await serve(site);
const chromium = await browser();

test('numbers, citations, statuses and words after a name are after it', async () => {
  let without = 0;
  for (const size of [WIDE, PHONE]) {
    const page = await (await chromium.newContext(size)).newPage();
    for (const path of pages(site)) {
      await page.goto(origin + path);
      assert.equal(await page.evaluate(() => document.documentElement.dir), 'ltr', path);
      await page.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = true; }));
      assert.deepEqual(await page.evaluate(disorder), [], path);
      // The same page without isolation fails, so the check can fail.
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { unicode-bidi: normal !important; }');
        document.adoptedStyleSheets = [sheet];
      });
      without += (await page.evaluate(disorder)).length;
    }
  }
  assert.ok(without > 20, `only ${without} without isolation`);
});

test('a name in the words of a briefing is measured where it is', async () => {
  const page = await (await chromium.newContext(WIDE)).newPage();
  await page.goto(`${origin}one.html`);
  const measured = await page.evaluate(() => {
    const paragraph = [...document.querySelectorAll('div.text p')].find((it) => it.textContent.includes('Says'));
    const place = (text) => {
      const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(text);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        return range.getBoundingClientRect();
      }
      return null;
    };
    const names = [...paragraph.querySelectorAll('.ent')].map((it) => it.getBoundingClientRect());
    return { names: names.map((box) => [box.left, box.right, box.top]), says: place('Says').right, twelve: place('12').left, fourteen: place('14').left };
  });
  const [[left, right], [next]] = measured.names;
  assert.ok(measured.says <= left && right <= measured.twelve && measured.twelve < next, JSON.stringify(measured));
  assert.ok(measured.names[1][1] <= measured.fourteen, JSON.stringify(measured));
});

test('titles, descriptions and feeds, which have no markup, use isolates', () => {
  const read = (path) => readFileSync(join(site, path), 'utf8');
  const isolated = (name) => `\u2068${name}\u2069`;
  assert.match(read('actors/post.html'), new RegExp(`<title>${isolated(ARABIC)} · Actor · The Post</title>`));
  const includes = (path, words) => assert.ok(read(path).includes(words), `${words}: ${/<title>.*/.exec(read(path))}`);
  includes('claims/opened.html', `Brennia and ${isolated(ARABIC)}: ${isolated(CLAIM)} (`);
  includes('sources/report.html', `<title>${isolated(TITLE)} · ${isolated('הוצאה 9')}, `);
  assert.ok(read('changes.xml').includes(`${isolated(HEBREW)} denies it`));
  // A name from left to right is unchanged.
  for (const path of pages(site)) assert.ok(!read(path).includes(isolated('Brennia')), path);
});
