// `npm run lint:prose`: checks the texts that people read against the rules of CONTRIBUTING.md (“Writing”). Every finding is an error.
//
//   --root FOLDER  another folder than the repository's, for tests
//   --messages     prints every sentence of the code that a user can meet, instead
//   FILE …         these files only
//
// Of tests it reads the titles alone, each with those of the `describe` around it: together they are a sentence with a subject.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import terminology from 'textlint-rule-terminology';
import { sentenceLength } from './sentence-length.mjs';
import { proseOf, titlesOf } from './texts.mjs';

/** Terms of the rule that are no mistakes here: names of files and packages, and names that code has in lower case. */
const NOT_TERMS = [
  ...['readme(s)?', 'indexes\\b', 'lock[- ]file(s)?', 'built ?in(s)?', "API['’]?s", 'Node[ .]?js', 'Golang'],
  ...['API', 'CPU', 'Git', 'GPU', 'JSON', 'SQL'],
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', default: join(import.meta.dirname, '../..') },
    messages: { type: 'boolean', default: false },
  },
});

const of = (module) => module.default ?? module;
const { terms, notFirstInTitle } = JSON.parse(readFileSync(join(import.meta.dirname, 'terms.json'), 'utf8'));
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
const isTest = (file) => file.endsWith('.test.ts');

/** The files whose texts people read. */
function files() {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: options.root,
    encoding: 'utf8',
  }).split('\n');
  return listed.filter(
    (file) =>
      existsSync(join(options.root, file)) &&
      (isTest(file) ||
        (!/(^|\/)__tests__\//.test(file) &&
          (isPage(file) ||
            /^(constructs|packages|src|stacks|workloads)\/.*\.(ts|mjs)$|^main\.ts$/.test(file)))),
  );
}

/** What is wrong in a file: `docs/pipeline.md:12: …`, in the order of its lines. */
async function findingsIn(file) {
  const source = readFileSync(join(options.root, file), 'utf8');
  const titles = isTest(file) ? titlesOf(file, source) : [];
  const { text, lineOf } = isPage(file)
    ? { text: source, lineOf: (line) => line }
    : page(isTest(file) ? titles : proseOf(file, source));
  const { messages } = await kernel.lintText(text, { ...LINT, filePath: file });
  return [
    ...messages.map(({ line, message }) => [lineOf(line), message.replaceAll('\n', ' ')]),
    ...titles.flatMap(({ line, lines: [title] }) => {
      const first = title.split(/[ ,:]/)[0];
      return notFirstInTitle.includes(first)
        ? [[line, `a title begins with “${first}”, and not with its subject: ${title}`]]
        : [];
    }),
  ].map(([line, message]) => `${file}:${line}: ${message}`);
}

/** Texts as one page, a paragraph each, and the line of the source for each of its lines. */
function page(texts) {
  const lines = texts.flatMap(({ line, lines }) => [
    ...lines.flatMap((each, index) => each.split('\n').map((part) => [part, line + index])),
    ['', line],
  ]);
  return { text: lines.map(([part]) => part).join('\n'), lineOf: (line) => lines[line - 1]?.[1] ?? line };
}

const chosen = positionals.length > 0 ? positionals : files();
if (options.messages) {
  for (const file of chosen.filter((each) => !isPage(each) && !isTest(each))) {
    const messages = proseOf(file, readFileSync(join(options.root, file), 'utf8'))
      .filter(({ isComment }) => !isComment)
      .map(({ lines }) => `  ${lines.join(' ').replaceAll(/\s+/g, ' ').trim()}`);
    if (messages.length > 0) console.log([file, ...new Set(messages)].join('\n'));
  }
  process.exit();
}
const findings = (await Promise.all(chosen.map(findingsIn))).flat();
findings.forEach((finding) => console.log(finding));
console.log(`${findings.length} findings in ${chosen.length} files`);
process.exitCode = findings.length > 0 ? 1 : 0;
