// Dialogs: "are you sure", and forms with every kind of input.
import {$, chip, drafts, fits, h, icon, me, t} from './dom.js';
import {act} from './act.js';
import {block, lock} from './card.js';

// sure asks before a risky press.
export function sure(b) {
  const d = $('sure');
  d.returnValue = '';
  d.replaceChildren(h('form', {method: 'dialog'}, h('header', null, h('h2', {id: 'sureTitle'}, b.confirm || t('sure'))),
    h('footer', null, h('button', {class: 'btn', value: ''}, t('cancel')), h('button', {class: 'btn risky', value: 'yes'}, b.label))));
  d.showModal();
  return new Promise((done) => d.addEventListener('close', () => done(d.returnValue === 'yes'), {once: true}));
}

let open = null; // the form on the screen: its tag's verb, its fields, and how to keep its words

// keepForm keeps the words of the form on the screen, for whoever typed them.
export const keepForm = () => open?.keep();
const same = (a, b) => JSON.stringify(a || []) === JSON.stringify(b || []);

// openForm shows f, or shows it again: what was typed stays, and the first thing that is wrong has the focus. A form that
// is left, or refused because the post has changed, keeps its words until the same person opens it again; where the form
// comes with other words than then, those count. A secret is never kept.
export function openForm(f, message) {
  const d = $('form'), [verb, subject] = f.tag.split('|'), draft = ['form', me.as, verb, subject].join(' ');
  const before = d.open && open?.verb === verb ? open : null, saved = before ? null : drafts.get(draft);
  const given = before?.given || Object.fromEntries(f.inputs.map((x) => [x.name, x.kind === 'secret' ? [] : x.value || []]));
  const again = (x) => saved && x.kind !== 'secret' && same(saved.given[x.name], x.value) ? saved.typed[x.name] || [] : null;
  const fields = f.inputs.map((x) => field(x, before?.fields.find((y) => y.name === x.name), again(x)));
  const values = (some) => Object.fromEntries(some.map((x) => [x.name, x.read()]).filter(([, v]) => v.length));
  const keep = () => drafts.set(draft, {given, typed: values(fields.filter((x) => x.kind !== 'secret'))});
  const wrong = h('p', {class: 'wrong', role: 'alert', hidden: true}), say = (text) => { wrong.textContent = text; wrong.hidden = !text; };
  const done = () => { open = null; d.close(); };
  const shut = () => { keep(); done(); };
  const submit = h('button', {class: 'btn primary'}, f.submit);
  const form = h('form', {novalidate: true},
    h('header', null, h('h2', {id: 'formTitle'}, f.title), h('button', {type: 'button', class: 'tool', 'aria-label': t('close'), click: shut}, icon('close'))),
    h('div', {class: 'fields'}, block('hint', f.intro), fields.map((x) => x.el)), wrong,
    h('footer', null, h('button', {type: 'button', class: 'btn', click: shut}, t('cancel')), submit));
  form.onsubmit = async (e) => {
    e.preventDefault();
    const bad = fields.filter((x) => !x.check()), mine = open;
    if (bad.length) return bad[0].focus();
    const files = fields.flatMap((x) => (x.files || []).map((file) => ({input: x.name, file})));
    const out = await lock(submit, () => act({kind: 'form', tag: f.tag, message, values: values(fields)}, files, say));
    if (!out || out.form) return;
    if (out.messages?.some((m) => m.to && m.card?.tone === 'bad')) keep(); else drafts.delete(draft);
    if (open === mine) done();
  };
  form.onkeydown = (e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) form.requestSubmit(); };
  d.oncancel = (e) => { e.preventDefault(); shut(); };
  open = {verb, fields, given, keep};
  d.replaceChildren(form);
  if (!d.open) d.showModal();
  (fields.find((x) => x.wrong) || fields[0])?.focus();
}

