import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localStatePath, selectedPlatform } from '../../facts/selected-platform';
import { STACK } from '../../facts/stack-names';
import { UserError } from '../../facts/user-error';
import { isObject } from '../../manifests/field';
import type { PlatformRecord } from '../../manifests/platform-record';
import { inDeployOrder, type Stack } from '../../manifests/stacks';
import type { TerraformDocument } from '../../manifests/terraform-document';
import { providerAddress } from '../../terraform/provider-lock';
import type { AppliedRecord } from '../apply/applied-record';
import { planFolder } from '../apply/apply-folder';
import { digestOfProviders } from './digest';
import type { StateResource, Stored } from '../state/state-store';

/** A stack is no longer in the platform, and Terraform cannot be configured to destroy what its state holds. */
export class RemovedStackError extends UserError {
  readonly code = 'removed-stack';
  readonly exitStatus = 1;
}

/** Terraform's own provider needs no configuration. */
const BUILT_IN = 'terraform.io/builtin/terraform';

/**
 * Names of the stacks that have a state and that the platform no longer has. The stack of the bucket is none of them, since it holds
 * the states.
 */
export function removedNames(
  stacks: readonly Pick<Stack, 'name'>[],
  stored: ReadonlyMap<string, Stored>,
): string[] {
  const present = new Set<string>([STACK.pipeline, ...stacks.map(({ name }) => name)]);
  return [...stored].flatMap(([name, { state }]) =>
    present.has(name) || (state?.isEmpty ?? true) ? [] : [name],
  );
}

/**
 * The stacks that have a state and that the platform no longer has, in the order in which they are destroyed. Each one goes before
 * those that it depended on. It writes a document without resources for each, so that Terraform plans to destroy all.
 *
 * @param stacks of the platform: one that has the same providers says how these are configured
 * @param stored what is kept of all stacks, by name
 * @throws RemovedStackError for each stack whose providers no stack of the platform has
 */
export function removedStacks(
  stacks: readonly Stack[],
  stored: ReadonlyMap<string, Stored>,
  { outdir, handedOver }: { readonly outdir: string; readonly handedOver: PlatformRecord['handedOver'] },
): Stack[] {
  const removed = removedNames(stacks, stored).map((name) => {
    const { state, applied } = stored.get(name) ?? {};
    return { name, resources: state?.resources ?? [], ids: state?.ids, applied };
  });
  const findings: string[] = [];
  const found = removed.flatMap(({ name, resources, ids, applied }): Stack[] => {
    const providers = providersOf(resources);
    const like = alikeIn(stacks, providers, applied);
    if (like === undefined) {
      const commit =
        applied?.commit === undefined ? 'the last commit that has it' : `the commit ${applied.commit}`;
      findings.push(
        `stack ${name} is no longer in the platform, and its state holds ${describeResources(resources)}. No stack of the platform has ` +
          `the providers that destroy them, configured as they were: ${providers.join(', ')}. Check out ${commit}, run "npx cdktf destroy ${name}" there, and plan again`,
      );
      return [];
    }
    // What another stack takes over stays.
    const forgotten = Object.values(handedOver)
      .flat()
      .filter(({ fromStack, from }) => fromStack === name && ids?.has(from));
    const document: TerraformDocument = {
      ...like,
      terraform: { ...(like['terraform'] as object), backend: backendFor(name, like) },
      ...(forgotten.length > 0 && {
        removed: forgotten.map(({ from }) => ({ from, lifecycle: { destroy: false } })),
      }),
    };
    const workingDirectory = planFolder(name);
    mkdirSync(join(outdir, workingDirectory), { recursive: true });
    writeFileSync(documentFile(outdir, name), `${JSON.stringify(document, null, 2)}\n`);
    const dependencies = removed
      .filter((other) => Object.hasOwn(other.applied?.dependencies ?? {}, name))
      .map((other) => other.name);
    return [{ name, workingDirectory, dependencies, document }];
  });
  if (findings.length > 0) throw new RemovedStackError(findings);
  return inDeployOrder(found, 'the records beside the states');
}

/**
 * The stacks of a record as they are applied: what it destroys goes first, since the other stacks let go of what it uses.
 *
 * @param stacks that synthesis wrote
 */
export function withRemoved(
  stacks: readonly Stack[],
  { removed = [] }: { readonly removed?: readonly Pick<Stack, 'name' | 'dependencies'>[] },
  outdir: string,
): Stack[] {
  const names = removed.map(({ name }) => name);
  return [
    ...removed.map(({ name, dependencies }): Stack => ({
      name,
      dependencies,
      workingDirectory: planFolder(name),
      document: JSON.parse(readFileSync(documentFile(outdir, name), 'utf8')) as TerraformDocument,
    })),
    ...stacks.map((stack) => ({ ...stack, dependencies: [...stack.dependencies, ...names] })),
  ];
}

