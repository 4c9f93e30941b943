// `npm run checks`: lint and types at once, which take one core each. Prints what each has to say when it ends.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';

const CHECKS = ['lint:code', 'lint:format', 'lint:prose', 'types'];

/** Runs an npm script to its end. @returns its exit status */
function run(script) {
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => {
      console.log(`npm run ${script}: ${status === 0 ? 'passed' : `failed with status ${status}`}`);
      process.stdout.write(Buffer.concat(output));
      resolve(status);
    });
  });
}

const statuses = await Promise.all(CHECKS.map(run));
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
