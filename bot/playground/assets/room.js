// The channels and what stands in them. What did not change keeps its element, its focus and its place on the screen.
import {$, announce, api, day, drafts, h, hour, icon, isPic, me, shout, size, t} from './dom.js';
import {card, plain, spans} from './card.js';
import {grow} from './composer.js';

const msgs = new Map(), nodes = new Map();
let seen = {}, slot = '', stuck = true;

const num = (id) => Number(id);
const mark = (n) => h('img', {src: new URL('mark.svg', import.meta.url), alt: '', width: n, height: n});
const inChannel = (ch) => [...msgs.values()].filter((m) => m.ch === ch).sort((a, b) => num(a.id) - num(b.id));
const author = (m) => m.from === 'griot' ? 'Griot' : me.st.people.find((p) => p.user === m.from)?.name || m.name || m.from;
export const label = (id) => {
  const c = me.st.channels.find((x) => x.id === id);
  return !c ? '' : id.startsWith('dm:') ? c.name : '#' + c.name;
};

// face is the round picture of a person: the same colour for the same user everywhere.
export function face(e, user, name) {
  const griot = user === 'griot', colour = [...user].reduce((n, c) => (n * 31 + c.codePointAt(0)) % 6, 0);
  e.className = `face f${colour}${griot ? ' griot' : ''}`;
  e.replaceChildren(griot ? mark(22) : name.split(/\s+/).map((w) => [...w][0]).slice(0, 2).join('').toUpperCase());
  return e;
}

const nudge = (l) => [h('span', {class: 'at'}, '@' + l.name), ' ', ...spans(l.words)];
function file(f) {
  const src = `${me.prefix}/files/${f.hash}`, pic = isPic(f.type);
  return h('a', {class: pic ? '' : 'file', href: src, target: '_blank', rel: 'noopener', 'data-key': f.hash},
    pic ? h('img', {class: 'pic', src, alt: f.name}) : `${f.name} · ${size(f.size)}`);
}
function lines(m) {
  if (!m.card && !m.text) return h('p', {class: 'line mine'}, nudge(m.lines[0])); // a nudge of its own, in the direct conversation
  return h('ul', {class: 'lines'}, m.lines.map((l) => h('li', {class: l.to === me.as ? 'mine' : ''}, nudge(l), ' ', h('time', {datetime: l.at}, hour(l.at)))));
}
function build(m) {
  return h('div', {class: 'msg' + (m.to ? ' secret' : ''), tabindex: -1, 'data-id': m.id}, face(h('i', {'aria-hidden': 'true'}), m.from, author(m)),
    h('div', {class: 'main'},
      h('div', {class: 'head'}, h('b', null, author(m)), h('time', {datetime: m.at, title: day(m.at)}, hour(m.at)),
        m.via && h('span', {class: 'via'}, t('answers') + ' ', h('code', null, m.via))),
      m.text && h('p', {class: 'words'}, m.text), m.files && h('div', {class: 'files'}, m.files.map(file)), m.card && card(m, m.card), m.lines && lines(m),
      m.to && h('p', {class: 'only'}, icon('eye'), t('onlyYou'), h('button', {type: 'button', class: 'quiet', 'data-key': 'dismiss', click: () => dismiss(m)}, t('dismiss')))));
}

export function bottom() {
  $('list').scrollTop = $('list').scrollHeight;
  $('fresh').hidden = stuck = true;
}

// While a button is held down nothing moves under the finger: what arrives meanwhile is drawn when it is let go.
let held = 0, owed = false;
function hold(e) {
  if (!e.target.closest?.('button.btn, .quiet')) return;
  clearTimeout(held);
  held = setTimeout(letGo, 1500); // never for long: the end of a press may not be told
}
function letGo() {
  clearTimeout(held);
  held = 0;
  if (owed) draw();
}

// draw makes the list equal to what is known.
function draw() {
  owed = held !== 0;
  if (owed) return;
  const list = $('list'), all = inChannel(me.cur), top = list.scrollTop + list.offsetTop;
  const anchor = !stuck && [...list.children].find((e) => e.offsetTop + e.offsetHeight > top), was = anchor && anchor.offsetTop;
  prune(new Set(all.map((m) => m.id)));
  let prev, place = list.firstElementChild;
  for (const m of all) {
    const el = refresh(m);
    if (place && !place.isConnected) place = el;
    if (el === place) place = place.nextElementSibling; else list.insertBefore(el, place);
    follow(el, m, prev);
    prev = m;
  }
  if (!all.length) list.append(h('p', {class: 'empty'}, t('empty')));
  const now = anchor && nodes.get(anchor.dataset.id)?.el;
  if (stuck) bottom(); else if (now) list.scrollTop += now.offsetTop - was;
  if (document.hasFocus() || !seen[me.cur]) read();
  rooms();
}
function prune(kept) {
  for (const [id, n] of nodes) {
    if (kept.has(id)) continue;
    if (n.el.contains(document.activeElement)) $('say').focus();
    n.el.remove();
    nodes.delete(id);
  }
  $('list').querySelector('.empty')?.remove();
}
// refresh gives the element of m, built anew when m changed; then the focus goes to the same control, or to the message.
function refresh(m) {
  const old = nodes.get(m.id);
  if (old?.rev === m.rev) return old.el;
  const el = build(m), focus = document.activeElement, had = old?.el.contains(focus);
  old?.el.replaceWith(el);
  if (had) (el.querySelector(`[data-key="${CSS.escape(focus.dataset.key || '')}"]`) || el).focus({preventScroll: true});
  nodes.set(m.id, {el, rev: m.rev});
  return el;
}
// follow joins a message to the one before it, or begins a day.
function follow(el, m, prev) {
  const fresh = !prev || day(prev.at) !== day(m.at);
  el.classList.toggle('cont', !fresh && prev.from === m.from && !m.via && prev.to === m.to && new Date(m.at) - new Date(prev.at) < 3e5);
  if (fresh) el.dataset.day = day(m.at); else delete el.dataset.day;
}

