// Books of any size for tests: prose of an invented vocabulary, the same on every run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SYLLABLES = 'ka lo mi ren tas vu bel dor shi nam pel gar o ti lan ster ver mo qui sal'.split(' ');

/** Returns numbers below `n` from a seed: a linear congruence, which is random enough for varied prose. */
function dice(seed) {
  let state = seed;
  return (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
}

/** Generates sentences: `words(12)` returns twelve words. */
function speaker(seed) {
  const roll = dice(seed);
  const vocabulary = Array.from({ length: 900 }, () => {
    return Array.from({ length: 1 + roll(3) }, () => SYLLABLES[roll(SYLLABLES.length)]).join('');
  });
  // Common words are frequent: the smaller of two random numbers.
  const word = () => vocabulary[Math.min(roll(900), roll(900))];
  return (count) => Array.from({ length: count }, word).join(' ');
}

function write(book, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(book, path)), { recursive: true });
    writeFileSync(join(book, path), text);
  }
  return book;
}

const PARTIES = ['brennia', 'valdoria', 'union'];

function frame() {
  const files = { 'book.toml': '[book]\ntitle = "A generated book"\n' };
  for (const party of PARTIES) files[`content/actors/${party}.md`] = `---\nname: ${party[0].toUpperCase()}${party.slice(1)}\nkind: state\n---\n`;
  for (const source of ['notice', 'answer']) files[`content/sources/${source}.md`] = `---\ntitle: The ${source}\ndate: 2031-03-02\nurl: https://${source}.example.org/\n---\n`;
  return files;
}

/** A briefing with `notes` notes, two in each paragraph, and its replies on a separate page. */
export function many(book, notes) {
  const words = speaker(7), files = frame();
  const paragraphs = Array.from({ length: notes / 2 }, (_, i) => {
    const mark = (id) => `[${words(9)}](claim:${id} "by=brennia against=valdoria")`;
    return `${words(20)} ${mark(`a${i}`)}, ${words(16)} ${mark(`b${i}`)} [@notice].\n`;
  });
  const denied = Array.from({ length: notes / 2 }, (_, i) => `a${i}`);
  files['content/long.md'] = `---\ntitle: ${notes} notes\n---\n\n${paragraphs.join('\n')}`;
  files['content/answers.md'] = `---\ntitle: Answers\n---\n\n[${words(6)}](denies:${denied} "by=valdoria") [@answer].\n`;
  return write(book, files);
}

/** A briefing of `count` words with `claims` claims, each with three positions and their quoted words. */
export function briefing(book, count, claims) {
  const words = speaker(11), files = frame();
  const each = Math.round(count / claims);
  const sections = Array.from({ length: claims }, (_, i) => {
    const head = i % 4 ? '' : `## ${words(5)}\n\n`;
    return `${head}${words(each - 13)} [${words(12)}](claim:c${i} "by=brennia against=valdoria conf=high quote") [@notice].\n`;
  });
  const answers = Array.from({ length: claims }, (_, i) => {
    return `[${words(14)}](denies:c${i} "by=valdoria quote") [@answer]. [${words(11)}](endorses:c${i} "by=union quote") [@answer].\n`;
  });
  files['content/briefing.md'] = `---\ntitle: ${words(6)}\nsummary: ${words(25)}\nquestion: c0\n---\n\n${sections.join('\n')}`;
  files['content/answers.md'] = `---\ntitle: Answers\n---\n\n${answers.join('\n')}`;
  return write(book, files);
}

/** Actors whose names are searched for, by id; the others have invented names. */
export const WANTED = {
  'apt4': ['APT4', 'group', ['Maverick Swan']], 'apt40': ['APT40', 'group'], 'apt41': ['APT 41', 'group'],
  'ministry-of-letters': ['Ministry of Letters', 'government-body'], 'administry': ['Administry', 'company'],
  'post-brennia': ['Государственная почта', 'government-body'], 'quarry-heron': ['Quarrymaster Heron', 'person'],
  'yellow-office': ['国家安全部', 'government-body', ['MSS-Y']], 'hellenic-post': ['Ελληνικά Ταχυδρομεία', 'company'],
  'hukuma': ['الحكومة المؤقتة', 'organization'], 'elodie': ['Élodie Çelik-Müller', 'person'],
};

/** A book of 1,000 actors and 60 briefings that also mention ministries, states and numbers. */
export function thousand(book) {
  const words = speaker(23), files = frame();
  const names = new Set(), capital = (word) => word[0].toUpperCase() + word.slice(1);
  while (names.size < 1000 - Object.keys(WANTED).length - PARTIES.length) names.add(words(2).split(' ').map(capital).join(' '));
  [...names].forEach((name, i) => { files[`content/actors/a${i}.md`] = `---\nname: ${name}\nkind: organization\n---\n`; });
  for (const [id, [name, kind, aliases = []]] of Object.entries(WANTED)) files[`content/actors/${id}.md`] = `---\nname: ${name}\nkind: ${kind}\naliases: [${aliases}]\n---\n`;
  for (let i = 0; i < 60; i += 1) {
    const said = `[The ministry ${words(6)}](claim:c${i} "by=brennia against=valdoria on=2031-${String(1 + i % 12).padStart(2, '0')}-0${1 + i % 9}") [@notice]`;
    files[`content/b${i}.md`] = `---\ntitle: On ministries ${words(3)}\ndate: 2031-06-01\n---\n\n## The state ${words(2)}\n\n${words(120)} ministry, государство ${i}, apt ${words(20)}. ${said}.\n`;
  }
  const denied = Array.from({ length: 20 }, (_, i) => `c${i}`);
  files['content/answers.md'] = `---\ntitle: Answers\ntags: [post]\n---\n\n[${words(6)}](denies:${denied} "by=valdoria") [@answer].\n`;
  return write(book, files);
}
