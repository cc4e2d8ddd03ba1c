// Reads phrases on stdin, one JSON object a line: {"text", "now", "locale"}; prints what chrono-node makes of
// each, in the same order: the local time "2006-01-02T15:04", or "null" when it reads nothing or reads only a part.
// TZ must be the zone of the phrases. GRIOT_CHRONO is the folder whose node_modules holds chrono-node.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.env.GRIOT_CHRONO + '/');
const chrono = require('chrono-node');
const readers = { fr: [chrono.fr, chrono.en.GB], en: [chrono.en.GB, chrono.fr] };

const two = (n) => String(n).padStart(2, '0');

// One day and time as chrono says it, with no zone in between: its components are local to the reference.
function local(start) {
  const day = [start.get('year'), two(start.get('month')), two(start.get('day'))].join('-');
  return `${day}T${two(start.get('hour'))}:${two(start.get('minute'))}`;
}

// Chrono searches a text for dates; here the whole text must be one.
function read({ text, now, locale }) {
  const reference = new Date(now);
  for (const reader of readers[locale]) {
    const [found, ...more] = reader.parse(text, reference, { forwardDate: true });
    if (found && more.length === 0 && found.text.length >= text.trim().length - leads(text)) {
      return local(found.start);
    }
  }
  return 'null';
}

// How many letters of the text are only its first little word, which chrono leaves out.
function leads(text) {
  const lead = /^(?:le|à|a|at|on|the|pour)\s+/i.exec(text.trim());
  return lead ? lead[0].length : 0;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim()) console.log(read(JSON.parse(line)));
}
