// whosaid: theme switch, cards over names, links to copy, the ledger's filter in the address.
// Everything else works without script, and nothing here fetches anything.
(() => {
  const root = document.documentElement, find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Theme: auto, light, dark; remembered where the browser lets us.
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

  // Links to copy; only where the browser has a clipboard.
  if (navigator.clipboard) {
    for (const copy of all('button[data-copy]')) {
      const label = copy.firstChild, words = label.data;
      copy.hidden = false;
      copy.addEventListener('click', async () => {
        try { await navigator.clipboard.writeText(location.href.split('#')[0] + copy.dataset.copy); } catch { return; }
        label.data = 'Copied';
        copy.setAttribute('aria-live', 'polite');
        setTimeout(() => { label.data = words; }, 2000);
      });
    }
  }

  // The ledger: the filter stands in the address, and words narrow the rows.
  const filters = all('input[name="ws-f"]'), input = find('#ws-find'), rows = all('.ledger tbody tr');
  if (filters.length && input) {
    const found = find('#ws-found'), asked = new URLSearchParams(location.search);
    const read = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      const left = rows.filter((row) => row.getClientRects().length).length;
      found.textContent = left + (left === 1 ? ' claim' : ' claims');
      const query = new URLSearchParams(), chosen = filters.find((filter) => filter.checked);
      if (chosen && chosen.id !== 'ws-f-all') query.set('show', chosen.id.slice(5));
      if (input.value) query.set('find', input.value);
      const text = query.toString();
      try { history.replaceState(null, '', location.pathname + (text ? '?' + text : '') + location.hash); } catch { /* a file */ }
    };
    const chosen = filters.find((filter) => filter.id === 'ws-f-' + asked.get('show'));
    if (chosen) chosen.checked = true;
    input.value = asked.get('find') || '';
    input.parentElement.hidden = false;
    for (const filter of filters) filter.addEventListener('change', read);
    input.addEventListener('input', read);
    read();
  }

  // Cards: hover 350 ms, focus 500 ms, Esc; they stay while the pointer is on them.
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
