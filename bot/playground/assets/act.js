// What a person does goes to the server here, and its answer comes back.
import {api, me, shout, t} from './dom.js';
import {openForm} from './form.js';
import {take} from './room.js';

// act sends one thing the person did and gives the answer, or null after saying why not. Its id stays the same when the
// line breaks, so that it is done once.
export async function act(what, attached = [], say = shout) {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  const body = new FormData();
  body.append('act', JSON.stringify({id, as: me.as, ch: me.cur, ...what}));
  attached.forEach((f) => body.append(f.input || 'file', f.file, f.file.name));
  say('');
  const out = await post(body) || await new Promise((next) => setTimeout(next, 700)).then(() => post(body)) || {error: t('unsent')};
  if (out.error) {
    say(out.error);
    return null;
  }
  take(out.messages);
  if (out.form) openForm(out.form, what.message);
  return out;
}

async function post(body) {
  try {
    return await (await fetch(api('act'), {method: 'POST', body})).json();
  } catch { return null; } // not reached, or not Griot that answered
}
