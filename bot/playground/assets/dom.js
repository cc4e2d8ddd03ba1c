// What every part of the page shares: who speaks where, the words of their language, and how elements are made.
// Everything that people or networks wrote is put in as text, never as markup.

// me is the person spoken as, the channel that is open, and what the server said last.
export const me = {as: '', cur: null, st: {people: [], channels: [], commands: []}, words: {}, prefix: ''};

const kept = 'griot.drafts.' + document.body.dataset.surface;
// drafts are what was typed and not sent, by person and channel, and by person and form. keepDrafts saves them when the
// page is left or loaded again; they end with the tab.
export const drafts = new Map(stored());
export const keepDrafts = () => sessionStorage.setItem(kept, JSON.stringify([...drafts]));
function stored() {
  try { return JSON.parse(sessionStorage.getItem(kept)) || []; } catch { return []; }
}
export const $ = (id) => document.getElementById(id);
export const t = (key, ...args) => (me.words[key] || '').replace(/\{(\d)\}/g, (_, i) => args[i]);
export const api = (path, more = '') => `${me.prefix}/api/${path}?as=${encodeURIComponent(me.as || '')}${more}`;

// h makes an element: functions are listeners, the rest are attributes; false and null leave no trace.
export function h(tag, props, ...kids) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (typeof v === 'function') e.addEventListener(k, v);
    else if (v != null && v !== false) e.setAttribute(k, v === true ? '' : v);
  }
  e.append(...kids.flat().filter((k) => k != null && k !== false));
  return e;
}

const icons = {
  good: 'M5 13l4 4L19 7', waiting: 'M12 6v7l4 3', bad: 'M12 5v8M12 18v.5', close: 'M6 6l12 12M18 6 6 18',
  date: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4', out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  eye: 'M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6zM4 20 20 4',
};
export function icon(name) {
  const ns = 'http://www.w3.org/2000/svg', s = document.createElementNS(ns, 'svg'), p = document.createElementNS(ns, 'path');
  s.setAttribute('viewBox', '0 0 24 24');
  s.setAttribute('aria-hidden', 'true');
  p.setAttribute('d', icons[name]);
  s.append(p);
  return s;
}

// Moments, in the zone of the person spoken as.
export function fmt(at, options) {
  const person = me.st.people.find((p) => p.user === me.as), lang = me.words.lang === 'en' ? 'en-GB' : me.words.lang;
  try {
    return new Intl.DateTimeFormat(lang, {timeZone: person?.zone || undefined, ...options}).format(new Date(at));
  } catch { return ''; } // a zone the browser does not know
}
export const hour = (at) => fmt(at, {hour: '2-digit', minute: '2-digit'});
export const day = (at) => fmt(at, {weekday: 'long', day: 'numeric', month: 'long'});

// announce is for screen readers; shout is for everybody and stays until it is dismissed.
export function announce(text) {
  $('live').append(h('p', null, text));
  if ($('live').children.length > 4) $('live').firstChild.remove();
}
export function shout(text) {
  $('alert').replaceChildren(...text ? [h('span', null, text), h('button', {type: 'button', class: 'quiet', click: () => shout('')}, t('dismiss'))] : []);
}

// Files before they are sent.
export const size = (n) => n < 1e6 ? `${Math.ceil(n / 1000)}\u00a0${t('kilobytes')}` : `${(n / 1e6).toFixed(1)}\u00a0${t('megabytes')}`;
export const isPic = (type) => /^image\/(png|jpeg|gif|webp)$/.test(type);
export const fits = (list, say) => [...list].filter((f) => {
  const max = Number(document.body.dataset.max);
  if (f.size > max) say(t('tooBig', f.name, Math.round(max / 1e6)));
  return f.size <= max;
});
export const chip = (f, drop) => h('li', {class: 'chip'}, isPic(f.type) && h('img', {src: f.url ||= URL.createObjectURL(f), alt: ''}),
  h('span', null, f.name), f.size && h('small', null, size(f.size)),
  h('button', {type: 'button', 'aria-label': t('remove', f.name), click: drop}, icon('close')));
