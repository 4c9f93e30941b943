// describe, it and the rest as far as the tests use them: they register, and `tests` runs one by one.
import { expect } from 'expect';

export function jestGlobals() {
  const tests = [];
  let suites = [];
  const list = (kind) => (run) => {
    suites.at(-1)[kind].push(run);
  };
  const describe = (title, body) => {
    suites = [
      ...suites,
      { title, beforeAll: [], beforeEach: [], afterEach: [], afterAll: [], ready: undefined },
    ];
    body();
    suites = suites.slice(0, -1);
  };
  const it = (title, run, hint = title) =>
    tests.push({
      title: [...suites.map((suite) => suite.title), title].join(' › '),
      hint: String(hint),
      suites,
      run,
    });
  const each = (define) => (rows) => (title, run) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      define(`${title} ${JSON.stringify(values[0])}`, () => run(...values), JSON.stringify(values));
    }
  };
  describe.each = each(describe);
  it.each = each(it);
  describe.skip = () => undefined;
  it.skip = () => undefined;
  return {
    tests,
    file: (title, body) => describe(title, body),
    globals: {
      describe,
      it,
      test: it,
      expect,
      beforeAll: list('beforeAll'),
      beforeEach: list('beforeEach'),
      afterEach: list('afterEach'),
      afterAll: list('afterAll'),
      jest: { setTimeout: () => undefined },
    },
  };
}

export async function runTest({ suites, run }) {
  for (const suite of suites) {
    suite.ready ??= (async () => {
      for (const before of suite.beforeAll) await before();
    })();
    await suite.ready;
  }
  for (const suite of suites) for (const before of suite.beforeEach) await before();
  try {
    await run();
  } finally {
    for (const suite of [...suites].reverse()) for (const after of suite.afterEach) await after();
  }
}