// field is one input of a form: el to show, read and files for what is in it, check for whether it may go.
function field(x, before, saved) {
  const id = 'in-' + x.name, err = h('p', {class: 'err', id: id + '-err', hidden: true}), count = h('span', {class: 'number'});
  const self = {name: x.name, kind: x.kind, focus: () => self.input?.focus()};
  const known = {id, name: x.name, 'aria-describedby': `${id}-hint ${id}-err`, 'aria-required': x.required ? 'true' : null};
  const value = x.kind === 'secret' ? [] : saved || x.value || before?.read() || [];
  self.tell = (text) => {
    self.wrong = err.textContent = text;
    err.hidden = !text;
    (self.group ? self.el : self.input).ariaInvalid = text ? 'true' : null;
  };
  self.check = () => {
    const given = self.read(), over = x.max && ['line', 'text', 'secret'].includes(x.kind) ? [...given.join()].length - x.max : 0;
    self.tell(x.required && !given.length && !self.files?.length ? t('required') : over > 0 ? t('tooLong', over) : '');
    return !self.wrong;
  };
  const few = x.kind === 'choice' && x.options?.length < 5, room = x.kind === 'room' && x.options?.length;
  const make = x.kind === 'many' || few ? boxes : x.kind === 'choice' || room ? list : x.kind === 'files' ? pictures : typed;
  const shown = make(x, self, known, value, count, before);
  const label = [x.label, !x.required && [' ', h('span', {class: 'opt'}, t('optional'))]].flat();
  const foot = h('div', {class: 'hintline'}, h('span', {class: 'hint', id: id + '-hint'}, x.help || ''), count);
  self.el = self.group ? h('fieldset', {class: 'in-field', 'aria-describedby': known['aria-describedby']}, h('legend', null, label), shown, err, foot)
    : h('div', {class: 'in-field'}, h('label', {for: id}, label), shown, err, foot);
  if (x.error) self.tell(x.error);
  return self;
}

function boxes(x, self, known, value) {
  self.group = (x.options || []).map((o) => {
    const box = h('input', {type: x.kind === 'many' ? 'checkbox' : 'radio', name: x.name, value: o.value});
    box.checked = value.includes(o.value);
    return [box, o.label];
  });
  self.read = () => self.group.filter(([box]) => box.checked).map(([box]) => box.value);
  self.input = self.group[0]?.[0];
  return h('div', {class: 'choices'}, self.group.map((pair) => h('label', null, pair)));
}

function list(x, self, known, value) {
  self.input = h('select', {...known, class: 'field'}, h('option', {value: ''}, t('choose')), x.options?.map((o) => h('option', {value: o.value}, o.label)));
  self.input.value = value[0] || '';
  self.read = () => [self.input.value].filter(Boolean);
  return self.input;
}

function pictures(x, self, known, value, count, before) {
  let kept = value.slice();
  self.files = before?.files || [];
  const shown = h('ul', {class: 'kept'}), pick = h('input', {type: 'file', multiple: x.max !== 1, accept: 'image/*', hidden: true});
  const drop = (change) => () => { change(); show(); self.focus(); };
  const show = () => shown.replaceChildren(
    ...kept.map((v) => chip({name: x.options?.find((o) => o.value === v)?.label || v}, drop(() => { kept = kept.filter((y) => y !== v); }))),
    ...self.files.map((f) => chip(f, drop(() => { self.files = self.files.filter((y) => y !== f); }))));
  pick.onchange = () => {
    self.tell('');
    self.files = self.files.concat(fits(pick.files, self.tell));
    if (x.max && self.files.length + kept.length > x.max) {
      self.files = self.files.slice(0, Math.max(0, x.max - kept.length));
      self.tell(t('tooMany', x.max));
    }
    pick.value = '';
    show();
  };
  self.input = h('button', {...known, type: 'button', class: 'btn', click: () => pick.click()}, t('addFiles'));
  self.read = () => kept;
  show();
  return [shown, pick, self.input];
}

function typed(x, self, known, value, count) {
  const secret = x.kind === 'secret', props = {...known, class: 'text', autocomplete: secret ? 'new-password' : 'off'};
  const input = self.input = x.kind === 'text' ? h('textarea', {...props, rows: 5}) : h('input', {...props, type: secret ? 'password' : 'text'});
  input.value = value[0] || '';
  self.read = () => [input.value].filter((v) => v.trim());
  const tally = () => {
    const n = [...input.value].length;
    count.textContent = x.max ? t('countOf', n, x.max) : t('count', n);
    count.classList.toggle('over', x.max > 0 && n > x.max);
  };
  const counted = x.kind === 'text' || x.max;
  if (counted) tally();
  input.oninput = () => { if (self.wrong) self.tell(''); if (counted) tally(); };
  return x.kind === 'moment' ? clock(self) : input;
}

// clock puts the browser's own picker beside words like "tomorrow 9am"; it fills in "2006-01-02 15:04".
function clock(self) {
  const native = h('input', {type: 'datetime-local', tabindex: -1, 'aria-hidden': 'true'});
  native.onchange = () => { self.input.value = native.value.replace('T', ' '); self.tell(''); };
  return h('div', {class: 'moment'}, self.input, native,
    h('button', {type: 'button', class: 'btn', 'aria-label': t('pick'), title: t('pick'), click: () => native.showPicker()}, icon('date')));
}
