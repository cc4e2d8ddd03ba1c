'use strict';
// The playground's page. Everything that people or networks wrote is put in as text, never as markup.
(() => {
const root = document.documentElement, store = localStorage;
root.dataset.theme = store.getItem('griot.theme') || '';

const $ = (id) => document.getElementById(id);
const msgs = new Map(), nodes = new Map(), drafts = new Map();
let words = {}, st = {people: [], channels: [], commands: []}, as, cur, cursor, stream, prefix, slot, seen, stuck = true, files = [], slow;

const icons = {good: 'M5 13l4 4L19 7', waiting: 'M12 6v7l4 3', bad: 'M12 5v8M12 18v.5', close: 'M6 6l12 12M18 6 6 18', date: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6', eye: 'M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6zM4 20 20 4'};
const t = (key, ...args) => (words[key] || '').replace(/\{(\d)\}/g, (_, i) => args[i]);
const h = (tag, props, ...kids) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (typeof v === 'function') e.addEventListener(k, v);
    else if (v != null && v !== false) e.setAttribute(k, v === true ? '' : v);
  }
  e.append(...kids.flat().filter((k) => k != null && k !== false));
  return e;
};
const icon = (name) => {
  const ns = 'http://www.w3.org/2000/svg', s = document.createElementNS(ns, 'svg'), p = document.createElementNS(ns, 'path');
  s.setAttribute('viewBox', '0 0 24 24'); s.setAttribute('aria-hidden', 'true'); p.setAttribute('d', icons[name]); s.append(p);
  return s;
};
const fmt = (at, o) => {
  const person = st.people.find((p) => p.user === as);
  try { return new Intl.DateTimeFormat(words.lang === 'en' ? 'en-GB' : words.lang, {timeZone: person?.zone || undefined, ...o}).format(new Date(at)); } catch { return ''; }
};
const hour = (at) => fmt(at, {hour: '2-digit', minute: '2-digit'});
const day = (at) => fmt(at, {weekday: 'long', day: 'numeric', month: 'long'});
const num = (id) => Number(id);
const api = (path, q = '') => `${prefix}/api/${path}?as=${encodeURIComponent(as || '')}${q}`;
const announce = (text) => { const l = $('live'); l.append(h('p', null, text)); if (l.children.length > 4) l.firstChild.remove(); };
const shout = (text) => $('alert').replaceChildren(...text ? [h('span', null, text), h('button', {type: 'button', class: 'quiet', click: () => shout('')}, t('dismiss'))] : []);

// Cards

const spans = (list) => (list || []).map((s) => {
  if (s.k === 'b') return h('strong', null, s.t);
  if (s.k === 'c') return h('code', null, s.t);
  if (s.k === 'a') return h('a', {href: s.u, target: '_blank', rel: 'noopener noreferrer', 'data-key': s.u}, s.t, h('span', {class: 'sr'}, ` (${t('opens')})`));
  if (s.k === 'w') return h('time', {datetime: s.at, title: fmt(s.at, {weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZoneName: 'short'})}, s.t);
  if (s.k === 'n') return h('span', {class: 'who'}, s.t);
  return s.k === 'r' ? h('br') : document.createTextNode(s.t);
});
const block = (cls, list) => list?.length && h('p', {class: cls}, spans(list));
const tone = (x) => x && h('i', {class: 'tone ' + x}, icon(x), h('span', {class: 'sr'}, t(x)));
const picture = (x) => h('figure', null, h('img', {class: 'pic', src: `${prefix}/files/${x.hash}`, alt: x.alt, loading: 'lazy'}), x.alt && h('figcaption', {'aria-hidden': 'true'}, x.alt));

function card(m, c) {
  const row = h('div', {class: 'acts'}, (c.buttons || []).map((b) => button(m, b)), (c.selects || []).map((s) => select(m, s)));
  return h('article', {class: 'card ' + (c.tone || '') + (c.title ? '' : ' brief')},
    c.title && h('header', null, tone(c.tone), h('div', null, h('h3', null, c.title), block('lead', c.lead))),
    !c.title && block('lead', c.lead),
    c.body?.length && (c.title ? block('words', c.body) : h('div', {class: 'bodyline'}, tone(c.tone), block('words', c.body))),
    c.images && h('div', {class: 'pics'}, c.images.map(picture)),
    c.fields && h('dl', null, c.fields.map((f) => h('div', null, h('dt', null, f.label), h('dd', null, spans(f.value))))),
    (c.sections || []).map((s) => h('section', {class: 'part'}, h('header', null, tone(s.tone), h('h4', null, s.title), h('span', {class: 'note'}, spans(s.note))), block('words', s.body))),
    row.firstChild && row, block('foot', c.foot));
}
function button(m, b) {
  if (b.url) return h('a', {class: 'btn ' + (b.style || ''), href: b.url, target: '_blank', rel: 'noopener noreferrer', 'data-key': b.url}, b.label, icon('out'));
  const e = h('button', {type: 'button', class: 'btn ' + (b.style || ''), 'data-key': b.tag.split('|')[0]}, b.label);
  e.onclick = async () => {
    if (e.ariaDisabled || (b.style === 'risky' && !await sure(b))) return;
    lock(e, () => act({kind: 'press', message: m.id, tag: b.tag}));
  };
  return e;
}
function select(m, s) {
  const e = h('select', {class: 'btn', 'data-key': 's:' + s.tag.split('|')[0], 'aria-label': s.label}, h('option', {value: ''}, s.label + '…'), s.options.map((o) => h('option', {value: o.value}, o.label)));
  e.onchange = () => e.value && lock(e, () => act({kind: 'press', message: m.id, tag: s.tag, values: {value: [e.value]}})).then(() => { e.value = ''; });
  return calm(e);
}
// calm makes the keyboard open a select that acts, instead of acting at every arrow.
function calm(s) {
  s.onkeydown = (e) => { if (/^(Arrow|Home|End|Page|[^ ]$)/.test(e.key) && !e.ctrlKey && !e.metaKey && !e.altKey && s.showPicker) { e.preventDefault(); s.showPicker(); } };
  return s;
}
// lock lets nothing else of the same card be pressed until the answer is there.
async function lock(e, work) {
  const all = e.closest('.acts, footer').querySelectorAll('.btn, select');
  if (e.ariaDisabled) return;
  all.forEach((x) => { x.ariaDisabled = 'true'; });
  e.classList.add('busy');
  try { return await work(); } finally { all.forEach((x) => { x.ariaDisabled = null; }); e.classList.remove('busy'); }
}

// Messages

function face(e, user, name) {
  e.className = 'face f' + [...user].reduce((n, c) => (n * 31 + c.codePointAt(0)) % 6, 0) + (user === 'griot' ? ' griot' : '');
  e.replaceChildren(user === 'griot' ? h('img', {src: prefix + '/assets/mark.svg', alt: '', width: 22}) : name.split(/\s+/).map((w) => [...w][0]).slice(0, 2).join('').toUpperCase());
  return e;
}
const author = (m) => m.from === 'griot' ? 'Griot' : st.people.find((p) => p.user === m.from)?.name || m.name || m.from;
const size = (n) => n < 1e6 ? Math.ceil(n / 1000) + '\u00a0' + t('kilobytes') : (n / 1e6).toFixed(1) + '\u00a0' + t('megabytes');
const isPic = (type) => /^image\/(png|jpeg|gif|webp)$/.test(type);
const nudge = (l) => [h('span', {class: 'at'}, '@' + l.name), ' ', ...spans(l.words)];

function build(m) {
  const alone = m.lines && !m.card && !m.text;
  return h('div', {class: 'msg' + (m.to ? ' secret' : ''), tabindex: -1, 'data-id': m.id}, face(h('i', {'aria-hidden': 'true'}), m.from, author(m)),
    h('div', {class: 'main'},
      h('div', {class: 'head'}, h('b', null, author(m)), h('time', {datetime: m.at, title: day(m.at)}, hour(m.at)), m.via && h('span', {class: 'via'}, t('answers') + ' ', h('code', null, m.via))),
      m.text && h('p', {class: 'words'}, m.text),
      m.files && h('div', {class: 'files'}, m.files.map((f) => h('a', {class: isPic(f.type) ? '' : 'file', href: `${prefix}/files/${f.hash}`, target: '_blank', rel: 'noopener', 'data-key': f.hash},
        isPic(f.type) ? h('img', {class: 'pic', src: `${prefix}/files/${f.hash}`, alt: f.name}) : `${f.name} · ${size(f.size)}`))),
      m.card && card(m, m.card),
      alone ? h('p', {class: 'line mine'}, nudge(m.lines[0])) : m.lines && h('ul', {class: 'lines'}, m.lines.map((l) => h('li', {class: l.to === as ? 'mine' : ''}, nudge(l), ' ', h('time', {datetime: l.at}, hour(l.at))))),
      m.to && h('p', {class: 'only'}, icon('eye'), t('onlyYou'), h('button', {type: 'button', class: 'quiet', 'data-key': 'dismiss', click: () => dismiss(m)}, t('dismiss')))));
}
const inChannel = (ch) => [...msgs.values()].filter((m) => m.ch === ch).sort((a, b) => num(a.id) - num(b.id));
const bottom = () => { const l = $('list'); l.scrollTop = l.scrollHeight; stuck = true; $('fresh').hidden = true; };

// draw makes the list equal to what is known; what did not change keeps its element, focus and place on the screen.
function draw() {
  const list = $('list'), all = inChannel(cur), kept = new Set(all.map((m) => m.id));
  const anchor = !stuck && [...list.children].find((e) => e.offsetTop + e.offsetHeight > list.scrollTop + list.offsetTop), was = anchor && anchor.offsetTop;
  for (const [id, n] of nodes) if (!kept.has(id)) { if (n.el.contains(document.activeElement)) $('say').focus(); n.el.remove(); nodes.delete(id); }
  list.querySelector('.empty')?.remove();
  let prev, place = list.firstElementChild;
  for (const m of all) {
    let n = nodes.get(m.id);
    if (n?.rev !== m.rev) {
      const el = build(m), a = document.activeElement, key = n?.el.contains(a) ? a.dataset.key || '' : null;
      if (n) { if (place === n.el) place = el; n.el.replaceWith(el); }
      if (key !== null) (el.querySelector(`[data-key="${CSS.escape(key)}"]`) || el).focus({preventScroll: true});
      nodes.set(m.id, n = {el, rev: m.rev});
    }
    if (n.el === place) place = place.nextElementSibling; else list.insertBefore(n.el, place);
    const fresh = !prev || day(prev.at) !== day(m.at);
    n.el.classList.toggle('cont', !fresh && prev.from === m.from && !m.via && prev.to === m.to && new Date(m.at) - new Date(prev.at) < 3e5);
    if (fresh) n.el.dataset.day = day(m.at); else delete n.el.dataset.day;
    prev = m;
  }
  if (!all.length) list.append(h('p', {class: 'empty'}, t('empty')));
  if (stuck) bottom(); else if (anchor) { const now = nodes.get(anchor.dataset.id)?.el; if (now) list.scrollTop += now.offsetTop - was; }
  if (document.hasFocus() || !seen[cur]) read();
  rooms();
}
const latest = (m) => Math.max(m.from === as ? 0 : num(m.id), ...(m.lines || []).map((l) => num(l.id)));
function read() {
  seen[cur] = Math.max(seen[cur] || 0, ...inChannel(cur).map(latest));
  store.setItem(slot, JSON.stringify(seen));
}
function rooms() {
  const focus = document.activeElement?.dataset.room;
  let total = 0;
  const items = st.channels.map((c) => {
    const all = inChannel(c.id), since = seen[c.id] || 0, news = c.id !== cur && all.some((m) => latest(m) > since), dm = c.id.startsWith('dm:');
    const pings = c.id === cur ? 0 : all.flatMap((m) => m.lines || []).filter((l) => l.to === as && num(l.id) > since).length;
    total += pings;
    return h('li', null, h('button', {type: 'button', 'data-room': c.id, class: news ? 'new' : '', 'aria-current': c.id === cur ? 'page' : null, click: () => go(c.id)},
      dm ? h('img', {src: prefix + '/assets/mark.svg', alt: '', width: 20, height: 20}) : h('b', {'aria-hidden': 'true'}, '#'), h('span', null, c.name),
      pings ? h('span', {class: 'count'}, pings, h('span', {class: 'sr'}, ' ' + t('unread'))) : news && h('span', {class: 'dot'}, h('span', {class: 'sr'}, t('unread')))));
  });
  $('channels').replaceChildren(...items.filter((_, i) => !st.channels[i].id.startsWith('dm:')));
  $('direct').replaceChildren(...items.filter((_, i) => st.channels[i].id.startsWith('dm:')));
  if (focus) document.querySelector(`[data-room="${CSS.escape(focus)}"]`)?.focus();
  document.title = (total ? `(${total}) ` : '') + st.title + ' · ' + label(cur);
}
const label = (id) => { const c = st.channels.find((x) => x.id === id); return !c ? '' : id.startsWith('dm:') ? c.name : '#' + c.name; };

function go(id) {
  if (cur && cur !== id) drafts.set(as + cur, $('say').value);
  const moved = cur !== id;
  cur = id; stuck = true;
  history.replaceState(null, '', `?as=${encodeURIComponent(as)}#${encodeURIComponent(cur)}`);
  $('where').textContent = label(id);
  $('about').textContent = id.startsWith('dm:') ? t('directTo') : '';
  $('say').placeholder = t(innerWidth > 720 ? 'sayHint' : 'say', label(id));
  $('say').ariaLabel = t('say', label(id));
  if (moved) { $('say').value = drafts.get(as + cur) || ''; grow(); nodes.clear(); $('list').replaceChildren(); }
  read(); draw();
  document.querySelector('[aria-current]').scrollIntoView({block: 'nearest', inline: 'nearest'});
}
// take keeps what is newer than what is known, shows it and says it aloud.
function take(list) {
  for (const m of list || []) {
    const old = msgs.get(m.id);
    if (old && old.rev >= m.rev) continue;
    msgs.set(m.id, m);
    const nudged = m.lines?.length > (old?.lines?.length || 0) && m.lines.at(-1), what = m.card?.title || (m.card?.body || []).map((s) => s.t || ' ').join('') || m.text || '';
    if (nudged) announce('@' + nudged.name + ' ' + nudged.words.map((s) => s.t || ' ').join(''));
    else if (m.ch !== cur) { if (!old) announce(t('newIn', label(m.ch))); }
    else if (old) announce(t('updated', what.slice(0, 90)));
    else if (m.from !== as) announce(t('from', author(m), what.slice(0, 140)));
    if (!old && m.ch === cur && !stuck && m.from !== as) $('fresh').hidden = false;
    if (!old && m.from === as && m.ch === cur) stuck = true;
  }
  if (list?.length) draw();
}
function forget(id) { msgs.delete(id); draw(); }
async function dismiss(m) {
  const r = await fetch(api('dismiss'), {method: 'POST', body: JSON.stringify({as, ch: m.ch, message: m.id})}).catch(() => null);
  if (r?.ok) forget(m.id); else shout(t('unsent'));
}

// act sends one thing the person did. Its id stays the same when the line breaks, so that it is done once.
async function act(what, attached = [], say = shout) {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  const body = new FormData();
  body.append('act', JSON.stringify({id, as, ch: cur, ...what}));
  attached.forEach((f) => body.append(f.input || 'file', f.file, f.file.name));
  say('');
  for (let again = 0; ; again++) {
    try {
      const r = await fetch(api('act'), {method: 'POST', body}), out = await r.json();
      if (out.error) { say(out.error); return null; }
      take(out.messages);
      if (out.form) openForm(out.form, what.message);
      return out;
    } catch {
      if (again) { say(t('unsent')); return null; }
      await new Promise((next) => setTimeout(next, 700));
    }
  }
}

// Composer

let hits = [], at = -1;
const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
function grow() { const s = $('say'); s.style.height = 'auto'; s.style.height = s.scrollHeight + 'px'; }
function complete() {
  const text = $('say').value, typed = fold(text.slice(1));
  hits = []; at = -1;
  if (text.startsWith('/') && !text.includes('\n') && $('say').selectionEnd === text.length) {
    const full = st.commands.filter((c) => [c.name, c.also].some((n) => n && typed.startsWith(fold(n) + ' '))).sort((a, b) => b.name.length - a.name.length)[0];
    const last = text.match(/(?:^|\s)(\S*)$/)[1];
    hits = st.commands.filter((c) => [c.name, c.also].some((n) => n && (fold(n).startsWith(typed) || fold(n).split(' ').some((w) => typed && w.startsWith(typed)))))
      .map((c) => ({put: '/' + c.name + ' ', head: '/' + c.name, about: c.about, more: c.usage, command: true}));
    if (hits.length) at = 0;
    else if (full && (text.match(/"/g) || []).length % 2 === 0) {
      hits = (full.options || []).filter((o) => !text.includes(o.name + ':') && o.name.startsWith(last) && last !== full.name)
        .map((o) => ({put: text.slice(0, text.length - last.length) + o.name + ':', head: o.name + ':', about: o.about + (o.required ? '' : ` (${t('optional')})`)}));
    }
  }
  const box = $('complete');
  box.replaceChildren(...hits.map((x, i) => h('li', {id: 'hit' + i, role: 'option', mousedown: (e) => { e.preventDefault(); fill(i); }}, h('b', null, x.head), h('span', null, x.about || ''), x.more && h('small', null, x.more))));
  box.hidden = !hits.length;
  point(at);
}
function point(i) {
  at = i;
  [...$('complete').children].forEach((e, n) => { e.ariaSelected = String(n === at); if (n === at) e.scrollIntoView({block: 'nearest'}); });
  if (at >= 0) $('say').setAttribute('aria-activedescendant', 'hit' + at); else $('say').removeAttribute('aria-activedescendant');
}
function fill(i) { $('say').value = hits[i].put; $('say').focus(); grow(); complete(); }
function key(e) {
  const n = hits.length;
  if (n && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) { e.preventDefault(); point((at + (e.key === 'ArrowDown' ? 1 : at < 0 ? 0 : n - 1) + n) % n); }
  else if (n && e.key === 'Tab' && !e.shiftKey) { e.preventDefault(); fill(Math.max(at, 0)); }
  else if (n && e.key === 'Escape') { hits = []; $('complete').hidden = true; point(-1); }
  else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    if (at >= 0 && (!hits[at].command || fold($('say').value.trim()) !== fold(hits[at].head))) fill(at); else send();
  }
}
async function send() {
  const s = $('say'), text = s.value.trim(), form = $('composer'), to = cur;
  if ((!text && !files.length) || form.ariaBusy) return;
  const sent = files;
  form.ariaBusy = 'true'; hits = []; $('complete').hidden = true;
  s.value = ''; files = []; attached(); grow();
  const out = await act({kind: 'line', text}, sent.map((file) => ({file})));
  form.ariaBusy = null;
  if (out) return cur === to && bottom();
  // What was not stored comes back, before what was typed since.
  files = sent.concat(files); attached();
  if (cur === to) { s.value = s.value ? text + '\n' + s.value : text; grow(); } else drafts.set(as + to, text);
}
const fits = (list, say) => [...list].filter((f) => { const max = Number(document.body.dataset.max), ok = f.size <= max; if (!ok) say(t('tooBig', f.name, Math.round(max / 1e6))); return ok; });
const chip = (f, drop) => h('li', {class: 'chip'}, isPic(f.type) && h('img', {src: f.url ||= URL.createObjectURL(f), alt: ''}), h('span', null, f.name), f.size && h('small', null, size(f.size)),
  h('button', {type: 'button', 'aria-label': t('remove', f.name), click: drop}, icon('close')));
function attached() { $('attached').replaceChildren(...files.map((f) => chip(f, () => { files = files.filter((x) => x !== f); attached(); $('say').focus(); }))); }
function attach(list) { files = files.concat(fits(list, shout)); if (files.length > 10) { files = files.slice(0, 10); shout(t('tooMany', 10)); } attached(); $('say').focus(); }

// Dialogs

function sure(b) {
  const d = $('sure');
  d.returnValue = '';
  d.replaceChildren(h('form', {method: 'dialog'}, h('header', null, h('h2', {id: 'sureTitle'}, b.confirm || t('sure'))),
    h('footer', null, h('button', {class: 'btn', value: ''}, t('cancel')), h('button', {class: 'btn risky', value: 'yes'}, b.label))));
  d.showModal();
  return new Promise((done) => d.addEventListener('close', () => done(d.returnValue === 'yes'), {once: true}));
}
let open; // the form on the screen: its tag's verb and its fields
function openForm(f, message) {
  const d = $('form'), before = open?.verb === f.tag.split('|')[0] && d.open ? open : null, saved = before ? null : drafts.get('form ' + f.tag);
  const fields = f.inputs.map((x) => field(x, before?.fields.find((y) => y.name === x.name), saved?.[x.name]));
  const wrong = h('p', {class: 'wrong', role: 'alert', hidden: true}), say = (text) => { wrong.textContent = text; wrong.hidden = !text; };
  const shut = () => { drafts.set('form ' + f.tag, Object.fromEntries(fields.filter((x) => x.kind !== 'secret').map((x) => [x.name, x.read()]))); done(); };
  const done = () => { open = null; d.close(); };
  const submit = h('button', {class: 'btn primary'}, f.submit);
  const form = h('form', {novalidate: true}, h('header', null, h('h2', {id: 'formTitle'}, f.title), h('button', {type: 'button', class: 'tool', 'aria-label': t('close'), click: shut}, icon('close'))),
    h('div', {class: 'fields'}, block('hint', f.intro), fields.map((x) => x.el)), wrong, h('footer', null, h('button', {type: 'button', class: 'btn', click: shut}, t('cancel')), submit));
  form.onsubmit = async (e) => {
    e.preventDefault();
    const bad = fields.filter((x) => !x.check());
    if (bad.length) return bad[0].focus();
    const mine = open, values = Object.fromEntries(fields.map((x) => [x.name, x.read()]).filter(([, v]) => v.length));
    const out = await lock(submit, () => act({kind: 'form', tag: f.tag, message, values}, fields.flatMap((x) => (x.files || []).map((file) => ({input: x.name, file}))), say));
    if (out && !out.form) { drafts.delete('form ' + f.tag); if (open === mine) done(); }
  };
  form.onkeydown = (e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) form.requestSubmit(); };
  d.oncancel = (e) => { e.preventDefault(); shut(); };
  open = {verb: f.tag.split('|')[0], fields};
  d.replaceChildren(form);
  if (!d.open) d.showModal();
  (fields.find((x) => x.wrong) || fields[0])?.focus();
}
// field is one input: what to show, what is in it, and whether it may go.
function field(x, before, saved) {
  const id = 'in-' + x.name, value = x.kind === 'secret' ? [] : x.value || before?.read() || saved || [], err = h('p', {class: 'err', id: id + '-err', hidden: true});
  const known = {id, name: x.name, 'aria-describedby': `${id}-hint ${id}-err`, 'aria-required': x.required ? 'true' : null};
  const group = x.kind === 'many' || (x.kind === 'choice' && x.options?.length < 5), self = {name: x.name, kind: x.kind, files: x.kind === 'files' ? before?.files || [] : null};
  const opt = !x.required && [' ', h('span', {class: 'opt'}, t('optional'))], count = h('span', {class: 'number'});
  let input, extra = null;
  const tell = (text) => { self.wrong = text; err.textContent = text; err.hidden = !text; (group ? self.el : input).ariaInvalid = text ? 'true' : null; };
  self.read = () => [input.value].filter((v) => v.trim());
  self.focus = () => input.focus();
  if (group) {
    const boxes = (x.options || []).map((o) => { const b = h('input', {type: x.kind === 'many' ? 'checkbox' : 'radio', name: x.name, value: o.value}); b.checked = value.includes(o.value); return [b, o]; });
    input = h('div', {class: 'choices'}, boxes.map(([b, o]) => h('label', null, b, o.label)));
    self.read = () => boxes.filter(([b]) => b.checked).map(([b]) => b.value);
    self.focus = () => boxes[0]?.[0].focus();
  } else if (x.kind === 'choice') {
    input = h('select', {...known, class: 'field'}, h('option', {value: ''}, t('choose')), x.options?.map((o) => h('option', {value: o.value}, o.label)));
    input.value = value[0] || '';
  } else if (x.kind === 'files') {
    let kept = value.slice();
    const list = h('ul', {class: 'kept'}), pick = h('input', {type: 'file', multiple: x.max !== 1, accept: 'image/*', hidden: true});
    const show = () => list.replaceChildren(...kept.map((v) => chip({name: x.options?.find((o) => o.value === v)?.label || v}, () => { kept = kept.filter((y) => y !== v); show(); input.focus(); })),
      ...self.files.map((f) => chip(f, () => { self.files = self.files.filter((y) => y !== f); show(); input.focus(); })));
    pick.onchange = () => {
      tell('');
      self.files = self.files.concat(fits(pick.files, tell));
      if (x.max && self.files.length + kept.length > x.max) { self.files = self.files.slice(0, Math.max(0, x.max - kept.length)); tell(t('tooMany', x.max)); }
      pick.value = ''; show();
    };
    input = h('button', {...known, type: 'button', class: 'btn', click: () => pick.click()}, t('addFiles'));
    extra = [list, pick]; self.read = () => kept; show();
  } else {
    input = h(x.kind === 'text' ? 'textarea' : 'input', {...known, class: 'text', autocomplete: x.kind === 'secret' ? 'new-password' : 'off', ...(x.kind === 'text' ? {rows: 5} : {type: x.kind === 'secret' ? 'password' : 'text'})});
    input.value = value[0] || '';
    const tally = () => { const n = [...input.value].length; count.textContent = x.max ? t('countOf', n, x.max) : t('count', n); count.classList.toggle('over', x.max > 0 && n > x.max); };
    if (x.kind === 'text' || x.max) tally(); 
    input.oninput = () => { if (self.wrong) tell(''); if (count.textContent) tally(); };
  }
  let shown = input;
  if (x.kind === 'moment') {
    const clock = h('input', {type: 'datetime-local', tabindex: -1, 'aria-hidden': 'true'});
    clock.onchange = () => { input.value = clock.value.replace('T', ' '); tell(''); };
    shown = h('div', {class: 'moment'}, input, clock, h('button', {type: 'button', class: 'btn', 'aria-label': t('pick'), title: t('pick'), click: () => clock.showPicker()}, icon('date')));
  }
  self.check = () => {
    const v = self.read(), over = x.max && ['line', 'text', 'secret'].includes(x.kind) ? [...(v[0] || '')].length - x.max : 0;
    tell(x.required && !v.length && !self.files?.length ? t('required') : over > 0 ? t('tooLong', over) : '');
    return !self.wrong;
  };
  const foot = h('div', {class: 'hintline'}, h('span', {class: 'hint', id: id + '-hint'}, x.help || ''), count);
  self.el = group ? h('fieldset', {class: 'in-field', 'aria-describedby': known['aria-describedby']}, h('legend', null, x.label, opt), input, err, foot)
    : h('div', {class: 'in-field'}, h('label', {for: id}, x.label, opt), extra, shown, err, foot);
  if (x.error) tell(x.error);
  return self;
}

// Live

const banner = (text) => { $('banner').textContent = text; $('banner').hidden = !text; };
function listen() {
  stream?.close();
  const s = stream = new EventSource(api('events', '&since=' + cursor)), on = (kind, f) => s.addEventListener(kind, (e) => { cursor = e.lastEventId || cursor; f(JSON.parse(e.data)); });
  on('message', (m) => take([m])); on('gone', (m) => forget(m.id)); on('people', (p) => { st.people = p; people(); });
  on('reset', () => { s.close(); load(); });
  s.onopen = () => { clearTimeout(slow); slow = 0; banner(''); };
  s.onerror = () => { slow ||= setTimeout(() => banner(t('offline')), 1200); if (s.readyState === 2) setTimeout(() => s === stream && load(), 2000); };
}
function people() {
  $('as').replaceChildren(...st.people.map((p) => h('option', {value: p.user}, p.name)));
  $('as').value = as;
  face($('face'), as, st.people.find((p) => p.user === as)?.name || as);
}
function speak() {
  document.querySelectorAll('[data-t]').forEach((e) => { e.textContent = t(e.dataset.t); });
  document.querySelectorAll('[data-label]').forEach((e) => { e.ariaLabel = t(e.dataset.label); if (e.tagName === 'BUTTON') e.title = e.ariaLabel; });
  root.lang = words.lang;
}
async function load() {
  let s;
  try {
    const r = await fetch(api('state'));
    if (!r.ok) throw r.status;
    s = await r.json();
  } catch { if (words.offline) banner(t('offline')); setTimeout(load, 2000); return; }
  st = s; words = {...s.words, lang: s.lang}; cursor = s.cursor;
  if (as !== s.as) cur = null; // the address named nobody
  as = s.as;
  store.setItem(`griot.as.${document.body.dataset.surface}`, as);
  slot = `griot.seen.${document.body.dataset.surface}.${as}`;
  try { seen = JSON.parse(store.getItem(slot)) || {}; } catch { seen = {}; }
  msgs.clear(); s.messages.forEach((m) => msgs.set(m.id, m));
  speak(); people(); $('title').textContent = st.title === 'Griot' ? '' : st.title; banner('');
  const want = (cur || decodeURIComponent(location.hash.slice(1))).replace(/^dm:.*/, 'dm:' + as);
  go(st.channels.some((c) => c.id === want) ? want : st.channels[0].id);
  document.body.dataset.ready = as;
  listen();
}

function aside(e) {
  const a = e.currentTarget, box = $('beside');
  if (innerWidth <= 1100) return;
  e.preventDefault();
  const again = !box.hidden && box.dataset.side === a.dataset.side;
  document.querySelectorAll('.side').forEach((x) => x.ariaPressed = null);
  box.querySelector('iframe')?.remove();
  box.hidden = again;
  if (again) return;
  a.ariaPressed = 'true'; box.dataset.side = a.dataset.side;
  box.querySelector('h2').textContent = a.textContent.trim();
  box.querySelector('a').href = a.href;
  box.querySelector('button').onclick = () => a.click();
  box.append(h('iframe', {src: a.href, title: a.textContent.trim()}));
}
async function gallery() {
  const g = await (await fetch(api('gallery'))).json();
  words = {...g.words, lang: g.lang};
  speak();
  const [one, ...rest] = Object.keys(g.cards).sort((a, b) => (b === g.lang) - (a === g.lang));
  $('gallery').append(...g.cards[one].map((x, i) => h('section', {class: 'pair'}, h('h2', null, x.name), [x, ...rest.map((l) => g.cards[l][i])].map((y, n) => {
    const c = card({id: ''}, y.card);
    c.lang = [one, ...rest][n]; c.querySelectorAll('.acts').forEach((a) => { a.inert = true; });
    return c;
  }))));
  document.body.dataset.ready = 'gallery';
}
document.addEventListener('DOMContentLoaded', () => {
  prefix = document.body.dataset.prefix;
  $('theme').onclick = () => {
    const dark = (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    store.setItem('griot.theme', root.dataset.theme = dark ? 'light' : 'dark');
  };
  as = new URLSearchParams(location.search).get('as') || store.getItem(`griot.as.${document.body.dataset.surface}`) || '';
  if ($('gallery')) return gallery();
  if (self !== top) document.body.classList.add('framed');
  const s = $('say'), list = $('list');
  s.oninput = () => { grow(); complete(); };
  document.querySelector('.skip').onclick = (e) => { e.preventDefault(); s.focus(); };
  s.onkeydown = key;
  s.onblur = () => { $('complete').hidden = true; };
  s.onfocus = complete;
  s.onpaste = (e) => { if (e.clipboardData.files.length) { e.preventDefault(); attach(e.clipboardData.files); } };
  $('composer').onsubmit = (e) => { e.preventDefault(); send(); };
  $('clip').onclick = () => $('pick').click();
  $('pick').onchange = () => { attach($('pick').files); $('pick').value = ''; };
  list.ondragover = (e) => e.preventDefault();
  list.ondrop = (e) => { e.preventDefault(); attach(e.dataTransfer.files); };
  list.onscroll = () => { stuck = list.scrollHeight - list.scrollTop - list.clientHeight < 80; if (stuck) $('fresh').hidden = true; };
  addEventListener('resize', () => { if (stuck) bottom(); });
  $('fresh').onclick = () => { bottom(); s.focus(); };
  calm($('as')).onchange = () => { drafts.set(as + cur, s.value); s.value = ''; as = $('as').value; cur = null; load(); };
  document.querySelectorAll('.side').forEach((a) => a.addEventListener('click', aside));
  // A browser allows a handful of lines to one server: a page that nobody looks at gives its own back.
  let away;
  document.onvisibilitychange = () => {
    clearTimeout(away);
    if (document.hidden) away = setTimeout(() => { stream?.close(); away = 'closed'; }, 3e4);
    else if (away === 'closed') listen();
  };
  addEventListener('focus', () => { if (seen) { read(); rooms(); } });
  addEventListener('hashchange', () => { const id = decodeURIComponent(location.hash.slice(1)); if (st.channels.some((c) => c.id === id)) go(id); });
  load();
});
})();
