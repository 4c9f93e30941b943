import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const INTERRUPT = JSON.stringify(join(process.cwd(), 'src/cli/terminal/interrupt.ts'));
/** Ends in an orderly way within a second and a half of a signal. */
const PROGRAM = `
const { buildSync } = require('esbuild');
const { outputFiles: [{ text }] } = buildSync({ entryPoints: [${INTERRUPT}], bundle: true, platform: 'node', format: 'cjs', write: false });
const made = { exports: {} };
new Function('module', 'exports', 'require', text)(made, made.exports, require);
made.exports.interruptible((signal) => new Promise((_, end) => {
  console.log('ready');
  const alive = setInterval(() => undefined, 100);
  signal.addEventListener('abort', () => setTimeout(() => { clearInterval(alive); console.log('saved'); end(new Error('stopped')); }, 1500));
})).catch(() => undefined);
`;

/** What a program prints that gets signals at these milliseconds, and its status. */
async function signalled(
  ...at: readonly (readonly [number, NodeJS.Signals])[]
): Promise<{ out: string; status: unknown }> {
  const program = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  const ready = new Promise<void>((resolve) => {
    program.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      resolve();
    });
  });
  await ready;
  let now = 0;
  for (const [each, signal] of at) {
    await sleep(each - now);
    now = each;
    program.kill(signal);
  }
  const [status] = (await once(program, 'close')) as unknown[];
  return { out, status };
}

it('a signal that comes twice is one key: npm passes on what the terminal has sent to both', async () => {
  expect(await signalled([0, 'SIGINT'], [5, 'SIGINT'])).toEqual({ out: 'ready\nsaved\n', status: 130 });
});

it('a second key stops the program at once', async () => {
  expect(await signalled([0, 'SIGINT'], [1200, 'SIGINT'])).toEqual({ out: 'ready\n', status: 130 });
});

it('a pipeline that cancels a run sends two signals, and the program still ends in order', async () => {
  expect(await signalled([0, 'SIGINT'], [1200, 'SIGTERM'])).toEqual({ out: 'ready\nsaved\n', status: 130 });
});