const documentFile = (outdir: string, stack: string): string =>
  join(outdir, planFolder(stack), 'cdk.tf.json');

/** `66 objects: 20 kubernetes_config_map_v1, …`, most first. */
export function describeResources(resources: readonly StateResource[]): string {
  const numbers = new Map<string, number>();
  const managed = resources.filter(({ mode }) => mode === 'managed');
  for (const { type, instances } of managed) numbers.set(type, (numbers.get(type) ?? 0) + instances.length);
  const all = managed.reduce((sum, { instances }) => sum + instances.length, 0);
  const kinds = [...numbers].sort(([, a], [, b]) => b - a).map(([type, number]) => `${number} ${type}`);
  return `${all} ${all === 1 ? 'object' : 'objects'} (${kinds.join(', ')})`;
}

/** `registry.terraform.io/hashicorp/aws`, and with its alias after a dot one that has any. */
function providersOf(resources: readonly StateResource[]): string[] {
  const all = resources.flatMap(({ provider }) => {
    const [, address = provider, alias = ''] = /provider\["([^"]+)"\](\.[\w-]+)?$/.exec(provider) ?? [];
    return address === BUILT_IN ? [] : [address + alias];
  });
  return [...new Set(all)].sort();
}

/** The configuration of providers with which a stack was applied, or that of all stacks that have them, if it is one. */
function alikeIn(
  stacks: readonly Stack[],
  providers: readonly string[],
  applied: AppliedRecord | undefined,
): TerraformDocument | undefined {
  const found = stacks.flatMap((stack) => {
    const like = configurationOf(stack, providers);
    return like ? [{ like, digest: digestOfProviders(stack.document) }] : [];
  });
  const same = found.find(({ digest }) => digest === applied?.providers);
  const isOne = new Set(found.map(({ like }) => digestOfProviders(like))).size === 1;
  return same?.like ?? (isOne ? found[0]?.like : undefined);
}

/** The configuration of these providers in a stack with what it refers to; undefined where the stack lacks one of them. */
function configurationOf({ document }: Stack, providers: readonly string[]): TerraformDocument | undefined {
  const { terraform, provider = {} } = document as {
    readonly terraform?: {
      readonly required_providers?: Readonly<Record<string, { readonly source: string }>>;
    };
    readonly provider?: Readonly<Record<string, readonly { readonly alias?: string }[]>>;
  };
  const wanted = (name: string): boolean => {
    const source = terraform?.required_providers?.[name]?.source ?? name;
    return providers.some((each) => each.startsWith(providerAddress(source)));
  };
  const required = Object.entries(terraform?.required_providers ?? {}).filter(([name]) => wanted(name));
  const configured = Object.entries(provider).filter(([name]) => wanted(name));
  const has = new Set(
    configured.flatMap(([name, blocks]) =>
      [blocks].flat().map(({ alias }) => {
        const source = terraform?.required_providers?.[name]?.source ?? name;
        return `${providerAddress(source)}${alias === undefined ? '' : `.${alias}`}`;
      }),
    ),
  );
  if (!providers.every((each) => has.has(each))) return undefined;
  const read = referredData(document, JSON.stringify(configured));
  return (
    read && {
      terraform: { ...terraform, required_providers: Object.fromEntries(required) },
      ...(configured.length > 0 && { provider: Object.fromEntries(configured) }),
      ...read,
    }
  );
}

/** The data sources that a text refers to, and those that they refer to; undefined where it refers to an object of the stack. */
function referredData(document: TerraformDocument, text: string): TerraformDocument | undefined {
  const data: Record<string, Record<string, unknown>> = {};
  const known = (document['data'] ?? {}) as Record<string, Record<string, unknown>>;
  const left = [text];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const [, isData, type = '', name = ''] of next.matchAll(
      /\b(data\.)?([a-z][a-z0-9]*_[a-z0-9_]+)\.([\w-]+)/g,
    )) {
      if (isData === undefined && document.resource?.[type]?.[name] !== undefined) return undefined;
      const found = isData === undefined ? undefined : known[type]?.[name];
      if (found === undefined || data[type]?.[name] !== undefined) continue;
      (data[type] ??= {})[name] = found;
      left.push(JSON.stringify(found));
    }
  }
  const { locals, variable } = document;
  return {
    ...(Object.keys(data).length > 0 && { data }),
    ...(locals && text.includes('local.') && { locals }),
    ...(variable && text.includes('var.') && { variable }),
  };
}

/** Where the state of a stack is, by where that of another stack is. */
function backendFor(stack: string, { terraform }: TerraformDocument): object {
  const { s3 } = (terraform as { readonly backend: { readonly s3?: { readonly key: string } } }).backend;
  return isObject(s3)
    ? { s3: { ...s3, key: `${dirname(s3.key)}/${stack}.tfstate` } }
    : { local: { path: localStatePath(stack, selectedPlatform().name) } };
}
