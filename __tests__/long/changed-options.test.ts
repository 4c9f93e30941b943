import { type KubernetesObject, kubernetesObjects } from '../../src/manifests/objects';
import { ManifestApplier } from '../../src/sandbox/manifest-applier';
import { AttentiveKubectl, BareCluster } from '../e2e/bare-cluster';
import { contentOf, lacking, sameContent } from './changed-content';
import { SERIES, STEPS } from './changed-options';
import { documentOf, effectsOf } from './changed-stack';
import { predictedPlan } from './predicted-changes';

const MINUTE = 60_000;

let cluster: BareCluster;
let kubectl: AttentiveKubectl;

beforeAll(async () => {
  cluster = await BareCluster.start();
  kubectl = new AttentiveKubectl(cluster.kubeconfig);
}, 60 * MINUTE);

afterAll(() => cluster.stop(), MINUTE);

/** Whether the predicted plan of a step updates objects, creates and deletes others, and replaces or refuses none. */
const isInPlace = (effect = ''): boolean => !effect.includes('refused') && !effect.includes('+');

/** The provider replaces a claim that becomes smaller, which no schema says, and plan refuses it (refused-changes.test.ts). */
const SHRINKING = ['PersistentVolumeClaim size', 'ClaimTemplate size'];

/** An autoscaler waits five minutes before it takes Pods away. */
const AUTOSCALED = /horizontal_pod_autoscaler_\w+ at the end: spec\.replicas was /;

it(
  'the API server takes in place what the attribute table predicts so, and nothing is left of it at the end',
  async () => {
    const effects = [1, 2, 3].map((to) => {
      const [from, document] = [to - 1, to].map((version) => documentOf(() => version));
      if (!from || !document) throw new Error('no documents');
      const { plan } = predictedPlan(from, document);
      return effectsOf({ name: 'pairs', plan, document, protectedBefore: [] });
    });
    const series = SERIES.filter(
      ({ name }) => !SHRINKING.includes(name) && effects.every((step) => isInPlace(step.get(name))),
    );
    expect(series.length * 3).toBeGreaterThan(600);
    const contents: Map<string, KubernetesObject>[] = [];
    const findings: string[] = [];
    for (const version of [0, 1, 2, 3]) {
      const objects = kubernetesObjects(documentOf(() => version, series));
      await new ManifestApplier(kubectl, () => Promise.resolve(objects), cluster.directory, 'pairs').apply();
      const live = await contentOf(kubectl, objects);
      for (const each of objects) {
        for (const field of lacking(each, live.get(each.address)))
          findings.push(`${each.address} ${STEPS[version]}: ${field}`);
      }
      contents.push(live);
    }
    const [first, , , last] = contents;
    for (const [address, content] of last ?? []) {
      const difference = sameContent(first?.get(address), content);
      if (difference !== undefined) findings.push(`${address} at the end: ${difference}`);
    }
    expect(findings.filter((each) => !AUTOSCALED.test(each))).toEqual([]);
    // An object that each version declares is the same one throughout. An option may create an object of its own, and delete it.
    const uids = (of?: Map<string, KubernetesObject>) =>
      Object.fromEntries(
        [...(of ?? [])]
          .filter(([address]) => contents.every((each) => each.has(address)))
          .map(([address, { metadata }]) => [address, metadata['uid']]),
      );
    expect(Object.keys(uids(first)).length).toBeGreaterThan(300);
    expect(uids(last)).toEqual(uids(first));
  },
  30 * MINUTE,
);
