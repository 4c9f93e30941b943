import { spawnSync } from 'node:child_process';

const HOURS = 3_600_000;

it(
  'the tests see every mutant of the guard, the apply and the sign-in but those of surviving-mutants.txt',
  () => {
    const { status, stdout } = spawnSync(process.execPath, ['__tests__/long/mutants/run.mjs'], {
      encoding: 'utf8',
    });
    expect({ status, unknown: stdout.split('\n').filter((line) => line.startsWith('no test sees')) }).toEqual(
      {
        status: 0,
        unknown: [],
      },
    );
  },
  2 * HOURS,
);
