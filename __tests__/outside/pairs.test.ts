import { CHANGED_OPTIONS, declare, SERIES, STEPS, type Series } from '../long/changed-options';
import { contentOf, lacking, sameContent } from '../long/changed-content';
import { documentOf, effectsOf } from '../long/changed-stack';
import { predictedPlan } from '../long/predicted-changes';
import { type KubernetesObject, kubernetesObjects } from '../../src/manifests/objects';
import { lookForDrift } from '../../src/pipeline/drift/stack-drift';
import { TerraformError } from '../../src/terraform/terraform-error';
import { ChangedObjects, type Version } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;

/** Kinds that are changed in one stack, so that their rollouts are waited for together; what is written as a manifest is slow. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  deployments: ['Deployment', 'Pod'],
  controllers: ['StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ClaimTemplate'],
  manifests: ['ReplicaSet', 'ValidatingAdmissionPolicy'],
};
const REST = Object.keys(CHANGED_OPTIONS).filter((kind) => !Object.values(GROUPS).flat().includes(kind));

/** What differs for a reason, by the finding. */
const EXPECTED: readonly (readonly [finding: RegExp, why: string])[] = [
  [
    /^kubernetes_service_v1\.service_type_service .*: spec\.(loadBalancerClass|allocateLoadBalancerNodePorts) is /,
    'by an update in place a Service gets no class; the annotation says the same to the controller (service.ts)',
  ],
  [
    /^(PersistentVolumeClaim size|ClaimTemplate size|kubernetes_persistent_volume_claim_v1\.\w+_size_\w+) (taken out|at the end): /,
    'the provider replaces a claim that becomes smaller, and plan refuses it (refused-changes.test.ts)',
  ],
  [
    /^kubernetes_stateful_set_v1\.claim_template_\w+ .*: spec\.volumeClaimTemplates\./,
    'a template keeps its first values, and the claims change',
  ],
  [
    /^kubernetes_deployment_v1\.horizontal_pod_autoscaler_.* at the end: spec\.replicas was /,
    'an autoscaler waits five minutes before it takes Pods away',
  ],
];

const unexpectedOf = (findings: readonly string[]): string[] =>
  findings.filter((each) => !EXPECTED.some(([finding]) => finding.test(each)));

/** The bytes of some series, each in a version. */
const documentAt = (series: readonly Series[], version: number) => documentOf(() => version, series);

/** What the table predicts of each series from a version to another. */
function predicted(series: readonly Series[], from: number, to: number): Map<string, string> {
  const [before, document] = [documentAt(series, from), documentAt(series, to)];
  const { plan } = predictedPlan(before, document);
  return effectsOf({ name: 'pairs', plan, document, protectedBefore: [] });
}

