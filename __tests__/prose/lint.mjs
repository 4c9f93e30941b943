// `npm run lint:prose`: checks the texts that people read against the rules of CONTRIBUTING.md (“Writing”). What is not corrected yet
// is on a list, a count for each file. The list only shrinks: more findings than listed are an error, and so are fewer.
//
//   --write        lowers the counts of the list to what is found
//   --all          prints the findings that are on the list, too
//   --root FOLDER  another folder than the repository's, for tests
//   FILE …         these files only
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import terminology from 'textlint-rule-terminology';
import { sentenceLength } from './sentence-length.mjs';
import { proseOf } from './texts.mjs';

const LIST = '__tests__/prose/findings.json';

/** Terms of the rule that are no mistakes here: names of files and packages, and names that code has in lower case. */
const NOT_TERMS = [
  ...['readme(s)?', 'indexes\\b', 'lock[- ]file(s)?', 'built ?in(s)?', "API['’]?s", 'Node[ .]?js', 'Golang'],
  ...['API', 'CPU', 'Git', 'GPU', 'JSON', 'SQL'],
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '../..') },
  },
});

const of = (module) => module.default ?? module;
const terms = JSON.parse(readFileSync(join(import.meta.dirname, 'terms.json'), 'utf8'));
const kernel = new TextlintKernel();
const LINT = {
  ext: '.md',
  plugins: [{ pluginId: 'markdown', plugin: of(markdown) }],
  rules: [
    { ruleId: 'terminology', rule: of(terminology), options: { terms, exclude: NOT_TERMS } },
    { ruleId: 'sentence-length', rule: sentenceLength, options: { max: 25 } },
  ],
};

const isPage = (file) => file.endsWith('.md');

/** The files whose texts people read. */
function files() {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: options.root,
    encoding: 'utf8',
  }).split('\n');
  return listed.filter(
    (file) =>
      existsSync(join(options.root, file)) &&
      !/(^|\/)__tests__\/|\.test\.ts$/.test(file) &&
      (isPage(file) || /^(constructs|packages|src|stacks|workloads)\/.*\.(ts|mjs)$|^main\.ts$/.test(file)),
  );
}

/** What is wrong in a file: `docs/pipeline.md:12: …`, in the order of its lines. */
async function findingsIn(file) {
  const source = readFileSync(join(options.root, file), 'utf8');
  const { text, lineOf } = isPage(file)
    ? { text: source, lineOf: (line) => line }
    : page(proseOf(file, source));
  const { messages } = await kernel.lintText(text, { ...LINT, filePath: file });
  return messages.map(({ line, message }) => `${file}:${lineOf(line)}: ${message.replaceAll('\n', ' ')}`);
}

/** Texts as one page, a paragraph each, and the line of the source for each of its lines. */
function page(texts) {
  const lines = texts.flatMap(({ line, lines }) => [
    ...lines.flatMap((each, index) => each.split('\n').map((part) => [part, line + index])),
    ['', line],
  ]);
  return { text: lines.map(([part]) => part).join('\n'), lineOf: (line) => lines[line - 1]?.[1] ?? line };
}

const listFile = join(options.root, LIST);
// Without a list, --write makes one.
const isNew = options.write && !existsSync(listFile);
const list = isNew ? {} : JSON.parse(readFileSync(listFile, 'utf8'));
const chosen = positionals.length > 0 ? positionals : [...new Set([...files(), ...Object.keys(list)])];
const errors = [];
const counts = {};
for (const file of chosen) {
  const found = existsSync(join(options.root, file)) ? await findingsIn(file) : [];
  const allowed = isNew ? found.length : (list[file] ?? 0);
  const say = (what) => errors.push(`${file}: ${found.length} findings, ${allowed} on the list: ${what}`);
  if (found.length > allowed || options.all) found.forEach((finding) => console.log(finding));
  if (found.length > allowed) say('correct the new ones');
  else if (found.length < allowed && !options.write) say('npm run lint:prose -- --write');
  const count = Math.min(found.length, allowed);
  if (count > 0) counts[file] = count;
}
if (options.write && positionals.length === 0) {
  const sorted = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(listFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
const left = Object.values(counts).reduce((sum, count) => sum + count, 0);
errors.forEach((error) => console.log(error));
if (errors.length === 0) console.log(`${left} findings left in ${Object.keys(counts).length} files`);
process.exitCode = errors.length > 0 ? 1 : 0;
