import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Stack } from '../../../src/manifests/stacks';
import { type PlanRecord, planFile } from '../../../src/pipeline/plan/plan-record';
import { StateStore } from '../../../src/pipeline/state/state-store';
import { SmallPlatform, type SmallStack } from './small-platform';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env['CI'] === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

let platform: SmallPlatform;
beforeEach(() => {
  platform = new SmallPlatform();
});
afterEach(() => {
  platform.remove();
});

/** A VPC whose ID other stacks read, and whose name they do not. */
const network = (id: string, name = 'first'): SmallStack => ({
  name: 'network',
  data: { vpc: { input: { value: id } }, name: { input: { value: name } } },
  output: { vpc: { value: '${terraform_data.vpc.input.value}' } },
});

/** What is made from what the network is now. */
const cluster = (size = 1): SmallStack => ({
  name: 'cluster',
  dependencies: ['network'],
  reads: 'network',
  data: {
    eks: { input: { value: '${data.terraform_remote_state.network.outputs.vpc}' } },
    size: { input: { value: size } },
  },
});

const alone = (value: number): SmallStack => ({ name: 'alone', data: { one: { input: { value } } } });

const statuses = (outcomes: Record<string, { status: string }>): Record<string, string> =>
  Object.fromEntries(Object.entries(outcomes).map(([name, { status }]) => [name, status]));