const latest = (m) => Math.max(m.from === me.as ? 0 : num(m.id), ...(m.lines || []).map((l) => num(l.id)));
export function read() {
  seen[me.cur] = Math.max(seen[me.cur] || 0, ...inChannel(me.cur).map(latest));
  localStorage.setItem(slot, JSON.stringify(seen));
}

// rooms lists the channels with what is new in each, and how often the reader was named there. The buttons stay the same
// elements, so that no click and no focus is lost when something arrives.
export function rooms() {
  const items = {channels: [], direct: []};
  let total = 0;
  for (const c of me.st.channels) {
    const all = inChannel(c.id), since = seen[c.id] || 0, here = c.id === me.cur, dm = c.id.startsWith('dm:');
    const news = !here && all.some((m) => latest(m) > since);
    const named = here ? 0 : all.flatMap((m) => m.lines || []).filter((l) => l.to === me.as && num(l.id) > since).length;
    const b = document.querySelector(`[data-room="${CSS.escape(c.id)}"]`) || h('button', {type: 'button', 'data-room': c.id, click: () => go(c.id)});
    total += named;
    b.className = news ? 'new' : '';
    b.ariaCurrent = here ? 'page' : null;
    b.replaceChildren(dm ? mark(20) : h('b', {'aria-hidden': 'true'}, '#'), h('span', null, c.name),
      named ? h('span', {class: 'count'}, named, h('span', {class: 'sr'}, ' ' + t('unread'))) : news ? h('span', {class: 'dot'}, h('span', {class: 'sr'}, t('unread'))) : '');
    items[dm ? 'direct' : 'channels'].push(b.parentElement || h('li', null, b));
  }
  for (const id in items) {
    const old = [...$(id).children];
    if (old.length !== items[id].length || old.some((e, i) => e !== items[id][i])) $(id).replaceChildren(...items[id]);
  }
  document.title = `${total ? `(${total}) ` : ''}${me.st.title} · ${label(me.cur)}`;
}

// go opens a channel.
export function go(id) {
  const s = $('say'), moved = me.cur !== id;
  if (me.cur && moved) drafts.set(me.as + me.cur, s.value);
  me.cur = id;
  stuck = true;
  history.replaceState(null, '', `?as=${encodeURIComponent(me.as)}#${encodeURIComponent(id)}`);
  $('where').textContent = label(id);
  $('about').textContent = id.startsWith('dm:') ? t('directTo') : '';
  s.placeholder = t(innerWidth > 720 ? 'sayHint' : 'say', label(id));
  s.ariaLabel = t('say', label(id));
  if (moved) {
    s.value = drafts.get(me.as + id) || '';
    grow();
    nodes.clear();
    $('list').replaceChildren();
  }
  read();
  draw();
  document.querySelector('[aria-current]').scrollIntoView({block: 'nearest', inline: 'nearest'});
}

// begin starts again from what the server says.
export function begin(all, where) {
  slot = `griot.seen.${document.body.dataset.surface}.${me.as}`;
  try { seen = JSON.parse(localStorage.getItem(slot)) || {}; } catch { seen = {}; }
  msgs.clear();
  all.forEach((m) => msgs.set(m.id, m));
  go(me.st.channels.some((c) => c.id === where) ? where : me.st.channels[0].id);
}

// take keeps what is newer than what is known, shows it and says it aloud.
export function take(list) {
  for (const m of list || []) {
    const old = msgs.get(m.id);
    if (old && old.rev >= m.rev) continue;
    msgs.set(m.id, m);
    tell(m, old);
    if (old || m.ch !== me.cur) continue;
    if (m.from === me.as) stuck = true; else if (!stuck) $('fresh').hidden = false;
  }
  if (list?.length) draw();
}
function tell(m, old) {
  const line = m.lines?.length > (old?.lines?.length || 0) && m.lines.at(-1), what = m.card?.title || plain(m.card?.body) || m.text || '';
  if (line) announce(`@${line.name} ${plain(line.words)}`);
  else if (m.ch !== me.cur) { if (!old) announce(t('newIn', label(m.ch))); }
  else if (old) announce(t('updated', what.slice(0, 90)));
  else if (m.from !== me.as) announce(t('from', author(m), what.slice(0, 140)));
}
export function forget(id) {
  msgs.delete(id);
  draw();
}
async function dismiss(m) {
  const r = await fetch(api('dismiss'), {method: 'POST', body: JSON.stringify({as: me.as, ch: m.ch, message: m.id})}).catch(() => null);
  if (r?.ok) forget(m.id); else shout(t('unsent'));
}

export function startRoom() {
  const list = $('list');
  list.onscroll = () => {
    stuck = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    if (stuck) $('fresh').hidden = true;
  };
  list.addEventListener('pointerdown', hold);
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { if (held) setTimeout(letGo); }); // after the click
  $('fresh').onclick = () => { bottom(); $('say').focus(); };
  addEventListener('resize', () => { if (stuck) bottom(); });
  addEventListener('focus', () => { if (me.cur) { read(); rooms(); } });
}
