// whosaid: theme switch, hover cards, search key, copy buttons, filters in the address, suggestions
// on the 404 page.
// Everything else works without JavaScript, and this script sends no requests.
(() => {
  const root = document.documentElement, find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Theme: auto, light, dark; stored if the browser allows it.
  const modes = ['auto', 'light', 'dark'], button = find('[data-theme-toggle]');
  let mode = 'auto';
  try { mode = localStorage.getItem('ws-theme') || 'auto'; } catch { /* storage is off */ }
  const paint = () => {
    if (mode === 'auto') delete root.dataset.theme; else root.dataset.theme = mode;
    if (button) button.textContent = 'Theme: ' + mode;
  };
  paint();
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => {
      mode = modes[(modes.indexOf(mode) + 1) % 3];
      try { localStorage.setItem('ws-theme', mode); } catch { /* storage is off */ }
      paint();
    });
  }

  // A moved anchor: its entry in the list of moved anchors has the new address.
  const moved = all('[data-moved]').find((a) => a.dataset.moved === location.hash);
  if (moved) location.replace(moved.href);

  // Opens the table of contents on wide screens, at the current page.
  const fold = find('details.contents'), current = find('.contents [aria-current]'), contents = current?.closest('.stick, nav.contents');
  if (fold) fold.open = matchMedia('(min-width: 82rem)').matches;
  if (contents?.scrollHeight > contents?.clientHeight) contents.scrollTop = current.offsetTop - contents.clientHeight / 3;

  // Copy buttons for links and citations, if the browser has a clipboard.
  if (navigator.clipboard) {
    const said = find('#ws-said');
    for (const copy of all('[data-copy], [data-copy-of]')) {
      copy.hidden = false;
      copy.addEventListener('click', async () => {
        const { copy: anchor, copyOf: id } = copy.dataset;
        const text = id ? document.getElementById(id).textContent : location.href.split('#')[0] + anchor;
        try { await navigator.clipboard.writeText(text); } catch { return; }
        said.textContent = '';
        setTimeout(() => { said.textContent = 'Copied'; }, 50);
        copy.classList.add('done');
        setTimeout(() => copy.classList.remove('done'), 2000);
      });
    }
  }

  // The key `/` focuses the search field, unless the reader has turned that off.
  const seek = find('nav a[href$="#ws-q"]');
  if (seek) document.addEventListener('keydown', (e) => {
    if (e.key !== '/' || e.ctrlKey || e.altKey || e.metaKey || e.target.closest('input, select, textarea, [contenteditable]')) return;
    try { if (localStorage.getItem('ws-slash')) return; } catch { /* storage is off */ }
    e.preventDefault();
    seek.click();
  });

  // Filters: the address contains the selection, for sharing.
  const keep = (name, value) => {
    const query = new URLSearchParams(location.search);
    if (value) query.set(name, value); else query.delete(name);
    const text = query.toString();
    try { history.replaceState(null, '', location.pathname + (text ? '?' + text : '') + location.hash); } catch { /* a file */ }
  };
  const asked = new URLSearchParams(location.search);
  for (const set of all('[data-keep]')) {
    const name = set.dataset.keep;
    for (const radio of set.querySelectorAll('input')) if (radio.value === (asked.get(name) || '')) radio.checked = true;
    set.addEventListener('change', (e) => keep(name, e.target.value));
  }

  // The ledger: filters by words, party and dates.
  const narrow = find('.find');
  if (narrow) {
    const rows = all('.ledger tbody tr').map((row) => [row, row.textContent.toLowerCase(), row.dataset.who.split(' '), row.querySelector('time')?.dateTime]);
    const fields = [...narrow.querySelectorAll('[name]')], found = narrow.querySelector('output');
    const read = () => {
      const [words, party, from, to] = fields.map(({ value }) => value);
      const wanted = words.toLowerCase().split(/\s+/);
      let left = 0;
      for (const [row, text, who, day] of rows) {
        // A year or a month matches if any of its days does.
        row.hidden = !wanted.every((word) => text.includes(word)) || party && !who.includes(party)
          || (from || to) && !(day >= from.slice(0, day?.length) && (!to || day <= to.slice(0, day.length)));
        left += row.getClientRects().length ? 1 : 0;
      }
      found.textContent = left + (left === 1 ? ' claim' : ' claims');
    };
    for (const field of fields) {
      field.value = asked.get(field.name) || '';
      field.addEventListener('input', () => { keep(field.name, field.value); read(); });
    }
    find('[data-keep]').addEventListener('change', read);
    read();
  }

  // 404: the three pages whose addresses share the most letter pairs with this one.
  const near = find('#ws-near');
  if (near) {
    const pairs = (path) => {
      const name = path.split('/').pop().replace(/\.\w+$/, '').toLowerCase();
      return new Set([...name].map((c, at) => c + (name[at + 1] || '')));
    };
    const here = pairs(location.pathname);
    const score = (item) => {
      const there = pairs(item.firstChild.getAttribute('href'));
      return 2 * [...there].filter((pair) => here.has(pair)).length / (there.size + here.size);
    };
    const ranked = all('#ws-near li').map((item) => [score(item), item]).sort((a, b) => b[0] - a[0]);
    for (const [at, [share, item]] of ranked.entries()) if (at > 2 || share < .4) item.remove(); else item.parentElement.append(item);
    near.hidden = !near.querySelector('li');
  }

  // Hover cards: hover 350 ms, focus 500 ms, Esc; they stay while the pointer is on them.
  if (!HTMLElement.prototype.showPopover) return;
  let open = null, timer = 0;
  const hide = () => { clearTimeout(timer); if (open) { open.hidePopover(); open = null; } };
  const show = (a) => {
    const card = document.getElementById(a.dataset.card);
    if (!card || card === open) return;
    hide();
    card.showPopover({ source: a });
    if (!CSS.supports('position-area', 'block-end')) {
      const b = a.getBoundingClientRect(), c = card.getBoundingClientRect();
      card.style.position = 'fixed';
      card.style.left = Math.max(8, Math.min(b.left, innerWidth - c.width - 8)) + 'px';
      card.style.top = (b.bottom + c.height + 8 < innerHeight ? b.bottom + 6 : b.top - c.height - 6) + 'px';
    }
    open = card;
  };
  const later = (f, ms) => { clearTimeout(timer); timer = setTimeout(f, ms); };
  const link = (e) => e.target instanceof Element ? e.target.closest('a[data-card]') : null;
  document.addEventListener('pointerover', (e) => {
    if (e.pointerType === 'touch') return;
    const a = link(e);
    if (a) later(() => show(a), 350);
    else if (open && open.contains(e.target)) clearTimeout(timer);
    else if (open) later(hide, 250);
    else clearTimeout(timer);
  });
  document.addEventListener('focusin', (e) => {
    const a = link(e);
    if (a && a.matches(':focus-visible')) later(() => show(a), 500); else if (open) hide();
  });
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hide(); });
})();
