// The page as a whole: who speaks, the line to the server, what stands beside, the gallery.
import {$, api, drafts, h, keepDrafts, me, t} from './dom.js';
import {calm, card} from './card.js';
import {startComposer} from './composer.js';
import {keepForm} from './form.js';
import {begin, face, forget, go, startRoom, take} from './room.js';

const root = document.documentElement, mine = document.body.dataset;
let cursor, stream, slow;

const banner = (text) => { $('banner').textContent = text; $('banner').hidden = !text; };
const wanted = () => decodeURIComponent(location.hash.slice(1));

// listen follows what changes from where the page stands; the browser itself tries again when the line breaks.
function listen() {
  stream?.close();
  const s = stream = new EventSource(api('events', '&since=' + cursor));
  const on = (kind, f) => s.addEventListener(kind, (e) => { cursor = e.lastEventId || cursor; f(JSON.parse(e.data)); });
  on('message', (m) => take([m]));
  on('gone', (m) => forget(m.id));
  on('people', (all) => {
    const locale = all.find((p) => p.user === me.as)?.locale;
    me.st.people = all;
    if (locale && locale !== me.words.lang) load(); else people(); // somebody may have changed their language
  });
  on('reset', () => { s.close(); load(); });
  s.onopen = () => { clearTimeout(slow); slow = 0; banner(''); };
  s.onerror = () => {
    slow ||= setTimeout(() => banner(t('offline')), 1200);
    if (s.readyState === EventSource.CLOSED) setTimeout(() => { if (s === stream) load(); }, 2000);
  };
}

async function load() {
  let s;
  try {
    const r = await fetch(api('state'));
    if (!r.ok) throw new Error(r.status);
    s = await r.json();
  } catch {
    if (t('offline')) banner(t('offline'));
    setTimeout(load, 2000);
    return;
  }
  if (me.as !== s.as) me.cur = null; // the address named nobody
  Object.assign(me, {st: s, as: s.as, words: {...s.words, lang: s.lang}});
  cursor = s.cursor;
  localStorage.setItem('griot.as.' + mine.surface, me.as);
  speak();
  people();
  banner('');
  $('title').textContent = s.title === 'Griot' ? '' : s.title;
  begin(s.messages, (me.cur || wanted()).replace(/^dm:.*/, 'dm:' + me.as));
  mine.ready = me.as;
  listen();
}

function people() {
  $('as').replaceChildren(...me.st.people.map((p) => h('option', {value: p.user}, p.name)));
  $('as').value = me.as;
  face($('face'), me.as, me.st.people.find((p) => p.user === me.as)?.name || me.as);
}

// speak puts the page into the person's language.
function speak() {
  root.lang = me.words.lang;
  document.querySelectorAll('[data-t]').forEach((e) => { e.textContent = t(e.dataset.t); });
  document.querySelectorAll('[data-label]').forEach((e) => { e.ariaLabel = t(e.dataset.label); if (e.tagName === 'BUTTON') e.title = e.ariaLabel; });
}

// aside shows a link beside the chat where there is room for it; elsewhere the link is a link.
function aside(e) {
  const a = e.currentTarget, box = $('beside'), shut = !box.hidden && box.dataset.side === a.dataset.side, name = a.textContent.trim();
  if (innerWidth <= 1100) return;
  e.preventDefault();
  document.querySelectorAll('.side').forEach((x) => { x.ariaPressed = null; });
  box.querySelector('iframe')?.remove();
  box.hidden = shut;
  if (shut) return;
  a.ariaPressed = 'true';
  box.dataset.side = a.dataset.side;
  box.querySelector('h2').textContent = name;
  box.querySelector('a').href = a.href;
  box.querySelector('button').onclick = () => { a.click(); a.focus(); };
  box.append(h('iframe', {src: a.href, title: name}));
}

// gallery shows every card, the reader's language first. Its buttons are to look at.
async function gallery() {
  const g = await (await fetch(api('gallery'))).json();
  me.words = {...g.words, lang: g.lang};
  speak();
  const langs = Object.keys(g.cards).sort((a, b) => (b === g.lang) - (a === g.lang));
  $('gallery').append(...g.cards[langs[0]].map((x, i) => h('section', {class: 'pair'}, h('h2', null, x.name), langs.map((l) => {
    const c = card({}, g.cards[l][i].card);
    c.lang = l;
    c.querySelectorAll('.acts').forEach((a) => { a.inert = true; });
    return c;
  }))));
  mine.ready = 'gallery';
}

function start() {
  me.prefix = mine.prefix;
  me.as = new URLSearchParams(location.search).get('as') || localStorage.getItem('griot.as.' + mine.surface) || '';
  $('theme').onclick = () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    localStorage.setItem('griot.theme', root.dataset.theme = dark ? 'light' : 'dark');
  };
  if ($('gallery')) return gallery();
  if (self !== top) document.body.classList.add('framed');
  startRoom();
  startComposer();
  document.querySelector('.skip').onclick = (e) => { e.preventDefault(); $('say').focus(); };
  calm($('as')).onchange = () => {
    drafts.set(me.as + me.cur, $('say').value);
    $('say').value = '';
    Object.assign(me, {as: $('as').value, cur: null});
    load();
  };
  addEventListener('pagehide', () => {
    keepForm();
    if (me.cur) drafts.set(me.as + me.cur, $('say').value);
    keepDrafts();
  });
  document.querySelectorAll('.side').forEach((a) => a.addEventListener('click', aside));
  addEventListener('hashchange', () => { if (me.st.channels.some((c) => c.id === wanted())) go(wanted()); });
  // A browser allows a handful of lines to one server: a page that nobody looks at gives its own back.
  let away = 0, closed = false;
  document.onvisibilitychange = () => {
    clearTimeout(away);
    if (document.hidden) away = setTimeout(() => { stream?.close(); closed = true; }, 3e4);
    else if (closed) { closed = false; listen(); }
  };
  load();
}
start();
