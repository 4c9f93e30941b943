import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { isObject } from '../../../src/manifests/field';
import { kubernetesObjects, type KubernetesObject } from '../../../src/manifests/objects';
import type { Json } from '../../../src/manifests/terraform-document';
import { apiModel } from '../../src/manifests/api-schema';
import { APPLICATIONS } from '../../examples/applications';
import { FEATURES } from './features';
import { inNamespace } from './namespace-of';
import { synthesizeSamples } from './sample-stack';
import { secretReader } from './secret-values';

/** The kinds of the workload API, each with its model. */
const MODELS: Readonly<Record<string, string>> = {
  CronJob: 'V1CronJob',
  DaemonSet: 'V1DaemonSet',
  Deployment: 'V1Deployment',
  HorizontalPodAutoscaler: 'V2HorizontalPodAutoscaler',
  Job: 'V1Job',
  Pod: 'V1Pod',
  PodDisruptionBudget: 'V1PodDisruptionBudget',
  ReplicaSet: 'V1ReplicaSet',
  Service: 'V1Service',
  StatefulSet: 'V1StatefulSet',
};

/** What the server alone writes. */
const OF_THE_SERVER =
  /\.(status|managedFields|creationTimestamp|deletion\w+|generation|resourceVersion|selfLink|uid)$/;

const elementOf = (type: string): string =>
  /^(?:Array<|\{ \[key: string\]: )(\w+)[>;]/.exec(type)?.[1] ?? type;

/** Every field below a model, as `V1PodSpec.hostNetwork`. */
function fieldsBelow(model: string, known = new Set<string>()): Set<string> {
  for (const [name, type] of apiModel(model) ?? []) {
    const field = `${model}.${name}`;
    if (known.has(field) || OF_THE_SERVER.test(field)) continue;
    known.add(field);
    fieldsBelow(elementOf(type), known);
  }
  return known;
}

/** The fields that an object has. */
function fieldsOf(value: Json | undefined, model: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    value.forEach((each: Json) => {
      fieldsOf(each, model, into);
    });
  }
  const fields = apiModel(model);
  if (!isObject(value) || !fields) return;
  for (const [name, each] of Object.entries(value)) {
    const type = fields.get(name);
    if (type === undefined) continue;
    into.add(`${model}.${name}`);
    fieldsOf(each, elementOf(type), into);
  }
}

/** All objects of the samples, of the features that options say, and of the applications. */
function saidByOptions(): KubernetesObject[] {
  const outdir = mkdtempSync(join(tmpdir(), 'said-'));
  try {
    const { everything } = synthesizeSamples(outdir).documents;
    const kinds = Object.keys(MODELS);
    const builds = [
      ...Object.values(FEATURES)
        .filter(({ by }) => by === 'option')
        .map(({ build }) => build),
      ...Object.values(APPLICATIONS).map(([build]) => build),
    ];
    return [
      ...kubernetesObjects(everything, { resolve: secretReader() }).map(({ object }) => object),
      ...builds.flatMap((build) => {
        const made = inNamespace((stack) => void build(stack), { podSecurity: 'privileged' });
        return kinds.flatMap((kind) => made.objects(kind));
      }),
    ];
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

it('the options set the fields that people ask for, and patch() sets every field', () => {
  const all = new Set(Object.values(MODELS).flatMap((model) => [...fieldsBelow(model)]));
  const said = new Set<string>();
  for (const object of saidByOptions()) {
    const model = MODELS[object.kind];
    if (model !== undefined) fieldsOf(object as unknown as Json, model, said);
  }
  const options = [...said].filter((field) => all.has(field));
  // By patch() of a workload that is written as a manifest, every field compiles, and the API server's validation reads it.
  process.stdout.write(
    `workload API of Kubernetes ${DEFAULT_KUBERNETES_VERSION}: ${all.size} fields; options say ${options.length}, patch() says ${all.size}\n`,
  );
  expect(all.size).toBeGreaterThan(options.length);
  for (const field of [
    'V1PodSpec.hostNetwork',
    'V1Container.resources',
    'V1VolumeMount.subPathExpr',
    'V1Volume.nfs',
  ]) {
    expect([field, said.has(field)]).toEqual([field, true]);
  }
});
