// The message box: command completion, files, sending.
import {$, chip, drafts, fits, h, me, shout, t} from './dom.js';
import {act} from './act.js';
import {bottom} from './room.js';

let hits = [], at = -1, files = [];
const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function grow() {
  const s = $('say');
  s.style.height = 'auto';
  s.style.height = s.scrollHeight + 'px';
}

// names of a command as it may be typed: in the reader's language and in the other.
const names = (c) => [c.name, c.also].filter(Boolean).map(fold);

function suggest(text) {
  const typed = fold(text.slice(1));
  const found = me.st.commands.filter((c) => names(c).some((n) => n.startsWith(typed) || n.split(' ').some((w) => typed && w.startsWith(typed))));
  if (found.length) return found.map((c) => ({put: `/${c.name} `, head: '/' + c.name, about: c.about, more: c.usage, command: names(c)}));
  const full = me.st.commands.filter((c) => names(c).some((n) => typed.startsWith(n + ' '))).sort((a, b) => b.name.length - a.name.length)[0];
  if (!full || (text.match(/"/g) || []).length % 2) return [];
  const last = text.match(/\S*$/)[0];
  return (full.options || []).filter((o) => !text.includes(o.name + ':') && o.name.startsWith(last)).map((o) => ({
    put: text.slice(0, text.length - last.length) + o.name + ':', head: o.name + ':', about: o.about + (o.required ? '' : ` (${t('optional')})`),
  }));
}

function complete() {
  const s = $('say'), asked = s.value.startsWith('/') && !s.value.includes('\n') && s.selectionEnd === s.value.length;
  hits = asked ? suggest(s.value) : [];
  $('complete').replaceChildren(...hits.map((x, i) => h('li', {id: 'hit' + i, role: 'option', mousedown: (e) => { e.preventDefault(); fill(i); }},
    h('b', null, x.head), h('span', null, x.about || ''), x.more && h('small', null, x.more))));
  $('complete').hidden = !hits.length;
  point(hits[0]?.command ? 0 : -1);
}
function point(i) {
  at = i;
  [...$('complete').children].forEach((e, n) => { e.ariaSelected = String(n === at); if (n === at) e.scrollIntoView({block: 'nearest'}); });
  if (at >= 0) $('say').setAttribute('aria-activedescendant', 'hit' + at); else $('say').removeAttribute('aria-activedescendant');
}
function fill(i) {
  $('say').value = hits[i].put;
  $('say').focus();
  grow();
  complete();
}
function hide() {
  hits = [];
  $('complete').hidden = true;
  point(-1);
}

function key(e) {
  const n = hits.length;
  if (n && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
    e.preventDefault();
    point((at + (e.key === 'ArrowDown' ? 1 : at < 0 ? 0 : n - 1) + n) % n);
  } else if (n && e.key === 'Tab' && !e.shiftKey) {
    e.preventDefault();
    fill(Math.max(at, 0));
  } else if (n && e.key === 'Escape') hide();
  else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    if (at >= 0 && !hits[at].command?.includes(fold($('say').value.trim().slice(1)))) fill(at); else send();
  }
}

async function send() {
  const s = $('say'), text = s.value.trim(), form = $('composer'), to = me.cur, sent = files;
  if ((!text && !files.length) || form.ariaBusy) return;
  form.ariaBusy = 'true';
  hide();
  s.value = '';
  files = [];
  attached();
  grow();
  const out = await act({kind: 'line', text}, sent.map((file) => ({file})));
  form.ariaBusy = null;
  if (out) {
    if (me.cur === to) bottom();
    return;
  }
  files = sent.concat(files); // what was not stored comes back, before what was typed since
  attached();
  if (me.cur !== to) return drafts.set(me.as + to, text);
  s.value = s.value ? text + '\n' + s.value : text;
  grow();
}

function attached() {
  $('attached').replaceChildren(...files.map((f) => chip(f, () => { files = files.filter((x) => x !== f); attached(); $('say').focus(); })));
}
function attach(list) {
  files = files.concat(fits(list, shout));
  if (files.length > 10) shout(t('tooMany', 10));
  files = files.slice(0, 10);
  attached();
  $('say').focus();
}

export function startComposer() {
  const s = $('say'), list = $('list');
  s.oninput = () => { grow(); complete(); };
  s.onkeydown = key;
  s.onblur = hide;
  s.onfocus = complete;
  s.onpaste = (e) => { if (e.clipboardData.files.length) { e.preventDefault(); attach(e.clipboardData.files); } };
  $('composer').onsubmit = (e) => { e.preventDefault(); send(); };
  $('clip').onclick = () => $('pick').click();
  $('pick').onchange = () => { attach($('pick').files); $('pick').value = ''; };
  list.ondragover = (e) => e.preventDefault();
  list.ondrop = (e) => { e.preventDefault(); attach(e.dataTransfer.files); };
}
