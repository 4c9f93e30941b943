// Runs the tests against mutants, one after the other, and tells what became of each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { compileFunction } from 'node:vm';
import { jestGlobals, runTest } from './jest-globals.mjs';

const [file, hintsFile] = process.argv.slice(2);
/** Of some mutants, a word that the tests that see them are likely to have. */
const hints = JSON.parse(readFileSync(hintsFile, 'utf8'));
/** Compiled once; a module that is required keeps every earlier copy of itself. */
const bundle = compileFunction(readFileSync(file, 'utf8'), ['require', 'module', 'exports'], {
  filename: file,
});
// A stack that no one reads takes longer than a test.
Error.stackTraceLimit = 0;
globalThis.__kept = {};
let active = 0;
/** By id of a mutant, 1 where its place was reached. A place is reached millions of times: nothing is cheaper than this. */
const reached = new Uint8Array(100_000);
globalThis.__mutant = (id) => {
  reached[id] = 1;
  return id === active;
};
const idsReached = () => [...reached.keys()].filter((id) => reached[id] === 1);

function load() {
  const { tests, file: inFile, globals } = jestGlobals();
  Object.assign(globalThis, globals, { __file: inFile });
  reached.fill(0);
  const module = { exports: {} };
  bundle(createRequire(file), module, module.exports);
  return { tests, atLoad: new Set(idsReached()) };
}

let tests = [];
let atLoad = new Set();
/** Of each mutant, the tests that reach it, the fastest first. */
const covering = new Map();

async function record() {
  ({ tests, atLoad } = load());
  const failed = [];
  for (const test of tests) {
    reached.fill(0);
    const start = performance.now();
    try {
      await runTest(test);
    } catch (error) {
      failed.push(`${test.title}: ${error?.message}`);
    }
    test.time = performance.now() - start;
    for (const id of idsReached()) covering.set(id, [...(covering.get(id) ?? []), test]);
  }
  for (const all of covering.values()) all.sort((a, b) => a.time - b.time);
  process.send({ tests: tests.length, failed, covered: [...covering.keys(), ...atLoad].length });
}

/** Whether a test fails. */
async function isKilled(id) {
  if (!atLoad.has(id)) return fails(id, covering.get(id) ?? []);
  active = id;
  try {
    const again = load();
    again.tests.forEach((test, i) => (test.time = tests[i]?.time ?? 0));
    const likely = (test) => Number(hints[id] !== undefined && test.hint.includes(hints[id]));
    return await fails(
      id,
      again.tests.sort((a, b) => likely(b) - likely(a) || a.time - b.time),
    );
  } catch {
    return true;
  }
}

/** The tests that saw the last mutants: they are likely to see the next one, which stands beside them. */
let sharp = [];
const SHARP = 8;

async function fails(id, chosen) {
  active = id;
  const first = sharp.flatMap((title) => chosen.filter((test) => test.title === title));
  for (const test of [...first, ...chosen.filter((other) => !first.includes(other))]) {
    try {
      await runTest(test);
    } catch {
      sharp = [test.title, ...sharp.filter((title) => title !== test.title)].slice(0, SHARP);
      return true;
    }
  }
  return false;
}

process.on('message', async ({ ids }) => {
  if (ids === undefined) return record();
  for (const id of ids) {
    const isCovered = covering.has(id) || atLoad.has(id);
    const killed = isCovered && (await isKilled(id));
    active = 0;
    process.send({ id, killed, isCovered });
  }
  process.send({ done: true });
});
