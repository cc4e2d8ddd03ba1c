// Cards, as Griot shows them: spans, tones, pictures, buttons and selects.
import {fmt, h, icon, me, t} from './dom.js';
import {act} from './act.js';
import {sure} from './form.js';

const outside = {target: '_blank', rel: 'noopener noreferrer'};
const moment = {weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZoneName: 'short'};

function span(s) {
  switch (s.k) {
    case 'b': return h('strong', null, s.t);
    case 'c': return h('code', null, s.t);
    case 'a': return h('a', {href: s.u, ...outside, 'data-key': s.u}, s.t, h('span', {class: 'sr'}, ` (${t('opens')})`));
    case 'w': return h('time', {datetime: s.at, title: fmt(s.at, moment)}, s.t);
    case 'n': return h('span', {class: 'who'}, s.t);
    case 'r': return h('br');
    default: return document.createTextNode(s.t);
  }
}
export const spans = (list) => (list || []).map(span);
export const plain = (list) => (list || []).map((s) => s.t || ' ').join('');
export const block = (cls, list) => list?.length && h('p', {class: cls}, spans(list));
const tone = (x) => x && h('i', {class: 'tone ' + x}, icon(x), h('span', {class: 'sr'}, t(x)));
const picture = (x) => h('figure', null, h('img', {class: 'pic', src: `${me.prefix}/files/${x.hash}`, alt: x.alt, loading: 'lazy'}),
  x.alt && h('figcaption', {'aria-hidden': 'true'}, x.alt));
const section = (s) => h('section', {class: 'part'}, h('header', null, tone(s.tone), h('h4', null, s.title), h('span', {class: 'note'}, spans(s.note))), block('words', s.body));
const fact = (f) => h('div', null, h('dt', null, f.label), h('dd', null, spans(f.value)));

// card shows c, which stands in message m. One without a title is a sentence.
export function card(m, c) {
  const acts = h('div', {class: 'acts'}, (c.buttons || []).map((b) => button(m, b)), (c.selects || []).map((s) => select(m, s)));
  const head = c.title ? [h('header', null, tone(c.tone), h('div', null, h('h3', null, c.title), block('lead', c.lead))), block('words', c.body)]
    : [block('lead', c.lead), c.body?.length && h('div', {class: 'bodyline'}, tone(c.tone), block('words', c.body))];
  return h('article', {class: `card ${c.tone || ''} ${c.title ? '' : 'brief'}`}, head,
    c.images && h('div', {class: 'pics'}, c.images.map(picture)), c.fields && h('dl', null, c.fields.map(fact)), (c.sections || []).map(section),
    acts.firstChild && acts, block('foot', c.foot));
}

function button(m, b) {
  if (b.url) return h('a', {class: 'btn ' + (b.style || ''), href: b.url, ...outside, 'data-key': b.url}, b.label, icon('out'));
  const e = h('button', {type: 'button', class: 'btn ' + (b.style || ''), 'data-key': b.tag.split('|')[0]}, b.label);
  e.onclick = async () => {
    if (e.ariaDisabled || (b.style === 'risky' && !await sure(b))) return;
    lock(e, () => act({kind: 'press', message: m.id, tag: b.tag}));
  };
  return e;
}

function select(m, s) {
  const e = h('select', {class: 'btn', 'data-key': 's:' + s.tag.split('|')[0], 'aria-label': s.label},
    h('option', {value: ''}, s.label.replace(/…?$/, '…')), s.options.map((o) => h('option', {value: o.value}, o.label)));
  e.onchange = async () => {
    if (!e.value) return;
    await lock(e, () => act({kind: 'press', message: m.id, tag: s.tag, values: {value: [e.value]}}));
    e.value = '';
  };
  return calm(e);
}

// calm makes the keyboard open a select that acts, instead of acting at every arrow.
export function calm(s) {
  s.onkeydown = (e) => {
    if (!/^(Arrow|Home|End|Page|[^ ]$)/.test(e.key) || e.ctrlKey || e.metaKey || e.altKey || !s.showPicker) return;
    e.preventDefault();
    s.showPicker();
  };
  return s;
}

// lock lets nothing else of the same card or form be pressed until the answer is there.
export async function lock(e, work) {
  if (e.ariaDisabled) return null;
  const all = e.closest('.acts, footer').querySelectorAll('.btn');
  all.forEach((x) => { x.ariaDisabled = 'true'; });
  e.classList.add('busy');
  try {
    return await work();
  } finally {
    all.forEach((x) => { x.ariaDisabled = null; });
    e.classList.remove('busy');
  }
}
