// `npm run test:unit`, `test:e2e`, `test:long`, `test:outside`: Jest with what follows, files and options in any order. Jest's own
// --selectProjects takes every word after it, so it comes last.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Files of a project that run at once, unless `--maxWorkers` or `--runInBand` says otherwise. Jest alone leaves one core idle, which is
 * half of CI's machine. A sandbox mostly waits: for Terraform, which waits for AWS.
 */
const WORKERS = { unit: '100%', e2e: '2', long: '1', outside: '1' };

/** Projects whose files are named alone: `npm run test:long upgrade`. */
const WITH_PARTS = ['long', 'outside'];

const [project, ...given] = process.argv.slice(2);

/** The parts among the arguments as the files that they are. */
function withFiles(args) {
  if (!WITH_PARTS.includes(project)) return args;
  const folder = join(import.meta.dirname, project);
  const parts = readdirSync(folder).flatMap((name) => /^(.+)\.test\.ts$/.exec(name)?.[1] ?? []);
  const named = args.filter((arg) => !arg.startsWith('-'));
  const unknown = named.filter((arg) => !parts.includes(arg));
  if (unknown.length > 0) {
    console.error(
      unknown
        .map((part) => `unknown part "${part}" of test:${project}; known: ${parts.join(', ')}`)
        .join('\n'),
    );
    process.exit(1);
  }
  const files = named.map((part) => join(folder, `${part}.test.ts`));
  return [
    ...args.filter((arg) => !named.includes(arg)),
    ...(files.length > 0 ? ['--runTestsByPath'] : []),
    ...files,
  ];
}

// Synthesis validates by Kubernetes' own code, which it never builds. Without Go the tests of it are skipped, but not in CI.
const oracle = join(import.meta.dirname, '../packages/kubernetes-oracle/build.mjs');
if (project === 'unit') {
  const built = spawnSync(process.execPath, [oracle], { stdio: 'inherit' });
  if (built.status !== 0 && process.env.CI === 'true') process.exit(built.status ?? 1);
}

const saysWorkers = given.some((arg) => /^(--maxWorkers|-w|--runInBand|-i)\b/.test(arg));
const workers = saysWorkers ? [] : [`--maxWorkers=${WORKERS[project] ?? '50%'}`];
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status, signal } = spawnSync(
  process.execPath,
  [jest, ...withFiles(given), ...workers, '--selectProjects', project],
  { stdio: 'inherit' },
);
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
