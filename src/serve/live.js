// Keeps a page up to date while its author writes. `serve` sends this script; no built site has it.
// What the server sent last is kept beside the page, and only what differs between that and what
// it sends now is changed in the page. So everything that the reader did stays: scroll position,
// open details and notes, focus, selection, the theme.
(() => {
  const script = document.currentScript, base = new URL('../../', script.src);
  let state = script.dataset.state, sent = document.cloneNode(true);
  const ours = 'data-whosaid-live', here = () => decodeURI(location.pathname).slice(base.pathname.length);
  const address = () => { const path = here(); return path === '' || path.endsWith('/') ? path + 'index.html' : path; };

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
      // The nearest place at which both go on alike, counting what is passed over.
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

  let touched = [];
  const merge = (live, old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (live.nodeType !== 1) { if (live.data !== fresh.data) { live.data = fresh.data; touched.push(live.parentElement); } return; }
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
        touched.push(node.nodeType === 1 ? node : live);
        continue;
      }
      const node = lives[o];
      at = node.nextSibling;
      if (step === 'drop') node.remove();
      else if (step === 'merge') merge(node, before[o], after[f]);
    }
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
    merge(document.documentElement, sent.documentElement, page.documentElement);
    sent = page;
    state = next;
    document.dispatchEvent(new CustomEvent('whosaid:changed'));
  };

  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  const follow = async (to) => {
    const target = new URL(to, base), [path] = to.split('#');
    if (path !== address()) { location.href = target; return; }
    const place = touched.find((element) => element && element.isConnected && document.body.contains(element));
    if (place && !isSeen(place)) place.scrollIntoView({ block: 'center' });
  };

  const swap = (paths) => {
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) {
      const url = new URL(link.href);
      if (link.hasAttribute(ours) || !paths.includes(decodeURI(url.pathname).slice(base.pathname.length))) continue;
      // The old sheet stays until the new one is there, or the page would stand bare for a moment.
      const next = link.cloneNode();
      url.searchParams.set('v', Date.now());
      next.href = url;
      link.setAttribute(ours, '');
      next.addEventListener('load', () => link.remove());
      next.addEventListener('error', () => link.remove());
      link.after(next);
    }
  };

  // What is said over the page.

  const make = (name, className, ...inside) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside.filter((part) => part !== null && part !== undefined));
    return element;
  };
  const host = make('div', 'whosaid-live');
  host.setAttribute(ours, '');
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

  const gone = (is) => {
    if (is) notice.replaceChildren('This page is no longer in the book. ', Object.assign(make('a', '', 'Go to the home page'), { href: base }), '.');
    if (is || notice.dataset.why === 'gone') { notice.hidden = !is; notice.dataset.why = is ? 'gone' : ''; }
  };
  const lost = (is) => {
    if (notice.dataset.why === 'gone') return;
    if (is) notice.replaceChildren('The server has ended. This page comes back to life with it.');
    notice.hidden = !is;
    notice.dataset.why = is ? 'lost' : '';
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

  let shown = '', isOpen = false, wasFailing = false;
  const paint = () => { panel.hidden = !isOpen; badge.hidden = isOpen || badge.textContent === ''; };
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
      isFailing ? make('p', 'stays', 'Below is the last good state of the book.') : '',
      faults.failure ? make('pre', 'failure', faults.failure) : '',
      make('ol', '', ...faults.faults.map(fault)),
      faults.more ? make('p', '', `… and ${faults.more} more, on the terminal`) : '');
    // Errors come forward by themselves and go by themselves; warnings wait to be asked for.
    if (isFailing) isOpen = true; else if (wasFailing || !words.length) isOpen = false;
    wasFailing = isFailing;
    paint();
  };
  badge.addEventListener('click', () => { isOpen = true; paint(); panel.focus(); });
  panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') { isOpen = false; paint(); badge.focus(); } });

  // The stream. A hidden tab closes it: a browser has six connections for all tabs of one host.

  let stream = null;
  const told = async ({ data }) => {
    const { changes, faults } = JSON.parse(data), path = address();
    lost(false);
    say(faults);
    const paths = changes.many ? [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => decodeURI(new URL(link.href).pathname).slice(base.pathname.length)) : changes.changed;
    if (!changes.many || !isFirst) swap(paths);
    isFirst = false;
    const isHere = document.body.classList.contains('at-not-found') || changes.changed.includes(path) || changes.gone.includes(path);
    if (changes.many || isHere) await refresh();
    if (changes.follow) await follow(changes.follow);
    if (!changes.many && changes.changed.some((name) => name.endsWith('.js') && scripts(sent).includes(name))) location.reload();
  };
  let isFirst = true;
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(new URL('events', script.src));
    stream.addEventListener('state', told);
    stream.addEventListener('error', () => {
      lost(true);
      // The browser tries again by itself, but not after every kind of failure.
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
