// The message box: command completion, files, sending.
import {$, api, chip, drafts, fits, h, me, shout, t} from './dom.js';
import {act} from './act.js';
import {bottom} from './room.js';

let hits = [], at = -1, files = [], later = 0;
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

// valued is the option whose value is being typed at the end of a line: the last one named, or the first one when none is.
function valued(text) {
  const typed = fold(text.slice(1));
  const c = me.st.commands.map((c) => ({c, n: names(c).find((n) => typed.startsWith(n + ' '))})).filter((x) => x.n).sort((a, b) => b.n.length - a.n.length)[0];
  if (!c?.c.options) return null;
  const option = (name) => c.c.options.find((o) => fold(o.name) === fold(name)), start = c.n.length + 2, rest = text.slice(start);
  const last = rest.match(/^(.*\s)?([\p{L}_-]+):("?)([^"]*)$/u), o = last && option(last[2]) || !rest.includes(':') && c.c.options[0];
  if (!o?.offers) return null;
  const said = last && option(last[2]) ? last[4] : rest, head = last && option(last[2]) ? (last[1] || '') : '', values = {};
  for (const [, name, quoted, bare] of head.matchAll(/([\p{L}_-]+):(?:"([^"]*)"|(\S+))/gu)) if (option(name)) values[option(name).canonical] = [quoted ?? bare];
  values[o.canonical] = [said];
  return {put: (v) => `${text.slice(0, start)}${head}${o.name}:${/"/.test(v) ? `“${v}”` : `"${v}"`} `, ask: {as: me.as, ch: me.cur, command: c.n, option: o.canonical, values}};
}

async function offered(line) {
  try {
    const out = await (await fetch(api('typing'), {method: 'POST', body: JSON.stringify(line.ask)})).json();
    return out.options.map((o) => ({put: line.put(o.value), head: o.label}));
  } catch { return []; } // typing goes on without it
}

function complete() {
  const s = $('say'), text = s.value, asked = text.startsWith('/') && !text.includes('\n') && s.selectionEnd === text.length;
  show(asked ? suggest(text) : []);
  clearTimeout(later);
  const line = asked && !hits[0]?.command && valued(text);
  if (line) later = setTimeout(async () => {
    const more = await offered(line);
    if (more.length && s.value === text && document.activeElement === s) show([...more, ...suggest(text)]);
  }, 150);
}
function show(found) {
  hits = found;
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
  clearTimeout(later);
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
