import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { stringify } from 'yaml';
import { kubernetesObjects, type KubernetesObject } from '../manifests/objects';
import { asWritten } from '../manifests/references';
import { peerPackageProblem } from '../facts/peer-packages.cjs';
import { STACK } from '../facts/stack-names';
import type { TerraformDocument } from '../manifests/terraform-document';
import { after, DefinedPlatform, DefinitionError } from '../platform/define-platform';
import { PlatformApp } from '../platform/platform-app';
import type { RegisteredWorkload, StackClass } from '../platform/registry';

/** Where a workload is synthesized. */
export interface WorkloadTestOptions {
  /** Name of the namespace. @default dev */
  readonly namespace?: string;
  /** The options of each workload that it uses, by the workload's name. @default {} */
  readonly uses?: Readonly<Record<string, object>>;
}

/** A stack as it is deployed. */
export interface SynthesizedStack {
  /** Its Kubernetes objects, with expressions that only Terraform can evaluate between `${` and `}`. */
  readonly objects: readonly KubernetesObject[];
  /** Its Terraform JSON. */
  readonly document: TerraformDocument;
  /** The object of a kind and a name. @throws Error when there is none, with the names that there are */
  object(kind: string, name: string): KubernetesObject;
  /** The arguments of a resource, by its Terraform address. @throws Error when there is none */
  resource(address: string): Readonly<Record<string, unknown>>;
}

/** A platform with one node group, of which tests need not know. */
const PLATFORM = {
  name: 'test',
  region: 'eu-west-1',
  cluster: { version: DEFAULT_KUBERNETES_VERSION, admins: ['arn:aws:iam::111122223333:role/admin'] },
  nodes: { 'node-1': { zone: 'a', instanceTypes: ['m7i.large'], min: 1, max: 3 } },
};

/**
 * Synthesizes a workload in a namespace of its own, with what it uses.
 *
 * @param options as they would stand in `platform.yaml`
 * @throws DefinitionError, ConfigError or SynthesisError, as `npm run synth` would report them
 */
export function synthesizeWorkload(
  workload: RegisteredWorkload,
  options: object,
  { namespace = 'dev', uses = {} }: WorkloadTestOptions = {},
): SynthesizedStack {
  const workloads = { ...uses, [workload.name]: options };
  const definition = new DefinedPlatform({ workloads: withUsed(workload) }, workload.source);
  return synthesized(
    definition,
    { namespaces: { [namespace]: { nodes: ['node-1'], workloads } } },
    namespace,
  );
}

/**
 * Synthesizes a stack of a platform's own.
 *
 * @throws DefinitionError or SynthesisError, as `npm run synth` would report it
 */
export function synthesizeStack(stack: StackClass): SynthesizedStack {
  const placed = after(STACK.network, stack);
  const definition = new DefinedPlatform({ workloads: [], stacks: [placed] }, stack.name);
  return synthesized(definition, { namespaces: { dev: { nodes: ['node-1'] } } });
}

const problem = peerPackageProblem(process.cwd());

/** @param name of the stack @default - that of the platform's own */
function synthesized(definition: DefinedPlatform, parts: object, name?: string): SynthesizedStack {
  if (problem !== undefined) throw new DefinitionError(problem);
  const { workloads, stacks } = definition;
  const text = stringify({ ...PLATFORM, ...parts });
  const platform = definition.parse(text, 'platform.yaml', { today: new Date(0) });
  const outdir = mkdtempSync(join(tmpdir(), 'stack-'));
  try {
    const { stacks: made } = new PlatformApp(platform, { workloads, stacks, outdir }).synthesize();
    // A platform's own stack is the last that is made.
    const file = join(outdir, 'stacks', name ?? made.at(-1)?.name ?? '', 'cdk.tf.json');
    return read(JSON.parse(readFileSync(file, 'utf8')) as TerraformDocument);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function read(document: TerraformDocument): SynthesizedStack {
  const objects = kubernetesObjects(document, { resolve: asWritten }).map(({ object }) => object);
  return {
    objects,
    document,
    object: (kind, name) => {
      const ofKind = objects.filter((each) => each.kind === kind);
      const found = ofKind.find(({ metadata }) => metadata.name === name);
      if (found) return found;
      const names = ofKind.map(({ metadata }) => metadata.name ?? '').join(', ');
      throw new Error(`no ${kind} ${name}; there are: ${names || 'none'}`);
    },
    resource: (address) => {
      const [type = '', name = ''] = address.split('.');
      const found = document.resource?.[type]?.[name];
      if (found) return found;
      const names = Object.keys(document.resource?.[type] ?? {}).map((each) => `${type}.${each}`);
      throw new Error(`no ${address}; there are: ${names.join(', ') || 'none of its type'}`);
    },
  };
}

/** A workload and all that it uses, by way of others too. */
function withUsed(workload: RegisteredWorkload): RegisteredWorkload[] {
  return [...new Set([...Object.values(workload.uses).flatMap(withUsed), workload])];
}
