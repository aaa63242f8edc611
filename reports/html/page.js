'use strict';
(() => {
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const collator = new Intl.Collator('en');

  /* A pattern as the page keeps it; see the order in explorer.c. */
  const patterns = data.patterns.map((p, place) => ({
    place, support: p[0], library: data.libraries[p[1]], category: data.types[p[2]][0],
    type: data.types[p[2]][1], questions: p[3], accepted: p[4], frames: p[5], posts: p[6],
  }));
  const symbolOf = (frame) => data.symbols[frame];
  const last = (p) => symbolOf(p.frames[p.frames.length - 1]);
  const open = (p) => (p.questions ? 1 - p.accepted / p.questions : -1);
  const words = (p) => {
    if (p.words === undefined)
      p.words = `${p.frames.map(symbolOf).join(' > ')} ${p.category} ${p.type}`.toLowerCase();
    return p.words;
  };

  const orders = { /* each from small to large */
    support: (a, b) => a.support - b.support,
    length: (a, b) => a.frames.length - b.frames.length,
    questions: (a, b) => a.questions - b.questions,
    open: (a, b) => open(a) - open(b),
    name: (a, b) => collator.compare(last(a), last(b)),
    library: (a, b) => collator.compare(a.library, b.library),
    type: (a, b) => collator.compare(`${a.category} ${a.type}`, `${b.category} ${b.type}`),
  };
  const state = { sort: 'support', down: true, page: 0, found: patterns };

  const make = (name, className, text) => {
    const e = document.createElement(name);
    if (className)
      e.className = className;
    if (text !== undefined)
      e.textContent = text;
    return e;
  };
  const number = (n) => n.toLocaleString('en');

  function select() {
    const wanted = byId('text').value.toLowerCase().split(/\s+/).filter((w) => w);
    const library = byId('library').value, category = byId('category').value;
    state.found = patterns.filter((p) => (!library || p.library === library)
      && (!category || p.category === category) && wanted.every((w) => words(p).includes(w)));
    const order = orders[state.sort], sign = state.down ? -1 : 1;
    state.found.sort((a, b) => sign * order(a, b) || a.place - b.place);
    state.page = 0;
    show();
  }

  const states = ['no answer', 'answered, none accepted', 'accepted answer'];

  function postItem(at) {
    const [siteAt, id, title, answered, views] = data.posts[at];
    const site = data.sites[siteAt], item = make('li');
    const name = make(site[1] ? 'a' : 'span', '', title || `${site[0]} ${id}`);
    name.dir = 'auto';
    if (site[1] && Number.isInteger(id)) {
      name.href = site[1] + id;
      name.rel = 'noopener noreferrer';
    }
    const isolated = make('bdi');
    isolated.append(name);
    const facts = make('small', '', `${site[0]} ${id} \u00b7 `);
    facts.append(make('span', answered === 2 ? 'solved' : '', states[answered]));
    if (views !== null)
      facts.append(` \u00b7 ${number(views)} views`);
    item.append(isolated, facts);
    return item;
  }

  function detailRow(p, id) {
    const row = make('tr', 'detail'), cell = make('td'), box = make('div');
    const stack = make('div'), frames = make('ol'), asked = make('div'), posts = make('ul');
    row.id = id;
    cell.colSpan = 7;
    p.frames.forEach((f) => frames.append(make('li', '', symbolOf(f))));
    stack.append(make('h4', '', 'Frames, outermost first'), frames);
    p.posts.forEach((at) => posts.append(postItem(at)));
    const some = p.posts.length < p.questions ? `the ${p.posts.length} most viewed of ${number(p.questions)}` : 'all';
    asked.append(make('h4', '', p.posts.length ? `Questions, ${some}` : 'No question in the store holds it'), posts);
    box.append(stack, asked);
    cell.append(box);
    row.append(cell);
    return row;
  }

  function toggle(button, row, p, id) {
    const shown = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!shown));
    if (shown)
      byId(id).remove();
    else
      row.after(detailRow(p, id));
  }

  function patternRow(p) {
    const row = make('tr', 'row'), button = make('button', 'open'), id = `pattern-${p.place}`;
    const cell = (className, text, label) => {
      const td = make('td', className, text);
      if (label)
        td.dataset.label = label;
      return td;
    };
    button.type = 'button';
    button.setAttribute('aria-expanded', 'false');
    button.append(make('b', '', last(p)));
    if (p.frames.length > 1)
      button.append(make('span', '', p.frames.slice(0, -1).reverse().slice(0, 6).map(symbolOf).join(' \u2039 ')));
    button.addEventListener('click', () => toggle(button, row, p, id));
    const name = make('td');
    name.append(button);
    row.append(cell('n', number(p.support), 'support'), name, cell('n', number(p.frames.length), 'frames'),
      cell('', p.library), cell(p.type ? '' : 'blank', p.type || '\u2013'), cell('n', number(p.questions), 'questions'),
      cell('n', p.questions ? `${Math.round(100 * open(p))} %` : '\u2013', 'not solved'));
    return row;
  }

  function show() {
    const pages = Math.max(1, Math.ceil(state.found.length / PAGE)), from = state.page * PAGE;
    const rows = state.found.slice(from, from + PAGE);
    byId('list').tBodies[0].replaceChildren(...rows.map(patternRow));
    byId('count').textContent = state.found.length === 1 ? '1 pattern' : `${number(state.found.length)} patterns`;
    byId('page').textContent = `page ${state.page + 1} of ${number(pages)}`;
    byId('previous').disabled = state.page === 0;
    byId('next').disabled = state.page + 1 >= pages;
    byId('pages').hidden = pages === 1;
    for (const th of document.querySelectorAll('#list th')) {
      if (th.dataset.sort === state.sort)
        th.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
      else
        th.removeAttribute('aria-sort');
    }
  }

  function turn(by) {
    state.page += by;
    show();
    byId('list').scrollIntoView();
  }

  function fill(id, names) {
    for (const name of [...new Set(names)].filter((n) => n))
      byId(id).append(new Option(name, name));
    byId(id).addEventListener('change', select);
    if (byId(id).options.length < 2)
      byId(id).parentElement.hidden = true;
  }

  if (patterns.length === 0)
    return;
  fill('library', patterns.map((p) => p.library).sort(collator.compare));
  fill('category', patterns.map((p) => p.category).sort(collator.compare));
  let waiting;
  byId('text').addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(select, 120);
  });
  byId('filter').addEventListener('submit', (event) => event.preventDefault());
  for (const th of document.querySelectorAll('#list th'))
    th.firstChild.addEventListener('click', () => {
      const text = ['name', 'library', 'type'].includes(th.dataset.sort);
      state.down = state.sort === th.dataset.sort ? !state.down : !text;
      state.sort = th.dataset.sort;
      select();
    });
  byId('previous').addEventListener('click', () => turn(-1));
  byId('next').addEventListener('click', () => turn(1));
  byId('filter').hidden = false;
  byId('list').hidden = false;
  select();
})();
