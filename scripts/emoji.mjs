// Writes Griot's table of Slack's emoji names, from the package that Slack takes its own from.
//   folder=$(mktemp -d) && npm install --prefix "$folder" emoji-datasource@16.0.0
//   node scripts/emoji.mjs "$folder/node_modules/emoji-datasource" > bot/slackbot/blockkit/emoji.txt
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const read = (name) => readFileSync(join(folder, name), 'utf8');
const { name, version } = JSON.parse(read('package.json'));

const text = (points) => String.fromCodePoint(...points.split('-').map((p) => parseInt(p, 16)));
const light = text('1F3FB'), medium = text('1F3FC');

// The tones stand in a line as an example: other tones are put in their place. That this gives every variation is checked here.
function tones(emoji) {
  const all = emoji.skin_variations;
  if (!all) return [];
  const one = text((all['1F3FB'] ?? all['1F3FB-1F3FB']).unified);
  const two = all['1F3FB-1F3FC'] && text(all['1F3FB-1F3FC'].unified);
  for (const [key, variation] of Object.entries(all)) {
    const [first, second] = key.split('-').map(text);
    const same = !second || second === first;
    const made = same ? one.replaceAll(light, first)
      : two.replace(new RegExp(`${light}|${medium}`, 'gu'), (tone) => (tone === light ? first : second));
    if (made !== text(variation.unified)) throw new Error(`${emoji.short_name} does not vary like others: ${key}`);
  }
  return two ? [one, two] : [one];
}

const lines = [];
for (const emoji of JSON.parse(read('emoji.json'))) {
  const shown = [text(emoji.unified), ...tones(emoji)];
  for (const short of emoji.short_names) lines.push([short, ...shown].join(' '));
}
lines.sort();

const head = `The names that Slack gives to the emoji of Unicode, sorted by their bytes: a name, the emoji, the emoji in skin tone 2
where it has tones, and in tones 2 and 3 where it shows two people.
Made by scripts/emoji.mjs from the npm package ${name} ${version}, whose notice follows. Do not edit.

${read('LICENSE').trim()}`;
process.stdout.write([...head.split('\n').map((line) => `# ${line}`.trim()), ...lines].join('\n') + '\n');
