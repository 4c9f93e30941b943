import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Terraform, type TerraformOptions } from '../../../src/terraform/terraform';
import { TerraformError } from '../../../src/terraform/terraform-error';
import {
  describeProgress,
  TerraformMessages,
  type TerraformProgress,
} from '../../../src/terraform/terraform-messages';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env.CI === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

/** Two resources that are built into Terraform, so that nothing is downloaded, the second after the first. */
function twoResources(command = 'true') {
  return {
    resource: {
      terraform_data: {
        first: { input: 'one' },
        second: {
          input: '${terraform_data.first.output}',
          provisioner: [{ 'local-exec': { command } }],
        },
      },
    },
  };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function terraformOf(document: object, options: Partial<TerraformOptions> = {}): Terraform {
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(document));
  return new Terraform({
    stack: 'network',
    workingDirectory: folder,
    environment: { PATH: process.env.PATH ?? '', HOME: folder },
    logFile: join(folder, 'logs', 'network.log'),
    ...options,
  });
}

/** Acts when a command has written a file. */
function once(file: string, act: () => void): void {
  const watch = setInterval(() => {
    if (!existsSync(join(folder, file))) return;
    clearInterval(watch);
    act();
  }, 20);
}

async function failure(command: Promise<unknown>): Promise<TerraformError> {
  const error = await command.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TerraformError)) throw new Error(`not a TerraformError: ${String(error)}`);
  return error;
}