(hasTerraform ? describe : describe.skip)('plan and apply (skipped where terraform is missing)', () => {
  describe('of a new platform', () => {
    it('plan what they can, and the rest in later rounds', async () => {
      platform.write(network('vpc-1'), cluster());
      expect(await platform.plan()).toMatchObject({
        network: {
          status: 'planned',
          changes: [{ action: 'create' }, { action: 'create' }],
          outputs: ['vpc'],
        },
        cluster: { status: 'waiting', after: ['network'], reason: 'it reads what network makes' },
      });
      expect(platform.verify()).toBe('');
      expect(statuses(await platform.apply())).toEqual({ network: 'applied', cluster: 'waiting' });
      expect(statuses(await platform.plan())).toEqual({ network: 'unchanged', cluster: 'planned' });
      expect(statuses(await platform.apply())).toEqual({ network: 'unchanged', cluster: 'applied' });
      expect(platform.valueOf('cluster', 'eks')).toBe('vpc-1');
      expect(statuses(await platform.plan())).toEqual({ network: 'unchanged', cluster: 'unchanged' });
    }, 60_000);

    it('leave other stacks to others, for which nothing waits', async () => {
      platform.write(network('vpc-1'), { ...alone(1), dependencies: ['network'] });
      const outcomes = await platform.plan({ elsewhere: new Map([['network', 'of somebody else']]) });
      expect(outcomes).toMatchObject({
        network: { status: 'left out', reason: 'of somebody else' },
        alone: { status: 'planned' },
      });
      expect(platform.verify()).toBe('');
      expect(statuses(await platform.apply())).toEqual({ network: 'left out', alone: 'applied' });
    }, 60_000);

    it('refuse a change of the pipeline roles, and write no state without resources', async () => {
      const pipeline: SmallStack = { ...alone(1), name: 'pipeline' };
      platform.write(pipeline);
      await platform.plan();
      expect(platform.verify()).toMatch(
        /^stack pipeline: its plan changes the roles of the pipeline, which only an administrator may do\. As one, run npm run state:bootstrap/,
      );
      const [stack] = platform.stacks;
      await platform.terraform(stack as Stack).apply();
      const file = join(platform.folder, 'terraform.pipeline.tfstate');
      const state = readFileSync(file, 'utf8');
      expect(await platform.plan()).toMatchObject({ pipeline: { status: 'planned', changes: [] } });
      expect(platform.verify()).toBe('');
      expect(statuses(await platform.apply())).toEqual({ pipeline: 'unchanged' });
      expect(readFileSync(file, 'utf8')).toBe(state);
      expect(existsSync(join(platform.folder, 'terraform.pipeline.applied.json'))).toBe(false);
    }, 60_000);

    it('hide the plans from other users, because they hold values of the state', async () => {
      platform.write(alone(1));
      await platform.plan();
      expect(statSync(planFile(platform.outdir, 'alone')).mode & 0o077).toBe(0);
      expect(statSync(join(platform.outdir, 'plans')).mode & 0o077).toBe(0);
    });
  });

  describe('of a changed platform', () => {
    const deployed = async (...stacks: SmallStack[]): Promise<void> => {
      platform.write(...stacks);
      for (let round = 0; round < stacks.length; round++) {
        await platform.plan();
        await platform.apply();
      }
      expect(Object.values(statuses(await platform.plan()))).toEqual(stacks.map(() => 'unchanged'));
    };

    it('plan the changed stack and those after it, and no other', async () => {
      await deployed(network('vpc-1'), cluster(), alone(1));
      platform.write(network('vpc-1'), cluster(2), alone(1));
      const outcomes = await platform.plan();
      expect(statuses(outcomes)).toEqual({ network: 'unchanged', cluster: 'planned', alone: 'unchanged' });
      expect(outcomes['cluster']).toMatchObject({
        changes: [
          {
            address: 'terraform_data.size',
            action: 'update',
            differences: [{ path: 'input.value', before: '1', after: '2' }, { path: 'output' }],
          },
        ],
      });
      expect(statuses(await platform.plan({ all: true }))).toEqual({
        network: 'planned',
        cluster: 'planned',
        alone: 'planned',
      });
    }, 60_000);

    it('apply what was planned after a stack whose change does not affect it', async () => {
      await deployed(network('vpc-1'), cluster());
      platform.write(network('vpc-1', 'second'), cluster(2));
      expect(await platform.plan()).toMatchObject({ cluster: { status: 'planned', after: ['network'] } });
      expect(statuses(await platform.apply())).toEqual({ network: 'applied', cluster: 'applied' });
      expect(statuses(await platform.plan())).toEqual({ network: 'unchanged', cluster: 'unchanged' });
    }, 60_000);

    it('refuse to plan what another command writes meanwhile', async () => {
      await deployed(alone(1));
      platform.write(alone(2));
      const meanwhile = (): void => {
        platform.write(alone(3));
      };
      await expect(platform.plan({ meanwhile })).rejects.toThrow(
        /stacks\/alone changed while it was planned: cdk\.tf\.json\. Another command wrote it\. Plan again/,
      );
      expect(statuses(await platform.plan({ meanwhile }))).toEqual({ alone: 'planned' });
    }, 60_000);

    it('refuse to apply a plan that is out of date', async () => {
      await deployed(network('vpc-1'), cluster());
      platform.write(network('vpc-2'), cluster(2));
      expect(statuses(await platform.plan())).toEqual({ network: 'planned', cluster: 'planned' });
      expect(await platform.apply()).toMatchObject({
        network: { status: 'applied' },
        cluster: { status: 'waiting', reason: 'network is applied, and its plan would be another one now' },
      });
      expect(platform.valueOf('cluster', 'size')).toBe(1);
      await platform.plan();
      expect(statuses(await platform.apply())).toEqual({ network: 'unchanged', cluster: 'applied' });
      expect([platform.valueOf('cluster', 'size'), platform.valueOf('cluster', 'eks')]).toEqual([2, 'vpc-2']);
    }, 60_000);

    it('detect that an earlier stack was changed, though they change nothing themselves', async () => {
      await deployed(network('vpc-1'), cluster());
      platform.write(network('vpc-2'), cluster());
      await platform.plan();
      const [first] = platform.stacks;
      if (first) await platform.terraform(first).apply(resolve(planFile(platform.outdir, 'network')));
      // Applied by hand, without a record.
      expect(statuses(await platform.plan())).toEqual({ network: 'planned', cluster: 'planned' });
    }, 60_000);

    it('keep beside the state what exceptions have let pass, of all applies', async () => {
      const passed = (change: string, stack = 'alone'): PlanRecord['guard']['passed'][number] => ({
        ...{ rule: 'data-loss', stack, address: `${stack}/terraform_data.one`, message: '', change },
        exception: '',
        allowedBy: { address: '', change, reason: '', until: '2026-12-31' },
      });
      for (const [i, change] of ['first', 'second', 'second'].entries()) {
        platform.write(alone(i), network('vpc-1'));
        await platform.plan({ passed: [passed(change), passed('other', 'network')] });
        expect(Object.values(await platform.apply()).filter(({ status }) => status === 'failed')).toEqual([]);
      }
      const stored = await new StateStore(platform.stacks, platform.outdir).read();
      expect(stored.get('alone')?.applied?.passed).toEqual(['first', 'second']);
      expect(stored.get('network')?.applied?.passed).toEqual(['other']);
      expect(stored.get('network')?.applied?.platform).toEqual({
        ...{ name: 'seed', account: '111122223333', region: 'eu-west-1' },
      });
    }, 60_000);

    it('resume after a failure', async () => {
      const failing = (command: string): SmallStack => ({
        ...cluster(2),
        data: {
          ...cluster(2).data,
          late: { input: { value: 1 }, provisioner: [{ 'local-exec': { command } }] },
        },
      });
      const last: SmallStack = {
        name: 'last',
        dependencies: ['cluster'],
        data: { one: { input: { value: 1 } } },
      };
      await deployed(network('vpc-1'), cluster(), last);
      platform.write(network('vpc-1', 'second'), failing('exit 3'), {
        ...last,
        data: { one: { input: { value: 2 } } },
      });
      await platform.plan();
      const results = await platform.apply();
      expect(statuses(results)).toEqual({ network: 'applied', cluster: 'failed', last: 'not begun' });
      expect(results['cluster']).toMatchObject({
        error: { message: expect.stringContaining('terraform apply failed in stack cluster') as string },
      });
      const again = await platform.apply();
      expect(statuses(again)).toEqual({ network: 'done before', cluster: 'failed', last: 'not begun' });
      expect(again['cluster']).toMatchObject({
        error: {
          message:
            'stack cluster: it has changed since it was planned: a run stopped in the middle of it, or something else applied it; run npm run plan',
        },
      });
      platform.write(network('vpc-1', 'second'), failing('true'), {
        ...last,
        data: { one: { input: { value: 2 } } },
      });
      expect(await platform.plan()).toMatchObject({
        network: { status: 'unchanged' },
        cluster: {
          status: 'planned',
          changes: [{ address: 'terraform_data.late', action: 'replace', tainted: true }],
        },
        last: { status: 'planned' },
      });
      expect(statuses(await platform.apply())).toEqual({
        network: 'unchanged',
        cluster: 'applied',
        last: 'applied',
      });
      expect(platform.valueOf('last', 'one')).toBe(2);
    }, 90_000);

    it('report how to keep, or to replace, what is protected and unfinished', async () => {
      const late = {
        lifecycle: { prevent_destroy: true },
        provisioner: [{ 'local-exec': { command: 'exit 3' } }],
      };
      platform.write({ name: 'alone', data: { late } });
      await platform.plan();
      expect(statuses(await platform.apply())).toEqual({ alone: 'failed' });
      expect(await platform.plan()).toMatchObject({
        alone: {
          status: 'failed',
          refused: true,
          reason: expect.stringMatching(
            /terraform_data\.late is tainted: an earlier apply did not finish its creation\. If it works, keep it: terraform -chdir=\S+ untaint terraform_data\.late/,
          ) as string,
        },
      });
    }, 60_000);

    it('destroy the removed stacks before the stacks that they used', async () => {
      const shop = (name: string, ...dependencies: string[]): SmallStack => ({
        ...alone(1),
        name,
        dependencies,
      });
      await deployed(network('vpc-1'), shop('qa', 'network'), shop('probes', 'qa'), shop('dev', 'network'));
      const qa = platform.idsOf('qa');
      platform.write(network('vpc-2'), shop('dev', 'network'));
      expect(await platform.plan()).toMatchObject({
        probes: { status: 'planned', removed: true, changes: [{ action: 'delete' }], after: [] },
        qa: { status: 'planned', removed: true, changes: [{ action: 'delete' }], after: ['probes'] },
        network: { status: 'planned' },
        dev: { status: 'planned' },
      });
      expect(platform.idsOf('qa')).toEqual(qa);
      expect(platform.verify()).toBe('');
      const results = await platform.apply();
      expect(Object.keys(results).slice(0, 2)).toEqual(['probes', 'qa']);
      expect(statuses(results)).toEqual({
        ...{ probes: 'applied', qa: 'applied', network: 'applied', dev: 'unchanged' },
      });
      expect([platform.idsOf('qa'), platform.idsOf('probes')]).toEqual([{}, {}]);
      const serials = await new StateStore(platform.stacks, platform.outdir).read();
      const at = (name: string): string => serials.get(name)?.applied?.at ?? '';
      expect([at('probes'), at('qa'), at('network')]).toEqual([at('probes'), at('qa'), at('network')].sort());
      const dependenciesOf = (name: string) => Object.keys(serials.get(name)?.applied?.dependencies ?? {});
      expect([dependenciesOf('network'), dependenciesOf('dev')]).toEqual([[], ['network']]);
      expect(statuses(await platform.plan())).toEqual({ network: 'unchanged', dev: 'unchanged' });
    }, 90_000);

    it('refuse another document of a removed stack than the planned one', async () => {
      await deployed({ ...alone(1), name: 'qa' }, network('vpc-1'));
      platform.write(network('vpc-1'));
      await platform.plan();
      expect(platform.verify()).toBe('');
      writeFileSync(join(platform.outdir, 'stacks', 'qa', 'cdk.tf.json'), '{}');
      expect(platform.verify()).toMatch(/^stack qa: its Terraform JSON in .* is not what was planned/);
    }, 60_000);

    it('forget what another stack adopts from a removed stack', async () => {
      await deployed(
        { name: 'qa', data: { one: { input: { value: 1 } }, two: { input: { value: 2 } } } },
        alone(1),
      );
      const { one } = platform.idsOf('qa');
      platform.write({
        name: 'alone',
        data: { one: { input: { value: 1 } }, taken: { input: { value: 1 } } },
      });
      platform.handedOver = {
        alone: [{ to: 'terraform_data.taken', fromStack: 'qa', from: 'terraform_data.one' }],
      };
      expect(await platform.plan()).toMatchObject({
        qa: {
          changes: [
            { address: 'terraform_data.one', action: 'forget' },
            { address: 'terraform_data.two', action: 'delete' },
          ],
        },
      });
      expect(statuses(await platform.apply())).toEqual({ qa: 'applied', alone: 'applied' });
      expect(platform.idsOf('alone')['taken']).toBe(one);
    }, 60_000);

    it('report what Terraform refuses, and what it could not plan', async () => {
      const kept = { input: { value: 1 }, lifecycle: { prevent_destroy: true } };
      await deployed({ name: 'alone', data: { vpc: { ...kept, triggers_replace: 1 } } });
      platform.write({ name: 'alone', data: { vpc: { ...kept, triggers_replace: 2 } } });
      expect(await platform.plan()).toMatchObject({
        alone: {
          status: 'failed',
          refused: true,
          reason: expect.stringContaining('Instance cannot be destroyed') as string,
        },
      });
      expect(platform.verify()).toBe(
        'stack alone could not be planned: fix it, and plan again; nothing was applied',
      );
      platform.write({ name: 'alone', data: { vpc: { input: '${terraform_data.missing.input}' } } });
      expect(await platform.plan()).toMatchObject({ alone: { status: 'failed', refused: false } });
    }, 60_000);
  });

  describe('of unreviewed plans', () => {
    beforeEach(async () => {
      platform.write(alone(1));
      await platform.plan();
    });

    it('report another digest', () => {
      const { digest } = platform.record();
      expect([platform.verify(), platform.verify({ digest })]).toEqual(['', '']);
      expect(platform.verify({ digest: 'sha256:0' })).toBe(
        `these are not the reviewed plans: their digest is ${digest}, and --digest says sha256:0; nothing was applied`,
      );
    });

    it('report another commit, and files that differ from it', () => {
      expect(platform.verify({ commit: { id: 'beef', dirty: false } })).toBe(
        'planned in the commit c0ffee, and this is the commit beef: check out the former, or plan again; nothing was applied',
      );
      expect(platform.verify({ commit: { id: 'c0ffee', dirty: true } })).toBe(
        'files differ from the commit c0ffee now: plan again; nothing was applied',
      );
      expect(platform.verify({ commit: undefined })).toMatch(/this is no repository/);
    });

    it('report another plan', async () => {
      const file = planFile(platform.outdir, 'alone');
      const saved = readFileSync(file);
      platform.write(alone(2));
      await platform.plan();
      const other = readFileSync(file);
      platform.write(alone(1));
      await platform.plan();
      expect(other.equals(saved)).toBe(false);
      writeFileSync(file, other);
      expect(platform.verify()).toBe(
        `stack alone: its plan ${file} is not the one that was saved: plan again; nothing was applied`,
      );
    });

    it('report an overwritten record', () => {
      const file = join(platform.outdir, 'plans', 'plan.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"dirty": false', '"dirty": true'));
      expect(platform.verify()).toMatch(
        /plan\.json is not as it was saved: its digest is sha256:\w+, and it says sha256:/,
      );
    });

    it('report all changed bytes together', () => {
      platform.write(alone(2), network('vpc-1'));
      expect(platform.verify().split('\n')).toEqual([
        'stack network is new since it was planned: plan again; nothing was applied',
        expect.stringMatching(/^stack alone: its Terraform JSON in .* is not what was planned/),
      ]);
    });

    it('run no program beside the plans, in the folder or elsewhere', async () => {
      const marker = join(platform.folder, 'ran');
      const evil = {
        resource: {
          terraform_data: { x: { provisioner: { 'local-exec': { command: `touch ${marker}` } } } },
        },
      };
      const beside = join(platform.outdir, 'stacks', 'alone', 'evil.tf.json');
      writeFileSync(beside, JSON.stringify(evil));
      const elsewhere = join(platform.folder, 'elsewhere');
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, 'cdk.tf.json'), JSON.stringify(evil));
      const manifest = join(platform.outdir, 'manifest.json');
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('stacks/alone"', '../elsewhere"'));
      expect(statuses(await platform.apply())).toEqual({ alone: 'applied' });
      expect(existsSync(marker)).toBe(false);
      expect(platform.valueOf('alone', 'one')).toBe(1);
    }, 60_000);

    it('report a changed file that the stack includes', async () => {
      const asset = join(platform.outdir, 'stacks', 'alone', 'assets', 'function.zip');
      mkdirSync(dirname(asset));
      writeFileSync(asset, 'as it was planned');
      await platform.plan();
      expect(platform.verify()).toBe('');
      writeFileSync(asset, 'something else');
      expect(platform.verify()).toMatch(
        /^stack alone: assets\/function\.zip in .* is not what was planned: plan again; nothing was applied$/,
      );
    });

    it('apply a plan once', async () => {
      expect(statuses(await platform.apply())).toEqual({ alone: 'applied' });
      expect(statuses(await platform.apply())).toEqual({ alone: 'done before' });
    }, 60_000);

    it('refuse to plan into a folder with files of another program', async () => {
      writeFileSync(join(platform.outdir, 'stacks', 'alone', 'evil.tf'), '');
      await expect(platform.plan()).rejects.toThrow(
        /holds evil\.tf, which neither synthesis nor plan has written and Terraform would run; remove it$/,
      );
    });

    it('require a plan if there is none', () => {
      rmSync(join(platform.outdir, 'plans'), { recursive: true });
      expect(platform.verify()).toMatch(/plan\.json does not exist: run npm run plan first$/);
    });
  });
});