describe('the provider, in every pair of versions,', () => {
  const by = providerCluster();

  it.each(Object.entries({ ...GROUPS, others: REST }))(
    'does what the attribute table predicts, of the %s',
    async (group, kinds) => {
      const all = SERIES.filter(({ kind }) => kinds.includes(kind));
      const steps = [1, 2, 3].map((to) => predicted(all, to - 1, to));
      const isRefused = ({ name }: Series): boolean =>
        steps.some((step) => step.get(name)?.includes('refused') === true);
      const findings: string[] = [];
      let compared = 0;
      const compare = (
        series: readonly Series[],
        title: string,
        wanted: Map<string, string>,
        found: Map<string, string>,
      ): void => {
        for (const { name } of series) {
          compared += 1;
          if (wanted.get(name) !== found.get(name)) {
            findings.push(`${name} ${title}: predicted ${wanted.get(name)}; planned ${found.get(name)}`);
          }
        }
      };
      const ofApply = (title: string) => (error: unknown) => {
        if (!(error instanceof TerraformError)) throw error;
        for (const { address = '', summary, detail } of error.diagnostics) {
          findings.push(`${address} ${title}: ${summary} ${detail}`);
        }
      };

      // What is refused is planned from its first version each time.
      const refused = all.filter(isRefused);
      const planned = await ChangedObjects.in(by.cluster, `refused-${group}`, { podSecurity: 'privileged' });
      const declareAll =
        (series: readonly Series[], version: number): Version =>
        (stack) => {
          declare(stack, series, () => version);
        };
      if (refused.length > 0) {
        await planned.write(declareAll(refused, 0));
        await planned.terraform.apply().catch(ofApply('created'));
        for (const version of [1, 2]) {
          await planned.write(declareAll(refused, version));
          const found = effectsOf(await planned.planned());
          compare(refused, `from 0 to ${version}`, predicted(refused, 0, version), found);
        }
        await planned.terraform.destroy();
      }

      const series = all.filter((each) => !isRefused(each));
      const objects = await ChangedObjects.in(by.cluster, `pairs-${group}`, { podSecurity: 'privileged' });
      const contents: Map<string, KubernetesObject>[] = [];
      for (const [step, title] of ['created', ...STEPS.slice(1)].entries()) {
        await objects.write(declareAll(series, step));
        const first = await objects.planned();
        const wanted = steps[step - 1];
        if (wanted) compare(series, title, wanted, effectsOf(first));
        await objects.terraform.apply('plan').catch(ofApply(title));
        const second = await objects.planned();
        for (const [name, effect] of effectsOf(second)) {
          if (effect !== 'nothing') findings.push(`${name} ${title}: the second plan has ${effect}`);
        }
        const declared = kubernetesObjects(second.document);
        const live = await contentOf(by.kubectl, declared);
        for (const each of declared) {
          for (const field of lacking(each, live.get(each.address)))
            findings.push(`${each.address} ${title}: ${field}`);
        }
        contents.push(live);
      }
      const [first, , , last] = contents;
      for (const [address, content] of last ?? []) {
        const difference = sameContent(first?.get(address), content);
        if (difference !== undefined) findings.push(`${address} at the end: ${difference}`);
      }
      await objects.terraform.destroy();
      const unexpected = unexpectedOf(findings);
      process.stdout.write(
        `pairs of ${group}: ${compared} compared, ${findings.length} findings\n${findings.map((each) => `  ${each}\n`).join('')}`,
      );
      expect(unexpected).toEqual([]);
    },
    40 * MINUTE,
  );

  it(
    'is told by drift what kubectl changed in each kind, and restores it',
    async () => {
      const updates = predicted(SERIES, 0, 1);
      // The API server refuses to change a template of claims.
      const kinds = Object.keys(CHANGED_OPTIONS).filter((kind) => kind !== 'ClaimTemplate');
      const chosen = kinds.flatMap((kind) => {
        const found = SERIES.find(
          (each) => each.kind === kind && /^update \w+$/.test(updates.get(each.name) ?? ''),
        );
        return found ? [found] : [];
      });
      expect(chosen.length).toBeGreaterThan(25);
      const objects = await ChangedObjects.in(by.cluster, 'by-hand', { podSecurity: 'privileged' });
      const version: Version = (stack) => {
        declare(stack, chosen, () => 0);
      };
      await objects.apply(version);
      const declared = kubernetesObjects(objects.document());
      const before = await contentOf(by.kubectl, declared);
      await objects.write((stack) => {
        declare(stack, chosen, () => 1);
      });
      const texts = new Map(declared.map(({ address, object }) => [address, JSON.stringify(object)]));
      const byHand = kubernetesObjects(objects.document()).filter(
        ({ address, object, keeps }) =>
          !keeps?.includes('spec') && texts.get(address) !== JSON.stringify(object),
      );
      const list = { apiVersion: 'v1', kind: 'List', items: byHand.map(({ object }) => object) };
      const forced = [
        'apply',
        '--server-side',
        '--force-conflicts',
        '--field-manager=by-hand',
        '--filename=-',
      ];
      await by.kubectl.run(forced, { input: JSON.stringify(list) });
      await objects.write(version);
      const { drifted } = await lookForDrift(objects, objects.terraform, { plans: objects.folder });
      const addresses = (of: readonly { readonly address: string }[]): string[] =>
        of.map(({ address }) => address).sort();
      process.stdout.write(`changed by hand: ${byHand.length}, drifted: ${drifted.length}\n`);
      expect(addresses(drifted)).toEqual(addresses(byHand));
      await objects.terraform.apply();
      expect(await objects.plan()).toEqual([]);
      const after = await contentOf(by.kubectl, declared);
      const differences = declared.flatMap(({ address }) => {
        const difference = sameContent(before.get(address), after.get(address));
        return difference === undefined ? [] : [`${address} at the end: ${difference}`];
      });
      expect(unexpectedOf(differences)).toEqual([]);
      await objects.terraform.destroy();
    },
    10 * MINUTE,
  );
});