(hasTerraform ? describe : describe.skip)('Terraform (skipped where terraform is missing)', () => {
  it('has no state before the first apply, and changes to another backend without it if asked', async () => {
    const at = (path: string, options = {}) =>
      terraformOf({ ...twoResources(), terraform: { backend: { local: { path } } } }, options);
    const first = at('first.tfstate');
    await first.init();
    expect(await first.pullState()).toBeUndefined();
    await first.apply();
    expect(await first.pullState()).toMatchObject({
      lineage: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    const second = at('second.tfstate');
    await expect(second.init()).rejects.toThrow(TerraformError);
    await second.init({ reconfigure: true });
    expect(await second.pullState()).toBeUndefined();
    expect(await at('second.tfstate').pullState()).toBeUndefined();
    await at('third.tfstate', { mayForgetBackend: () => true }).init();
  });

  it('plans what is missing, applies it, plans nothing more, and destroys it', async () => {
    const told: string[] = [];
    const terraform = terraformOf(twoResources(), {
      onProgress: (progress) => told.push(describeProgress(progress)),
    });
    await terraform.init();
    expect(await terraform.plan()).toEqual({
      empty: false,
      changes: [
        { address: 'terraform_data.first', action: 'create' },
        { address: 'terraform_data.second', action: 'create' },
      ],
    });
    expect(await terraform.apply()).toEqual({ add: 2, change: 0, remove: 0 });
    expect(await terraform.plan({ refresh: false })).toEqual({ empty: true, changes: [] });
    expect(told).toEqual(
      expect.arrayContaining([
        '0/2 terraform_data.first creating',
        // On a busy machine a second goes by, which is told.
        expect.stringMatching(/^1\/2 terraform_data\.first creating done/),
        expect.stringMatching(/^2\/2 terraform_data\.second creating done/),
      ]),
    );
    expect(await terraform.show()).toMatchObject({
      values: { root_module: { resources: [{ address: 'terraform_data.first' }, {}] } },
    });
    expect(await terraform.destroy()).toEqual({ add: 0, change: 0, remove: 2 });
    expect((await terraform.plan()).empty).toBe(false);
  });

  it('keeps the whole output in the log file, in words, and the state out of it', async () => {
    const terraform = terraformOf({ resource: { terraform_data: { first: { input: 'a secret' } } } });
    await terraform.init();
    await terraform.apply();
    await terraform.show();
    const log = readFileSync(join(folder, 'logs', 'network.log'), 'utf8');
    expect(log).toContain('$ terraform apply');
    expect(log).toContain('terraform_data.first: Creation complete');
    expect(log).not.toContain('a secret');
  });

  it('reports why a command failed: resource, reason, stack and log file', async () => {
    const terraform = terraformOf(twoResources('echo no such luck; exit 3'));
    await terraform.init();
    const error = await failure(terraform.apply());
    expect(error.diagnostics).toEqual([
      expect.objectContaining({ summary: 'local-exec provisioner error', address: 'terraform_data.second' }),
    ]);
    expect(error.message).toContain('terraform apply failed in stack network');
    expect(error.message).toContain(join(folder, 'logs', 'network.log'));
    expect(error.message).toContain('exit status 3');
    expect(error.interrupted).toBe(false);
    expect((await terraform.plan()).changes).toEqual([
      { address: 'terraform_data.second', action: 'replace' },
    ]);
  });

  it('reports a mistake in the document before it plans anything', async () => {
    const error = await failure(terraformOf({ resource: { terraform_data: 'three' } }).init());
    expect(error.diagnostics.length).toBeGreaterThan(0);
    expect(error.command).toBe('init');
  });

  it('stops in order on a signal: created objects are in the state', async () => {
    const controller = new AbortController();
    const terraform = terraformOf(
      {
        resource: {
          terraform_data: {
            ...twoResources('sleep 5').resource.terraform_data,
            third: { input: '${terraform_data.second.output}' },
          },
        },
      },
      {
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.kind === 'resource' && progress.address === 'terraform_data.second') {
            controller.abort();
          }
        },
      },
    );
    await terraform.init();
    const error = await failure(terraform.apply());
    expect(error.interrupted).toBe(true);
    expect(error.message).toContain('terraform apply was interrupted in stack network');
    const state = readFileSync(join(folder, 'terraform.tfstate'), 'utf8');
    expect(state).toContain('"first"');
    expect(state).not.toContain('"third"');
    await expect(terraform.plan()).rejects.toThrow(/abort/i);
    // What completes the state still runs.
    expect([...(await terraform.held()).keys()]).toContain('terraform_data.first');
  });

  it('ends providers that do not stop on a signal', async () => {
    // A Terraform that waits for its provider, which ignores the signal.
    const hook = (type: string, addr: string) =>
      `echo '${JSON.stringify({ type, '@message': '', hook: { resource: { addr }, action: 'create' } })}'`;
    const events = [
      hook('apply_start', 'a.refused'),
      hook('apply_errored', 'a.refused'),
      hook('apply_start', 'a.b'),
    ];
    const waits = ["trap '' INT", 'sleep 60 &', 'echo "$!" > provider', 'wait "$!"', 'echo saved', 'exit 1'];
    const script = [...events, ...waits];
    const program = join(folder, 'terraform');
    writeFileSync(program, ['#!/bin/sh', ...script, ''].join('\n'), { mode: 0o755 });
    const controller = new AbortController();
    const terraform = terraformOf(twoResources(), {
      environment: { PATH: `${folder}:${process.env.PATH ?? ''}` },
      signal: controller.signal,
      patience: 200,
    });
    once('provider', () => {
      controller.abort();
    });
    const error = await failure(terraform.apply());
    expect(error.interrupted).toBe(true);
    expect(error.message).toContain('Under way was a.b.');
    expect([[...terraform.cutOff], [...terraform.notCreated]]).toEqual([['a.b'], ['a.refused', 'a.b']]);
    const provider = Number(readFileSync(join(folder, 'provider'), 'utf8'));
    expect(() => process.kill(provider, 0)).toThrow('ESRCH');
  }, 10_000);

  it('is ended early for a reason, saves its state, and works on; what it began is untainted', async () => {
    const seen: (readonly string[])[] = [];
    // An interrupt before the provisioner runs leaves the second resource out of the state.
    const terraform: Terraform = terraformOf(twoResources(`touch ${join(folder, 'begun')} && sleep 30`), {
      onProgress: () => {
        seen.push([...terraform.underWay]);
      },
    });
    once('begun', () => {
      terraform.end('waiting cures nothing');
      terraform.end('a second interrupt would lose the state');
    });
    await terraform.init();
    const error = await failure(terraform.apply());
    expect(error.message).toMatch(
      /^terraform apply was ended early in stack network; [^\n]*\n {2}waiting cures nothing\n/,
    );
    expect(error.interrupted).toBe(false);
    expect(seen).toEqual(expect.arrayContaining([['terraform_data.first'], ['terraform_data.second'], []]));
    const held = (second: string) => [
      ['terraform_data.first', 'whole'],
      ['terraform_data.second', second],
    ];
    expect([...(await terraform.held())]).toEqual(held('tainted'));
    await terraform.untaint('terraform_data.second');
    expect([...(await terraform.held())]).toEqual(held('whole'));
    expect((await terraform.plan()).empty).toBe(true);
    await expect(terraform.untaint('terraform_data.third')).rejects.toThrow('terraform untaint failed');
  });

  it('prepares a folder once, and again after a change of the required providers', async () => {
    const told: TerraformProgress[] = [];
    const onProgress = (progress: TerraformProgress) => told.push(progress);
    await terraformOf(twoResources(), { onProgress }).init();
    const first = told.length;
    expect(first).toBeGreaterThan(0);
    await terraformOf(twoResources('date'), { onProgress }).init();
    expect(told).toHaveLength(first);
    await terraformOf(
      { ...twoResources(), terraform: { required_version: '>= 1.0' } },
      { onProgress },
    ).init();
    expect(told.length).toBeGreaterThan(first);
  });

  it('prepares a folder again if the package of a provider is missing', async () => {
    const told: TerraformProgress[] = [];
    const terraform = terraformOf(twoResources(), { onProgress: (progress) => told.push(progress) });
    await terraform.init();
    const first = told.length;
    // As where a provider was linked from a cache that was emptied, and no lock file was left either.
    mkdirSync(join(folder, '.terraform', 'providers'), { recursive: true });
    await terraform.init();
    expect(told.length).toBeGreaterThan(first);
  });

  it('gives the program its given environment only', async () => {
    process.env.AWS_PROFILE = 'the-users-own';
    try {
      const file = join(folder, 'environment');
      const terraform = terraformOf(twoResources(`env > ${file}`), {
        environment: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        },
      });
      await terraform.init();
      await terraform.apply();
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, 'utf8')).toContain('AWS_ENDPOINT_URL=http://127.0.0.1:1');
      expect(readFileSync(file, 'utf8')).not.toContain('AWS_PROFILE');
    } finally {
      delete process.env.AWS_PROFILE;
    }
  });
});

