// Updates a page while its author writes. `serve` sends this script; a built site does not have it.
// The last version from the server is stored, and only the differences between it and the new
// version are applied to the page. So everything that the reader did stays: scroll position,
// open details and notes, focus, selection, the theme.
(() => {
  const script = document.currentScript, base = new URL('../../', script.src);
  let state = script.dataset.state, sent = document.cloneNode(true);
  const ours = 'data-whosaid-live';
  /* The address below the site that a URL leads to, as the server names it. */
  const named = (url) => decodeURIComponent(new URL(url, location).pathname).slice(decodeURIComponent(base.pathname).length);
  const address = () => { const path = named(location); return path === '' || path.endsWith('/') ? path + 'index.html' : path; };

  // The page.

  const isOurs = (node) => node.nodeType === 1 && node.hasAttribute(ours);
  const children = (node) => [...node.childNodes].filter((child) => !isOurs(child));
  const isPair = (old, fresh) => old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName
    && (old.nodeType !== 1 || (old.id === fresh.id && old.getAttribute('class') === fresh.getAttribute('class')));

  /* Steps that turn the old children into the fresh ones: ['keep' | 'merge' | 'drop' | 'add', old, fresh]. */
  const steps = (old, fresh) => {
    const steps = [];
    let o = 0, f = 0;
    while (o < old.length && f < fresh.length) {
      if (old[o].isEqualNode(fresh[f])) { steps.push(['keep', o++, f++]); continue; }
      // The nearest position at which both are equal again, by the number of skipped nodes.
      let best = null;
      for (let far = 1; far < 24 && !best; far++) {
        for (let down = 0; down <= far && !best; down++) {
          const x = old[o + down], y = fresh[f + far - down];
          if (x && y && (x.nodeType === 1 || x.data.trim()) && x.isEqualNode(y)) best = [down, far - down];
        }
      }
      const [drops, adds] = best || [old.length - o, fresh.length - f];
      let d = 0, a = 0;
      while (d < drops || a < adds) {
        if (d < drops && a < adds && isPair(old[o + d], fresh[f + a])) steps.push(['merge', o + d++, f + a++]);
        else if (d < drops && (a === adds || drops - d >= adds - a)) steps.push(['drop', o + d++, -1]);
        else steps.push(['add', -1, f + a++]);
      }
      o += drops; f += adds;
    }
    while (o < old.length) steps.push(['drop', o++, -1]);
    while (f < fresh.length) steps.push(['add', -1, f++]);
    return steps;
  };

  /* What differs between two texts, written into the node: a selection beside it stays. */
  const edit = (live, old, fresh) => {
    let from = 0, end = 0;
    const most = Math.min(old.length, fresh.length);
    while (from < most && old[from] === fresh[from]) from++;
    while (end < most - from && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
    if (live.data === old) live.replaceData(from, old.length - from - end, fresh.slice(from, fresh.length - end));
    else live.data = fresh;
  };

  let touched = [];
  const merge = (live, old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (live.nodeType !== 1) { if (live.data !== fresh.data) { edit(live, old.data, fresh.data); if (fresh.data.trim()) touched.push(live.parentElement); } return; }
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    for (const { name } of old.attributes) if (!fresh.hasAttribute(name)) live.removeAttribute(name);
    const before = children(old), after = children(fresh), lives = children(live);
    if (before.length !== lives.length) { // Another script was here: what it did to these is lost.
      live.replaceChildren(...after.map((node) => document.importNode(node, true)));
      touched.push(live);
      return;
    }
    let at = live.firstChild;
    for (const [step, o, f] of steps(before, after)) {
      if (step === 'add') {
        const node = document.importNode(after[f], true);
        live.insertBefore(node, at);
        if (node.nodeType === 1) touched.push(node); else if (node.data.trim()) touched.push(live);
        continue;
      }
      const node = lives[o];
      at = node.nextSibling;
      if (step === 'drop') node.remove();
      else if (step === 'merge') merge(node, before[o], after[f]);
    }
  };

  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };

  /* Where the reader is: gives a function that brings the line back to where it was on the screen. */
  const held = () => {
    const lines = document.querySelectorAll('main :is(p, li, h1, h2, h3, h4, pre, tr, dt, dd, figure)');
    const isRead = (line) => !line.closest('nav, .rail, aside') && line.checkVisibility() && line.getBoundingClientRect().top >= 0 && isSeen(line);
    const seen = scrollY > 0 ? [...lines].filter(isRead) : [];
    const tops = seen.map((line) => line.getBoundingClientRect().top), root = document.documentElement;
    root.style.overflowAnchor = 'none'; // The browser's own way, which not every layout allows, would do it twice.
    return () => {
      const at = seen.findIndex((line) => line.isConnected);
      if (at >= 0) scrollBy({ top: seen[at].getBoundingClientRect().top - tops[at], behavior: 'instant' });
      requestAnimationFrame(() => { root.style.overflowAnchor = ''; });
    };
  };

  const scripts = (page) => [...page.querySelectorAll('script[src]')].map((found) => found.getAttribute('src')).join();
  const refresh = async () => {
    let answer;
    try { answer = await fetch(location.pathname, { headers: { 'If-None-Match': `"${state}"` }, cache: 'no-store' }); } catch { return; }
    if (answer.status === 304) return;
    if (answer.status === 404 && !document.body.classList.contains('at-not-found')) { gone(true); return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const own = page.querySelector('script[data-state]');
    if (!own) return;
    gone(false);
    const next = own.dataset.state;
    own.dataset.state = state; // The only difference that is none.
    const first = sent.querySelector('script[data-state]');
    if (first) first.dataset.state = state;
    if (scripts(page) !== scripts(sent)) { location.reload(); return; }
    touched = [];
    const stay = held();
    merge(document.documentElement, sent.documentElement, page.documentElement);
    stay();
    sent = page;
    state = next;
    document.dispatchEvent(new CustomEvent('whosaid:changed'));
  };

  const follow = async (to) => {
    const target = new URL(to, base);
    if (named(target) !== address()) { location.href = target; return; }
    const there = touched.filter((element) => element?.isConnected && document.body.contains(element));
    // Tables of contents change with the page; the edit is elsewhere.
    const place = there.find((element) => element.closest('main') && !element.closest('nav, .rail, header')) ?? there[0];
    if (place && !isSeen(place)) place.scrollIntoView({ block: 'center' });
  };

  const swap = (paths) => {
    for (const image of document.querySelectorAll('main img')) {
      const url = new URL(image.src);
      if (url.origin !== location.origin || !paths.includes(named(url))) continue;
      url.searchParams.set('v', Date.now());
      image.src = url;
    }
    // A style sheet that the page does not link is imported by one that it does.
    const sheets = [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => named(link.href));
    const isImported = paths.some((path) => path.endsWith('.css') && !sheets.includes(path));
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) {
      const url = new URL(link.href);
      if (link.hasAttribute(ours) || !(isImported || paths.includes(named(url)))) continue;
      // The old style sheet stays until the new one is loaded, to avoid a flash of unstyled content.
      const next = link.cloneNode();
      url.searchParams.set('v', Date.now());
      next.href = url;
      link.setAttribute(ours, '');
      next.addEventListener('load', () => link.remove());
      next.addEventListener('error', () => link.remove());
      link.after(next);
    }
  };

  // The panel over the page.

  const make = (name, className, ...inside) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside.filter((part) => part !== null && part !== undefined));
    return element;
  };
  const host = make('div', 'whosaid-live');
  host.setAttribute(ours, '');
  host.popover = 'manual'; // Notes and cards lie above all else, and what is said lies above them.
  const style = make('link');
  style.rel = 'stylesheet';
  style.href = new URL('live.css', script.src);
  style.setAttribute(ours, '');
  const notice = make('p', 'notice'), panel = make('section', 'panel'), badge = make('button', 'badge');
  notice.hidden = panel.hidden = badge.hidden = true;
  notice.setAttribute('role', 'status');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', 'What is wrong with the book');
  panel.tabIndex = -1;
  badge.type = 'button';
  host.append(notice, panel, badge);

  const rise = () => {
    host.hidePopover();
    if (!(notice.hidden && panel.hidden && badge.hidden)) host.showPopover();
  };
  const gone = (is) => {
    if (is) notice.replaceChildren('This page is no longer in the book. ', Object.assign(make('a', '', 'Go to the home page'), { href: base }), '.');
    if (is || notice.dataset.why === 'gone') { notice.hidden = !is; notice.dataset.why = is ? 'gone' : ''; rise(); }
  };
  const lost = (is) => {
    if (notice.dataset.why === 'gone' || is === (notice.dataset.why === 'lost')) return;
    if (is) notice.replaceChildren('The server has ended. This page comes back to life with it.');
    notice.hidden = !is;
    notice.dataset.why = is ? 'lost' : '';
    rise();
  };

  const place = (at) => {
    const words = at.file + (at.line ? `:${at.line}:${at.column}` : '');
    return at.href ? Object.assign(make('a', 'place', words), { href: at.href }) : make('span', 'place', words);
  };
  const spot = (at, label, isMain) => make('div', 'spot', place(at),
    at.excerpt ? make('pre', '', at.excerpt[0], make('u', isMain ? 'main' : '', at.excerpt[1] || ' '), at.excerpt[2]) : null,
    label ? make('p', 'label', label) : null);
  const fault = (said) => make('li', said.severity,
    make('p', 'message', make('b', '', `${said.severity} ${said.code}`), ' ', said.message),
    spot(said.at, said.label, true), ...said.others.map((other) => spot(other.at, other.label, false)),
    ...said.hints.map((hint) => make('p', 'hint', make('b', '', 'hint'), ' ', hint)));
  const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

  let shown = '', isOpen = false, wasFailing = false, known = new Set();
  const paint = () => { panel.hidden = !isOpen; badge.hidden = isOpen || badge.textContent === ''; rise(); };
  const say = (faults) => {
    const text = JSON.stringify(faults);
    if (text === shown) return;
    shown = text;
    const isFailing = faults.errors > 0, words = [];
    if (faults.errors) words.push(count(faults.errors, 'error'));
    if (faults.warnings) words.push(count(faults.warnings, 'warning'));
    badge.textContent = words.join(', ');
    badge.classList.toggle('error', isFailing);
    const close = make('button', 'close', 'Close');
    close.type = 'button';
    close.addEventListener('click', () => { isOpen = false; paint(); badge.focus(); });
    panel.replaceChildren(
      make('header', '', make('h2', '', words.join(', ')), close),
      isFailing ? make('p', 'stays', faults.is_shown ? 'Below is the book as far as it could be made.' : 'Below is the last good state of the book.') : '',
      faults.failure ? make('pre', 'failure', faults.failure) : '',
      make('ol', '', ...faults.faults.map(fault)),
      faults.more ? make('p', '', `… and ${faults.more} more, on the terminal`) : '');
    // The panel opens for errors and closes when they are fixed; warnings are a badge.
    // A closed panel stays closed until there is a different error; line numbers do not count.
    const errors = faults.failure ? [faults.failure] : faults.faults.filter(({ severity }) => severity === 'error').map(({ code, message, at }) => [code, at.file, message].join('\n'));
    if (errors.some((error) => !known.has(error))) isOpen = true; else if (!isFailing && (wasFailing || !words.length)) isOpen = false;
    known = new Set(errors);
    wasFailing = isFailing;
    paint();
  };
  badge.addEventListener('click', () => { isOpen = true; paint(); panel.focus(); });
  panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') { isOpen = false; paint(); badge.focus(); } });

  // The event stream. A hidden tab closes it: a browser has six connections per host for all tabs.

  let stream = null;
  const tell = async ({ data }) => {
    const { changes, faults } = JSON.parse(data), path = address();
    lost(false);
    say(faults);
    const paths = changes.many ? [...document.querySelectorAll('link[rel=stylesheet], main img')].map((part) => named(part.href ?? part.src)) : changes.changed;
    if (!changes.many || !isFirst) swap(paths);
    isFirst = false;
    const isHere = document.body.classList.contains('at-not-found') || changes.changed.includes(path) || changes.gone.includes(path);
    if (changes.many || isHere) await refresh();
    if (changes.follow) await follow(changes.follow);
    if (!changes.many && changes.changed.some((name) => name.endsWith('.js') && scripts(sent).includes(name))) location.reload();
  };
  // One after the other, so that a slow response does not overwrite a newer one.
  let isFirst = true, turn = Promise.resolve();
  const told = (event) => { turn = turn.then(() => tell(event)).catch((error) => console.error(error)); };
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(new URL('events', script.src));
    stream.addEventListener('state', told);
    stream.addEventListener('error', () => {
      lost(true);
      // The browser reconnects by itself, but not after every kind of failure.
      if (stream && stream.readyState === EventSource.CLOSED) { stream = null; setTimeout(listen, 1000); }
    });
  };
  const hush = () => { if (stream) stream.close(); stream = null; };
  document.addEventListener('visibilitychange', () => { if (document.hidden) hush(); else listen(); });
  addEventListener('pagehide', hush);
  addEventListener('pageshow', listen);
  document.documentElement.append(host);
  document.head.append(style);
  listen();
})();
