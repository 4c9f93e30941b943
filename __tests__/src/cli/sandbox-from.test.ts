import { execa } from 'execa';

it('a rehearsal from an unknown commit is refused, and nothing is started', async () => {
  const { exitCode, stderr } = await execa(
    'node',
    ['src/cli/run.mjs', 'sandbox', 'up', '--json', '--from', 'no-such-commit'],
    { reject: false, env: { NO_COLOR: '1' } },
  );
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('--from no-such-commit: Git does not know this commit') as string,
  });
}, 60_000);