describe('a machine without terraform', () => {
  it('gets the message that the program cannot be started', async () => {
    const error = await failure(terraformOf({}, { environment: { PATH: folder } }).init());
    expect(error.message).toContain('terraform init failed in stack network');
    expect(error.message).toContain('ENOENT');
  });
});

describe('the progress of Terraform', () => {
  it('counts changes only, and no read of a data source during an apply', () => {
    const told: string[] = [];
    const messages = new TerraformMessages((progress) => told.push(describeProgress(progress)));
    const hook = (type: string, addr: string, action: string, elapsed_seconds: number) =>
      messages.take(
        JSON.stringify({ '@message': '', type, hook: { resource: { addr }, action, elapsed_seconds } }),
      );
    messages.take(
      JSON.stringify({
        '@message': 'Plan',
        type: 'change_summary',
        changes: { add: 47, change: 0, remove: 0, operation: 'plan' },
      }),
    );
    hook('apply_complete', 'data.aws_ami.x', 'read', 1);
    hook('apply_complete', 'aws_vpc.main', 'create', 2);
    hook('apply_progress', 'aws_nat_gateway.a', 'create', 8);
    hook('apply_errored', 'aws_eip.a', 'delete', 0);
    expect(told).toEqual([
      '0/47 data.aws_ami.x reading done (1s)',
      '1/47 aws_vpc.main creating done (2s)',
      '1/47 aws_nat_gateway.a creating (8s)',
      '1/47 aws_eip.a destroying failed',
    ]);
  });

  it('leaves out the advice of init for users of its commands, and keeps it in the log', () => {
    const told: string[] = [];
    const messages = new TerraformMessages((progress) => told.push(describeProgress(progress)));
    const take = (text: string): string =>
      messages.take(JSON.stringify({ '@message': text, type: 'init_output' }));
    expect([take('Installing provider'), take('Try terraform plan.\nIt shows changes.')]).toEqual([
      'Installing provider',
      'Try terraform plan.\nIt shows changes.',
    ]);
    expect(told).toEqual(['Installing provider']);
  });

  it('passes other output on as it is', () => {
    const messages = new TerraformMessages();
    expect(messages.take('{ half a message')).toBe('{ half a message');
    expect(messages.take('{"level":"debug"}')).toBe('{"level":"debug"}');
    expect(messages.take('panic: a provider')).toBe('panic: a provider');
  });
});
