import { CHANGED_OPTIONS, declare, SERIES, STEPS, type Series } from '../long/changed-options';
import { contentOf, lacking, sameContent } from '../long/changed-content';
import { documentOf, effectsOf } from '../long/changed-stack';
import { predictedPlan } from '../long/predicted-changes';
import { kubernetesObjects } from '../../src/manifests/objects';
import { TerraformError } from '../../src/terraform/terraform-error';
import { ChangedObjects } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;

/** Kinds that are changed in one stack, so that their rollouts are waited for together. */
const GROUPS: readonly (readonly string[])[] = [
  ['Deployment', 'ReplicaSet', 'Pod'],
  ['StatefulSet', 'DaemonSet', 'CronJob', 'Job'],
];
const REST = Object.keys(CHANGED_OPTIONS).filter((kind) => !GROUPS.flat().includes(kind));

describe('the provider, in every pair of versions,', () => {
  const by = providerCluster();

  it.each([...GROUPS, REST].map((kinds, i) => [`${i + 1}`, kinds] as const))(
    'does what the attribute table predicts, of group %s',
    async (group, kinds) => {
      const series = SERIES.filter(({ kind }) => kinds.includes(kind));
      const findings: string[] = [];
      const objects = await ChangedObjects.in(by.cluster, `pairs-${group}`, { podSecurity: 'privileged' });
      const applied = new Map<Series, number>(series.map((each) => [each, 0]));
      const write = (): Promise<void> =>
        objects.write((stack) => {
          declare(stack, series, (each) => applied.get(each) ?? 0);
        });
      const contents: Map<string, unknown>[] = [];
      let compared = 0;
      for (const [step, title] of ['created', ...STEPS.slice(1)].entries()) {
        const note = (name: string, text: string): void => {
          findings.push(`${name} ${title}: ${text}`);
        };
        const before = new Map(applied);
        for (const each of series) applied.set(each, step);
        await write();
        if (step > 0) {
          const [from, to] = [before, applied].map((of) => documentOf((each) => of.get(each) ?? 0, series));
          if (from === undefined || to === undefined) throw new Error('no documents');
          const stack = { name: 'pairs', document: to, protectedBefore: [] };
          const predicted = effectsOf({ ...stack, plan: predictedPlan(from, to).plan });
          const found = effectsOf(await objects.planned());
          for (const each of series) {
            const [a = '', b = ''] = [predicted.get(each.name), found.get(each.name)];
            compared += 1;
            if (a !== b) note(each.name, `predicted ${a}; planned ${b}`);
            // What is refused stays as it is, and so does what comes after it.
            if (b.includes('refused')) applied.set(each, before.get(each) ?? 0);
          }
          await write();
        }
        await objects.terraform.apply().catch((error: unknown) => {
          if (!(error instanceof TerraformError)) throw error;
          for (const { address = '', summary, detail } of error.diagnostics)
            note(address, `${summary} ${detail}`);
        });
        const second = await objects.planned();
        for (const [name, effect] of effectsOf(second)) {
          if (effect !== 'nothing') note(name, `the second plan has ${effect}`);
        }
        const declared = kubernetesObjects(second.document);
        const live = await contentOf(by.kubectl, declared);
        for (const { address, object } of declared) {
          for (const field of lacking(object, live.get(address))) note(address, field);
        }
        contents.push(live);
      }
      const [first = new Map<string, unknown>(), last = new Map<string, unknown>()] = [
        contents[0],
        contents[3],
      ];
      for (const [address, content] of last) {
        const difference = sameContent(first.get(address), content);
        if (difference !== undefined) findings.push(`${address} at the end: ${difference}`);
      }
      await objects.terraform.destroy();
      process.stdout.write(`pairs of group ${group}: ${compared} compared, ${findings.length} findings\n`);
      expect(findings).toEqual([]);
    },
    20 * MINUTE,
  );
});
