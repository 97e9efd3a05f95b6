// whosaid: the search page. The index is in `search/` as small scripts; this script loads those
// that a query needs, and none before the first query.
// src/search/words.rs splits texts by the same rules as `words` below, and src/search/pieces.rs
// describes the files. Text from a book is always inserted as text, never as markup.
(() => {
  const form = document.querySelector('.seek');
  if (!form) return;
  const one = (selector) => form.querySelector(selector);
  const field = one('#ws-q'), list = one('.found'), said = one('output'), more = one('.btn');
  const lists = form.nextElementSibling;
  const KINDS = ['actor', 'tag', 'claim', 'briefing', 'source'];
  const PAGE = 10, PASSAGES = 3;

  // Words, in the form of the index.

  const RUN = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
  const DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{323af}]+/u;
  const ACCENT = /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
  const LETTERS = { ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i', ς: 'σ', ى: 'ي', ة: 'ه' };
  const fold = (text) => text.toLowerCase().normalize('NFKD')
    .replace(ACCENT, (mark, at, all) => (mark === '\u0306' && 'иу'.includes(all[at - 1]) ? mark : ''))
    .normalize('NFC').replace(/[ßæœþøłđðıςىة]/g, (letter) => LETTERS[letter]);
  const bare = (word) => word.replace(/^(?:[وفبك]?ال|لل)(?=...)/u, '');

  /** The words of a query; the last one is a prefix, unless a character follows it. */
  function words(text) {
    const found = [];
    for (const [run] of text.matchAll(RUN)) {
      for (const [part] of fold(run).matchAll(RUN)) {
        for (const piece of part.split(new RegExp(`(${DENSE.source})`, 'u')).filter(Boolean)) {
          const signs = [...piece];
          if (!DENSE.test(piece)) found.push(bare(signs.slice(0, 64).join('')));
          else if (signs.length === 1) found.push(piece);
          else signs.slice(1).forEach((sign, at) => found.push(signs[at] + sign));
        }
      }
    }
    return [...new Set(found)].slice(0, 12);
  }

  // Files of the index.

  let stamp = '';
  const files = new Map(), takers = new Map();
  globalThis.whosaidSearch = (name, order, data) => takers.get(name)?.(order, data);

  function file(name) {
    if (!files.has(name)) files.set(name, new Promise((take, refuse) => {
      const script = document.createElement('script');
      takers.set(name, (order, data) => {
        if (name === 'index') stamp = order;
        // A new version of the site was published after the page was opened.
        else if (order !== stamp) { files.clear(); stamp = order; return refuse('anew'); }
        take(data);
      });
      script.onerror = () => { files.delete(name); refuse('gone'); };
      script.onload = () => script.remove();
      script.src = `search/${name}.js${stamp && `?${stamp}`}`;
      document.head.append(script);
    }));
    return files.get(name);
  }

  /** Loads the directory, the file `index`, once. */
  let index;
  async function begin() {
    const { first, each, ...starts } = await file('index');
    const parts = (text) => text.split(' ');
    let number = 0;
    const blocks = KINDS.map((_, kind) => {
      const block = number;
      number += Math.ceil((first[kind + 1] - first[kind]) / each[kind]);
      return block;
    });
    index = { first, each, blocks, n: parts(starts.names), t: parts(starts.texts), k: parts(starts.keys), e: starts.ends && parts(starts.ends), all: first.at(-1) };
  }

  /** The number of the last file whose first word is not greater than this word. */
  function place(starts, word) {
    let [from, to] = [0, starts.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (starts[middle] <= word) from = middle; else to = middle;
    }
    return from;
  }

  /** The lines of the files with words that have this prefix; if there are too many, of the first one. */
  async function lines(tier, word, most = 2) {
    const starts = index[tier];
    const from = place(starts, word), to = place(starts, word + '\uffff');
    const wanted = to - from < most ? to : from;
    const texts = await Promise.all(Array.from({ length: wanted - from + 1 }, (_, at) => file(tier + (from + at))));
    return { lines: texts.flatMap((text) => text.split(' ')), isWhole: wanted === to };
  }

  const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';
  const VALUE = new Uint8Array(128);
  [...DIGITS].forEach((sign, value) => { VALUE[sign.charCodeAt(0)] = value; });

  function numbers(text, from = 0) {
    const values = [];
    for (let at = from, value = 0, unit = 1; at < text.length; at += 1) {
      const digit = VALUE[text.charCodeAt(at)];
      value += (digit % 32) * unit;
      unit *= 32;
      if (digit < 32) { values.push(value); value = 0; unit = 1; }
    }
    return values;
  }

  /** The entries of a class, and whether the list was truncated. */
  function entries(text) {
    const isCut = text[1] === '*';
    let next = 0;
    return { kind: VALUE[text.charCodeAt(0)], isCut, numbers: numbers(text, isCut ? 2 : 1).map((gap) => (next = next + gap + 1) - 1) };
  }

  /** The forms on a line, each with its entries. */
  function forms(line) {
    const [key, ...rest] = line.split(',');
    return rest.map((form) => {
      const [end, ...classes] = form.split(':');
      return { word: key + end, classes };
    });
  }

  // Search.

  /** True if a word begins with another one, with a single typo. */
  function slipped(asked, word) {
    let at = 0;
    while (at < asked.length && asked[at] === word[at]) at += 1;
    const goesOn = (from, to) => word.startsWith(asked.slice(from), to);
    return goesOn(at + 1, at + 1) || goesOn(at, at + 1) || goesOn(at + 1, at)
      || (asked[at] === word[at + 1] && asked[at + 1] === word[at] && goesOn(at + 2, at + 2));
  }

  /** How well a word on a line matches: exact, another form, a prefix. */
  function fits(word, asked, isForm, mayGoOn) {
    if (word === asked) return 1;
    if (isForm) return .8;
    if (mayGoOn && word.startsWith(asked)) return .4 + .4 * asked.length / word.length;
    return 0;
  }

  /** The entries of a query word in names or in texts, each with its score. */
  async function find(tier, asked, mayGoOn) {
    // A complete word is in one file only.
    const { lines: all, isWhole } = await lines(tier, asked, mayGoOn ? 2 : 1);
    const found = [];
    for (const line of all) {
      const comma = line.indexOf(','), key = line.slice(0, comma);
      if (key.endsWith('*')) {
        if (key === asked + '*' && mayGoOn) found.push({ fit: .6, foremost: true, ...forms(line)[0] });
      } else if (key.startsWith(asked) || asked.startsWith(key)) {
        const words = forms(line);
        const isForm = words.some(({ word }) => word === asked);
        for (const form of words) {
          const fit = fits(form.word, asked, isForm, mayGoOn && isWhole);
          if (fit) found.push({ fit, ...form });
        }
      }
    }
    return found;
  }

  /** The names that match with a typo. */
  async function slips(asked) {
    const half = Math.floor(asked.length / 2);
    const heads = await lines('n', asked.slice(0, half), 3);
    const meant = new Map();
    for (const line of heads.lines) {
      if (line.includes('*,')) continue;
      for (const form of forms(line)) if (slipped(asked, form.word)) meant.set(form.word, form);
    }
    if (index.e) {
      // The typo can be in the first half; then the second half is correct.
      const turned = [...asked].reverse().join('');
      const tails = await lines('e', turned.slice(0, asked.length - half - 1));
      const words = tails.lines.map((word) => [...word].reverse().join(''));
      for (const word of words.filter((word) => Math.abs(word.length - asked.length) < 2 && slipped(asked, word)).slice(0, 3)) {
        if (meant.has(word)) continue;
        const { lines: all } = await lines('n', word);
        for (const line of all) for (const form of forms(line)) if (form.word === word) meant.set(word, form);
      }
    }
    return [...meant.values()].map((form) => ({ fit: Math.max(.2, .55 - .05 * Math.abs(form.word.length - asked.length)), ...form }));
  }

  /** All entries of a query word. */
  async function meant(asked, mayGoOn) {
    const isShort = /^[\x00-\x7f]$/.test(asked);
    const [names, texts] = await Promise.all([
      find('n', asked, mayGoOn),
      isShort ? [] : find('t', asked, mayGoOn && asked.length > 2),
    ]);
    const isWord = texts.some(({ fit }) => fit >= .8);
    if (names.length === 0 && !isWord && asked.length > 3 && !DENSE.test(asked)) names.push(...await slips(asked));
    let found = [...names, ...texts];
    // Another form that the book does not have: words with a common prefix.
    for (let end = asked.length - 1; found.length === 0 && end > 3 && end > asked.length - 4; end -= 1) {
      const begun = await Promise.all(['n', 't'].map((tier) => find(tier, asked.slice(0, end), true)));
      found = begun.flat().map((form) => ({ ...form, fit: .4 }));
    }
    return { found, isShort };
  }

  const WORTH = [12, 8, 6, 4, 2, 1.6, 1];
  const OF_KIND = [1.5, 1.1, 1.2, 1, .9];

  /** Entries with their scores, only those with the most query words. */
  async function answer(query, filter) {
    const asked = words(query);
    const mayGoOn = /[\p{Alphabetic}\p{N}\p{M}]$/u.test(query);
    const all = await Promise.all(asked.map((word, at) => meant(word, mayGoOn && at === asked.length - 1)));
    const sum = new Float32Array(index.all), counts = new Uint8Array(index.all), marks = new Set();
    const kindOf = (entry) => { let kind = 0; while (entry >= index.first[kind + 1]) kind += 1; return kind; };
    let needed = 0;
    for (const { found, isShort } of all) {
      const best = new Map();
      let isCommon = isShort && all.length > 1;
      for (const { word, fit, classes, foremost } of found) {
        const told = classes.map(entries);
        const spread = told.reduce((count, { numbers }) => count + numbers.length, 1);
        // A very frequent word is optional if there are others.
        const isWide = all.length > 1 && (foremost || spread > Math.max(20, index.all / 2));
        isCommon ||= isWide;
        if (!isWide) marks.add(word);
        // Rare words count more.
        const rare = 1 - .6 * Math.log(spread) / Math.log(index.all + 2);
        for (const { kind, isCut, numbers } of told) {
          isCommon ||= isCut && all.length > 1;
          const worth = WORTH[kind] * fit * (kind > 2 ? rare : 1);
          for (const entry of numbers) if (worth > (best.get(entry) ?? 0)) best.set(entry, worth);
        }
      }
      if (!isCommon) needed += 1;
      for (const [entry, worth] of best) {
        sum[entry] += worth;
        if (!isCommon) counts[entry] += 1;
      }
    }
    const hits = [];
    let most = 0;
    if (asked.length) {
      for (let entry = 0; entry < index.all; entry += 1) {
        if (!sum[entry] || (filter && !filter[entry])) continue;
        if (counts[entry] > most) { most = counts[entry]; hits.length = 0; }
        if (counts[entry] === most) hits.push(entry);
      }
      for (const entry of hits) sum[entry] *= OF_KIND[kindOf(entry)];
    } else if (filter) {
      for (let entry = 0; entry < index.all; entry += 1) if (filter[entry]) hits.push(entry);
    }
    hits.sort((a, b) => sum[b] - sum[a] || a - b);
    return { hits, marks, isPart: most < needed, asked };
  }

  /** The filters except the kind: 1 for each entry that passes. */
  async function narrowed({ actor, stance, status, from, to }) {
    const keys = [];
    if (actor && stance) keys.push(`a/${actor}/${stance}`);
    else if (actor) keys.push(`a/${actor}`);
    else if (stance) keys.push(`s/${stance}`);
    if (status) keys.push(`h/${status}`);
    if (!keys.length && !from && !to) return null;
    const left = new Uint8Array(index.all);
    for (const key of keys) {
      const { lines: all } = await lines('k', key);
      const line = all.find((line) => line.startsWith(key + ','));
      for (const { numbers } of line ? line.split(':').slice(1).map(entries) : []) for (const entry of numbers) left[entry] += 1;
    }
    if (from || to) {
      const days = await file('d');
      const number = (day) => Number(day.replaceAll('-', ''));
      [2, 3, 4].forEach((kind, at) => {
        const values = numbers(days[at]);
        let entry = index.first[kind], before = 1e8;
        for (let i = 0; i < values.length; i += 3) {
          const first = before - values[i], last = first + values[i + 1], end = entry + values[i + 2];
          if (first && (!from || last >= number(from)) && (!to || first <= number(to))) for (let e = entry; e < end; e += 1) left[e] += 1;
          [entry, before] = [end, first];
        }
      });
    }
    const wanted = keys.length + (from || to ? 1 : 0);
    return left.map((count) => (count === wanted ? 1 : 0));
  }

  /** A result. */
  async function entry(number) {
    let kind = 0;
    while (number >= index.first[kind + 1]) kind += 1;
    const { first, each, blocks } = index;
    const at = number - first[kind];
    const [href, title, about, text, signature, inWords, status, line] = (await file(`r${blocks[kind] + Math.floor(at / each[kind])}`))[at % each[kind]];
    return { kind: KINDS[kind], href, title, about, text, signature, inWords, status, line };
  }

  // Results.

  function element(name, className, ...inside) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  }

  /** A text with the matches highlighted. */
  function marked(text, { marks, asked }) {
    const dense = asked.filter((word) => DENSE.test(word));
    const parts = [];
    let at = 0;
    const mark = (from, to) => { parts.push(text.slice(at, from), element('mark', '', text.slice(from, to))); at = to; };
    for (const { 0: run, index: from } of text.matchAll(RUN)) {
      if (DENSE.test(run)) {
        for (let i = 0; i < run.length;) {
          const pair = dense.find((word) => run.startsWith(word, i));
          if (!pair) { i += 1; continue; }
          let end = i + pair.length;
          for (let next; (next = dense.find((word) => end + 1 - word.length > i && run.startsWith(word, end + 1 - word.length)));) end += 1;
          mark(from + i, from + end);
          i = end;
        }
      } else if (marks.has(bare(fold(run)))) mark(from, from + run.length);
    }
    parts.push(text.slice(at));
    return parts.filter((part) => part !== '');
  }

  /** The part of a text with the most matches. */
  function excerpt(text, found) {
    const WIDTH = 210, spots = [];
    let at = 0;
    for (const part of marked(text, found)) {
      if (typeof part !== 'string') spots.push(at);
      at += (part.textContent ?? part).length;
    }
    if (text.length <= WIDTH) return marked(text, found);
    const held = (from) => spots.filter((spot) => spot >= from && spot < from + WIDTH - 40).length;
    const best = spots.reduce((best, spot) => (held(spot) > held(best) ? spot : best), spots[0] ?? 0);
    let from = Math.max(0, best - 50);
    if (from) from = text.indexOf(' ', from) + 1 || from;
    if (from > best) from = best;
    let to = Math.min(text.length, from + WIDTH);
    if (to < text.length) to = Math.max(text.lastIndexOf(' ', to), from + WIDTH / 2);
    const whole = text.slice(from, to).trim();
    return [from ? '… ' : '', ...marked(whole, found), to < text.length ? ' …' : ''].filter(Boolean);
  }

  function item({ kind, href, title, about, text, signature, inWords, status, line }, found) {
    const link = element('a', '', ...marked(title, found));
    link.href = href;
    link.dir = 'auto';
    const head = element('p', '', link);
    if (status) {
      const signs = element('span', 'sig', signature);
      signs.setAttribute('aria-hidden', 'true');
      head.append(' ', signs, ' ', element('span', `st ${line}`, status), ' ', element('span', 'vh', inWords));
    }
    const made = element('li', '', element('p', 'what', kind), head);
    if (about) made.append(element('p', 'about', ...marked(about, found)));
    if (text) {
      const words = element('p', 'words', ...excerpt(text, found));
      words.dir = 'auto';
      made.append(words);
    }
    return made;
  }

  let run = 0, shown = null, timer = 0;

  /** Shows the next results. */
  async function show(found, mine) {
    const whole = fold(field.value.trim());
    // An exact name comes first, then names with this prefix.
    const worth = ({ title, about }) => {
      const names = [title, ...(about.split(' · also ')[1]?.split(', ') ?? [])].map(fold);
      return names.includes(whole) ? 2 : names.some((name) => name.startsWith(whole)) ? 1 : 0;
    };
    for (let count = 0, rounds = 0; count < PAGE && rounds < 4 && found.at < found.hits.length; rounds += 1) {
      const isFirst = found.at === 0;
      const next = found.hits.slice(found.at, found.at + PAGE - count);
      const loaded = await Promise.all(next.map(entry));
      if (mine !== run) return;
      found.at += next.length;
      if (isFirst && whole) loaded.sort((a, b) => worth(b) - worth(a));
      for (const it of loaded) {
        const page = it.href.split('#')[0], passages = found.pages.get(page) ?? 0;
        if (found.seen.has(it.href) || (found.hits.length > PAGE && passages >= PASSAGES)) continue;
        found.seen.add(it.href);
        found.pages.set(page, passages + 1);
        list.append(item(it, found));
        count += 1;
      }
    }
    more.hidden = found.at >= found.hits.length;
  }

  const asked = () => {
    const state = { q: field.value.trim() };
    for (const { name, value, type, checked } of form.querySelectorAll('[name]')) {
      if (name !== 'q' && value && (type !== 'radio' || checked)) state[name] = value;
    }
    if (state.actor) state.actor = names.get(state.actor) ?? state.actor;
    return state;
  };

  /** Runs the query in the form and shows the results. */
  async function look(again = true) {
    const mine = ++run, state = asked(), { kind, ...wanted } = state;
    keep(state);
    const isAsked = Object.values(state).some(Boolean);
    lists.hidden = isAsked;
    if (!isAsked) { list.replaceChildren(); said.value = ''; more.hidden = true; counted(null); return; }
    try {
      if (!stamp || !files.has('index')) await begin();
      const filter = await narrowed(wanted);
      const query = field.value;
      const found = await answer(query, filter ?? (words(query).length || !kind ? null : new Uint8Array(index.all).fill(1)));
      if (mine !== run) return;
      const ranges = KINDS.map((_, at) => [index.first[at], index.first[at + 1]]);
      const counts = ranges.map(([from, to]) => found.hits.reduce((sum, hit) => sum + (hit >= from && hit < to), 0));
      counted(counts);
      if (kind) {
        const [from, to] = ranges[KINDS.indexOf(kind)];
        found.hits = found.hits.filter((hit) => hit >= from && hit < to);
      }
      Object.assign(found, { at: 0, seen: new Set(), pages: new Map() });
      shown = found;
      const before = [...list.children];
      await show(found, mine);
      if (mine !== run) return;
      // Keeps the position of a reader who moved down before the results were shown.
      const place = before.findIndex((old) => old.contains(document.activeElement));
      before.forEach((old) => old.remove());
      if (place >= 0) (list.children[place]?.querySelector('a') ?? field).focus();
      const count = found.hits.length;
      said.value = count === 0 ? 'Nothing found.' : `${count.toLocaleString('en')} ${count === 1 ? 'result' : 'results'}${found.isPart ? ', none of which has all of these words' : ''}`;
    } catch (fault) {
      if (mine !== run) return;
      if (fault === 'anew' && again) return look(false);
      if (typeof fault !== 'string') throw fault;
      said.value = 'The index of this site cannot be read; the lists below lead everywhere.';
      lists.hidden = false;
    }
  }

  function counted(counts) {
    for (const radio of form.querySelectorAll('[name="kind"]')) {
      const count = counts && (radio.value ? counts[KINDS.indexOf(radio.value)] : counts.reduce((a, b) => a + b, 0));
      radio.nextElementSibling.textContent = counts ? count : '';
    }
  }

  // The address contains the query, for sharing and for the back button.
  function keep(state) {
    const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
    try { history.replaceState(null, '', location.pathname + (query ? '?' + query : '') + location.hash); } catch { /* a file */ }
  }

  /** The ids of actors by the names in the list of suggestions. */
  const names = new Map();
  const idOf = (href) => href.slice('actors/'.length, -'.html'.length);

  async function offer(name) {
    if (!stamp) await begin();
    const of = new Uint8Array(index.all).fill(1, 0, index.first[1]);
    const { hits } = await answer(name, of);
    const found = await Promise.all(hits.slice(0, 8).map(entry));
    for (const { title, href } of found) names.set(title, idOf(href));
    one('#ws-names').replaceChildren(...found.map(({ title, about }) => {
      const option = element('option', '', about);
      option.value = title;
      return option;
    }));
  }

  /** The name of the actor in the address. */
  async function nameOf(id) {
    if (!stamp) await begin();
    const { lines: all } = await lines('k', `a/${id}`);
    const line = all.find((line) => line.startsWith(`a/${id},`));
    const [first] = line ? entries(line.split(':')[1]).numbers : [];
    if (first === undefined || first >= index.first[1]) return id;
    const { title } = await entry(first);
    names.set(title, id);
    return title;
  }

  // Events.

  const soon = () => { clearTimeout(timer); timer = setTimeout(look, 60); };
  form.addEventListener('input', async ({ target }) => {
    if (target.name === 'actor') {
      if (target.value && !names.has(target.value)) { await offer(target.value).catch(() => {}); if (!names.has(target.value)) return; }
      soon();
    } else if (target.name) soon();
  });
  form.addEventListener('change', ({ target }) => {
    // An unknown actor is ignored.
    if (target.name === 'actor' && target.value && !names.has(target.value)) {
      const [first] = one('#ws-names').children;
      target.value = first?.value ?? '';
      soon();
    }
    if (target.type === 'checkbox') {
      try { if (target.checked) localStorage.removeItem('ws-slash'); else localStorage.setItem('ws-slash', 'off'); } catch { /* storage is off */ }
    }
  });
  more.addEventListener('click', async () => {
    const { children: { length } } = list;
    await show(shown, run);
    list.children[length]?.querySelector('a').focus();
  });
  form.addEventListener('keydown', (e) => {
    const links = [...list.querySelectorAll('a')], here = links.indexOf(document.activeElement);
    const isField = e.target === field;
    if (!isField && here < 0) return;
    if (e.key === 'ArrowDown') (links[here + 1] ?? (more.hidden ? null : more))?.focus();
    else if (e.key === 'ArrowUp' && !isField) (links[here - 1] ?? field).focus();
    else if (e.key === 'Escape' && !isField) field.focus();
    else if (e.key === 'Escape') { field.value = ''; look(); }
    else if (e.key === 'Enter' && isField) { clearTimeout(timer); look().then(() => list.querySelector('a')?.click()); }
    else return;
    e.preventDefault();
  });

  // The query in the address. On wide screens all filters are visible.
  const given = new URLSearchParams(location.search);
  for (const input of form.querySelectorAll('[name]')) {
    const value = given.get(input.name);
    if (value === null || input.name === 'actor') continue;
    if (input.type === 'radio') input.checked = input.value === value; else input.value = value;
  }
  try { one('[type="checkbox"]').checked = !localStorage.getItem('ws-slash'); } catch { /* storage is off */ }
  const choice = one('details');
  if (choice) choice.open = innerWidth > 767 || [...given.keys()].some((name) => name !== 'q' && name !== 'kind');
  form.hidden = false;
  if (location.hash === '#ws-q') field.focus();
  const actor = one('[name="actor"]');
  if (actor && given.get('actor')) nameOf(given.get('actor')).then((name) => { actor.value = name; look(); }, () => look());
  else if ([...given.keys()].length) look();
})();
