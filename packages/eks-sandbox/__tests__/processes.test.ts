import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identitiesOf, ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { Processes, readProcesses, stopAll } from '../sandbox-processes';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const SLEEP = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };

async function isRunning(pid: number): Promise<boolean> {
  return (await identitiesOf([pid])).has(pid);
}

describe('processes of the sandbox', () => {
  it('are recorded from their start to their end', async () => {
    const failures: string[] = [];
    const processes = new Processes(directory, ({ name }) => failures.push(name));
    const child = await processes.start({ name: 'sleeper', ...SLEEP });
    expect(readProcesses(directory)).toEqual([expect.objectContaining({ name: 'sleeper', pid: child.pid })]);
    expect(child.isRunning()).toBe(true);
    await child.kill();
    expect(readProcesses(directory)).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('write to a log file and are reported if they end by themselves', async () => {
    const failures: string[] = [];
    const processes = new Processes(directory, ({ name, log }, reason) => {
      failures.push(`${name} ${reason}: ${readFileSync(log, 'utf8')}`);
    });
    const args = ['-e', 'console.log("no luck"); process.exit(3)'];
    const child = await processes.start({ name: 'loser', command: process.execPath, args });
    await child.exited;
    expect(failures).toEqual(['loser ended with status 3: no luck\n']);
  });

  it('are reported if they cannot be started', async () => {
    const processes = new Processes(directory, () => undefined);
    const start = processes.start({ name: 'nothing', command: join(directory, 'no-such-program'), args: [] });
    await expect(start).rejects.toThrow(/nothing: cannot start .*no-such-program/);
  });

  it('are all ended together', async () => {
    const processes = new Processes(directory, () => undefined);
    const children = [
      await processes.start({ name: 'a', ...SLEEP }),
      await processes.start({ name: 'b', ...SLEEP }),
    ];
    await processes.killAll();
    expect(children.some((child) => child.isRunning())).toBe(false);
    expect(readProcesses(directory)).toEqual([]);
  });
});

describe('stopAll()', () => {
  it('ends the processes of a killed server, even those that ignore a request to end', async () => {
    // As after kill -9 of the server: only its table lists the child.
    const args = ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const pid = child.pid ?? 0;
    const identity = (await identitiesOf([pid])).get(pid) ?? '';
    const gone = { name: 'server', pid: 2 ** 22 - 1, identity: 'Mon Nov 23 01:52:16 2020', log: '' };
    writeFileSync(
      join(directory, 'processes.json'),
      JSON.stringify([gone, { name: 'child', pid, identity, log: '' }]),
    );
    const start = Date.now();
    await expect(stopAll(directory)).resolves.toBe(1);
    expect(Date.now() - start).toBeLessThan(3000);
    expect(await isRunning(pid)).toBe(false);
    expect(readProcesses(directory)).toEqual([]);
  });

  it('leaves a process alone that has the reused pid of one of ours', async () => {
    const child = spawn(SLEEP.command, SLEEP.args, { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    const recorded = [{ name: 'server', pid, identity: 'Mon Nov 23 01:52:16 2020', log: '' }];
    writeFileSync(join(directory, 'processes.json'), JSON.stringify(recorded));
    await expect(stopAll(directory)).resolves.toBe(0);
    expect(await isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
  });

  it('does nothing if no process was started', async () => {
    await expect(stopAll(directory)).resolves.toBe(0);
  });
});

describe('ownIdentity()', () => {
  it('stays the same', async () => {
    const identity = await ownIdentity();
    expect(Date.parse(`${identity} UTC`)).toBeLessThanOrEqual(Date.now());
    expect((await identitiesOf([process.pid])).get(process.pid)).toBe(identity);
  });
});
