import { spawnSync } from 'node:child_process';

const HOUR = 3_600_000;

it(
  'the tests detect every mutant of the sign-in, except for those of surviving-mutants.txt',
  () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['__tests__/long/mutants/run.mjs', '--part', 'sign-in'],
      { encoding: 'utf8' },
    );
    expect({ status, unknown: stdout.split('\n').filter((line) => line.startsWith('no test sees')) }).toEqual(
      {
        status: 0,
        unknown: [],
      },
    );
  },
  HOUR,
);
