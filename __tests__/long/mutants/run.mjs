// Runs the tests of the guard, of the apply and of the sign-in against mutants of these files, and holds those that no test sees against
// surviving-mutants.txt. `npm run test:long mutants` runs all of them.
//
// With --write it writes what it found there: of the mutants that --part, --only and --sample leave out, what stood there stays.
//
//   node __tests__/long/mutants/run.mjs [--part guard|apply|sign-in] [--only PATTERN] [--sample N --seed S] [--write]
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { parseArgs } from 'node:util';
import { bundle, mutantsOf } from './bundle.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const SURVIVORS = join(import.meta.dirname, '../surviving-mutants.txt');
const PIPELINE = '__tests__/src/pipeline';
/** What is mutated, and the tests that should see it. */
const PARTS = {
  guard: {
    files:
      /^src\/(?:pipeline\/guard\/.+\.ts|rules\/iam-policy\.ts|facts\/argument-classes\.ts|facts\/attributes\/.+\.behavior\.json)$/,
    tests: [
      '__tests__/src/facts/argument-classes.test.ts',
      '__tests__/src/rules/iam-policy.test.ts',
      ...[
        ...[
          'corpus/corpus',
          'class-verdicts',
          'guard-edges',
          'guard-exposure',
          'guard-losses',
          'guard-protection',
          'guard-rights',
          'guard-values',
          'ways-around',
          'losses',
          'guard',
        ],
        ...['recorded-aws', 'recorded-cluster', 'recorded-kubernetes'],
      ].map((name) => `${PIPELINE}/${name}.test.ts`),
    ],
  },
  apply: {
    files: /^src\/pipeline\/(?:apply\/.+|plan\/(?:plan-record|stack-files|digest))\.ts$/,
    tests: [`${PIPELINE}/apply-decisions.test.ts`],
  },
  'sign-in': {
    files:
      /^(?:src\/pipeline\/(?:signed-in-account|plan\/platform-identity)|packages\/eks-sandbox\/sign-in\/.+)\.ts$/,
    tests: [
      `${PIPELINE}/platform-identity.test.ts`,
      `${PIPELINE}/signed-in-account.test.ts`,
      ...readdirSync(join(ROOT, 'packages/eks-sandbox/__tests__/sign-in'))
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `packages/eks-sandbox/__tests__/sign-in/${name}`),
    ],
  },
};
const FILES = ['src', 'packages/eks-sandbox/sign-in']
  .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, file)))
  .sort();
/** A mutant that runs for so long never ends. */
const LONGEST_MS = 240_000;

const { values: options } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

/** Numbers that are the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chosenOf(mutants) {
  if (options.sample === undefined) return mutants;
  const next = random(Number(options.seed));
  return mutants
    .map((mutant) => ({ mutant, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, Number(options.sample))
    .map(({ mutant }) => mutant);
}

/** The mutants that no test sees. */
async function survivorsOf(file, mutants, folder) {
  const left = new Map(mutants.map((mutant) => [mutant.id, mutant]));
  const survivors = [];
  do {
    await new Promise((done, failed) => {
      const worker = fork(join(import.meta.dirname, 'worker.mjs'), [file, join(folder, 'hints.json')], {
        cwd: ROOT,
      });
      let [current] = left.keys();
      let timer;
      const watch = (ms) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          // Tests that never end see it, too.
          left.delete(current);
          worker.kill('SIGKILL');
        }, ms);
      };
      worker.on('message', (message) => {
        if (message.failed !== undefined) {
          if (message.failed.length > 0)
            failed(new Error(`tests fail without a mutant:\n${message.failed.join('\n')}`));
          worker.send({ ids: [...left.keys()] });
        } else if (message.done) worker.kill();
        else {
          if (!message.killed) {
            survivors.push(left.get(message.id));
            console.log(`survives: ${lineOf(left.get(message.id))}`);
          }
          left.delete(message.id);
          [current] = left.keys();
          if (left.size % 100 === 0) console.log(`${left.size} left, ${survivors.length} survive`);
        }
        if (!message.done) watch(LONGEST_MS);
      });
      worker.on('exit', () => {
        clearTimeout(timer);
        done();
      });
      watch(3 * LONGEST_MS);
      worker.send({});
    });
  } while (left.size > 0);
  return survivors;
}

const lineOf = ({ file, line, what }) => `${file}:${line} ${what}`;
const known = new Set(
  readFileSync(SURVIVORS, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);
const texts = [];
let isWrong = false;
for (const [part, { files, tests }] of Object.entries(PARTS)) {
  if (options.part !== undefined && !options.part.includes(part)) {
    texts.push(...[...known].filter((line) => files.test(line.split(':')[0])));
    continue;
  }
  const folder = mkdtempSync(join(ROOT, 'node_modules/.mutants-'));
  writeFileSync(join(folder, 'hints.json'), '{}');
  try {
    const file = join(folder, 'tests.cjs');
    const { all: mutants, codes } = mutantsOf(
      ROOT,
      FILES.filter((path) => files.test(path)),
    );
    const bundled = { kept: folder, outfile: file };
    const slow = tests.filter((test) => readFileSync(join(ROOT, test), 'utf8').includes('synthesizedStacks'));
    if (slow.length > 0) {
      await bundle(ROOT, slow, new Map(), { ...bundled, isFirst: true });
      await survivorsOf(file, [], folder);
    }
    await bundle(ROOT, tests, codes, { ...bundled, isFirst: false });
    const hints = Object.fromEntries(mutants.map(({ id, hint }) => [id, hint]));
    writeFileSync(join(folder, 'hints.json'), JSON.stringify(hints));
    const chosen = chosenOf(mutants.filter((mutant) => new RegExp(options.only).test(lineOf(mutant))));
    const survivors = await survivorsOf(file, chosen, folder);
    const killed = 1 - survivors.length / chosen.length;
    console.log(
      `${part}: ${chosen.length} of ${mutants.length} mutants run, ${(100 * killed).toFixed(1)} % seen by the tests`,
    );
    const found = survivors.map(lineOf);
    const unknown = found.filter((line) => !known.has(line));
    if (!options.write) console.log(unknown.map((line) => `no test sees ${line}`).join('\n'));
    isWrong ||= unknown.length > 0;
    // What was not chosen is as it was found last.
    const isChosen = new Set(chosen.map(lineOf));
    const others = mutants.map(lineOf).filter((line) => known.has(line) && !isChosen.has(line));
    texts.push(...found, ...others);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (options.write) {
  const head = readFileSync(SURVIVORS, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'));
  writeFileSync(SURVIVORS, `${[...head, ...[...new Set(texts)].sort()].join('\n')}\n`);
} else if (isWrong) process.exitCode = 1;
