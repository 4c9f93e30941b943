import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesForm } from '../../facts/attribute-table';
import { isObject } from '../../manifests/field';
import { KINDS, CLAIM, MANIFEST } from '../../manifests/kinds';
import { type AddressedObject, type KubernetesObject, kubernetesObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import { UNAPPLIED } from '../apply/applied-record';
import type { HandedOver } from '../../manifests/platform-record';
import type { Stack } from '../../manifests/stacks';
import type { TerraformDocument } from '../../manifests/terraform-document';
import type { StateResource, Stored } from './state-store';

/** An object that exists and that a state gets. */
export interface Import {
  /** Its Terraform address in the stack. */
  readonly to: string;
  /** What the provider finds it by. */
  readonly id: string;
  /** An object of the cluster that is imported if it exists: a controller or a person may have created it. */
  readonly object?: ExistingObject;
}

/** What the cluster may have. */
interface ExistingObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** @default - a kind of the whole cluster */
  readonly namespace?: string;
  readonly name: string;
}

/** Where `plan` writes what a state gets, beside the bytes that synthesis wrote. */
const IMPORTS = 'imports.tf.json';
/** Terraform merges files of such a name into the others, argument by argument. */
const OVERRIDE = 'imports_override.tf.json';

/** Lists objects of the cluster, for Terraform to import those that exist. */
const EXISTING = 'kubernetes_resources';

/** Keeps a value that no state may hold: the secret gets the value that it has, through Terraform's memory. */
const CARRIED = 'aws_secretsmanager_secret_version';

/** Kinds whose objects run once. */
const RUNS_ONCE = ['Job', 'Pod'];

/** What the provider takes over itself. */
const TAKEN_BY_PROVIDER = 'kubernetes_default_service_account_v1';

/**
 * The objects that a stack takes over and that its state lacks:
 *
 * - those of other stacks
 * - those that an apply has created and could not save
 * - claims that a StatefulSet's controller has created; a stack that never existed finds none
 *
 * @param stored what is kept of each stack, by name
 * @param adopts whether the stack takes over every object of the cluster that it declares
 */
export function importsOf(
  { name, document }: Pick<Stack, 'name' | 'document'>,
  handedOver: readonly HandedOver[],
  stored: ReadonlyMap<string, Stored>,
  adopts = false,
): Import[] {
  const { state, applied } = stored.get(name) ?? {};
  const taken = new Set([
    ...(state?.ids.keys() ?? []),
    ...(applied?.takenOver ?? []),
    ...secretsIn(document),
  ]);
  let converted: AddressedObject[] | undefined;
  const declared = (): AddressedObject[] =>
    (converted ??= kubernetesObjects(document, { resolve: asWritten }));
  const fromStacks = handedOver.flatMap(({ to, fromStack, from }) => {
    if (taken.has(to)) return [];
    const giver = stored.get(fromStack);
    const id = changesForm(from, to)
      ? idInOtherForm(
          declared().find(({ address }) => address === to),
          giver?.state?.resources.find((each) => addressIn(each) === from),
        )
      : (giver?.state?.ids.get(from) ?? giver?.applied?.handedOver?.[from]);
    return id === undefined ? [] : [{ to, id }];
  });
  for (const { to } of fromStacks) taken.add(to);
  const begun = new Set(applied?.begun);
  const neverApplied = state?.isEmpty ?? true;
  const looksFor = (type: string, address: string): boolean =>
    !taken.has(address) &&
    (adopts || begun.has(address)
      ? (type === MANIFEST || type in KINDS) && type !== TAKEN_BY_PROVIDER
      : type === CLAIM && !neverApplied);
  const lacksOne = Object.entries(document.resource ?? {}).some(([type, named]) =>
    Object.keys(named).some((each) => looksFor(type, `${type}.${each}`)),
  );
  if (!lacksOne) return fromStacks;
  const objects = declared().flatMap(({ address, object }): Import[] => {
    const [type = ''] = address.split('.', 1);
    const existing = existingObject(type, object);
    const runsOnce = begun.has(address) && RUNS_ONCE.includes(object.kind);
    return !looksFor(type, address) || runsOnce || existing.name.includes('${')
      ? []
      : [{ to: address, id: idOf(type, existing), object: existing }];
  });
  return [...fromStacks, ...objects];
}

/** Which addresses the next plan can import: no Secret, and nothing that runs once, since its failure would be taken for its end. */
export function importableOf(
  { name, document }: Pick<Stack, 'name' | 'document'>,
  addresses: ReadonlySet<string>,
): string[] {
  const applied = { ...UNAPPLIED, stack: name, begun: [...addresses] };
  return importsOf({ name, document }, [], new Map([[name, { applied }]])).map(({ to }) => to);
}

/** The addresses of the Secrets. None is ever imported: the provider would write its values into the state. */
function secretsIn({ resource = {} }: TerraformDocument): string[] {
  const manifests = Object.entries(resource[MANIFEST] ?? {}).filter(([, { manifest }]) => {
    const { apiVersion, kind } = isObject(manifest) ? manifest : {};
    return apiVersion === 'v1' && kind === 'Secret';
  });
  return [
    ...Object.keys(resource['kubernetes_secret_v1'] ?? {}).map((each) => `kubernetes_secret_v1.${each}`),
    ...manifests.map(([each]) => `${MANIFEST}.${each}`),
  ];
}

/** An object by its kind and name. What is in a namespace and names none is in `default`. */
function existingObject(type: string, { apiVersion, kind, metadata }: KubernetesObject): ExistingObject {
  const fields = KINDS[type]?.fields['metadata'];
  const byDefault = fields?.shape === 'object' && 'namespace' in fields.block ? 'default' : undefined;
  const namespace = metadata.namespace ?? byDefault;
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name: metadata.name ?? '' };
}

/** What the provider finds an object by. */
function idOf(type: string, { apiVersion, kind, namespace, name }: ExistingObject): string {
  if (type !== MANIFEST) return namespace === undefined ? name : `${namespace}/${name}`;
  const place = namespace === undefined ? '' : `,namespace=${namespace}`;
  return `apiVersion=${apiVersion},kind=${kind}${place},name=${name}`;
}

const addressIn = ({ mode, module, type, name }: StateResource): string | undefined =>
  mode === 'managed' && module === undefined ? `${type}.${name}` : undefined;

/** What the provider finds an object by that had another Terraform type: a manifest by its kind too, all others by namespace and name. */
function idInOtherForm(
  declared: AddressedObject | undefined,
  before: StateResource | undefined,
): string | undefined {
  if (!declared || !before) return undefined;
  const { address, object } = declared;
  const [type = ''] = address.split('.', 1);
  // A Job has another name once it runs something else.
  const id = before.instances[0]?.attributes?.id;
  const parts = typeof id === 'string' ? id.split('/') : [];
  const { apiVersion, kind, metadata } = object;
  const [name = metadata.name ?? '', namespace = metadata.namespace] = [...parts].reverse();
  return idOf(type, { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) });
}

/**
 * The identities of the objects that a stack hands over, those of earlier applies included. After an apply, the stack's state no
 * longer has them, and the other stack may not have imported them yet.
 */
export function idsHandedOver(
  stack: string,
  handedOver: Readonly<Record<string, readonly HandedOver[]>>,
  { state, applied }: Stored,
): Record<string, string> {
  const ids = { ...applied?.handedOver };
  for (const { fromStack, from } of Object.values(handedOver).flat()) {
    const id = fromStack === stack ? state?.ids.get(from) : undefined;
    if (id !== undefined) ids[from] = id;
  }
  return ids;
}

/**
 * Writes the `import` blocks of a stack beside its Terraform JSON, or removes those of an earlier plan.
 *
 * The value of a secret is never imported, because the provider would write it into the state. Terraform creates a version with the
 * secret's current value.
 *
 * @param folder where Terraform runs
 */
export function writeImports(folder: string, imports: readonly Import[]): void {
  if (imports.length === 0) {
    removeImports(folder);
    return;
  }
  const ephemeral: Record<string, unknown> = {};
  const versions: Record<string, unknown> = {};
  for (const { to, id } of imports.filter(isCarried)) {
    const name = nameOf(to);
    const [secret = ''] = id.split('|');
    ephemeral[`taken_over_${name}`] = { secret_id: secret };
    versions[name] = { secret_string_wo: `\${ephemeral.${CARRIED}.taken_over_${name}.secret_string}` };
  }
  const lists = new Map(imports.flatMap(({ object }) => (object ? [[listOf(object), object] as const] : [])));
  write(join(folder, IMPORTS), {
    import: imports
      .filter((each) => !isCarried(each))
      .map(({ to, id, object }) => ({ ...(object && { for_each: ifItExists(object) }), to, id })),
    ...(lists.size > 0 && {
      data: {
        [EXISTING]: Object.fromEntries(
          [...lists].map(([list, { apiVersion, kind, namespace }]) => [
            list,
            { api_version: apiVersion, kind, ...(namespace !== undefined && { namespace }) },
          ]),
        ),
      },
    }),
    ...(Object.keys(ephemeral).length > 0 && { ephemeral: { [CARRIED]: ephemeral } }),
  });
  if (Object.keys(versions).length > 0) write(join(folder, OVERRIDE), { resource: { [CARRIED]: versions } });
}

/** Removes the `import` blocks of a stack: an apply uses them up. */
export function removeImports(folder: string): void {
  for (const file of [IMPORTS, OVERRIDE]) rmSync(join(folder, file), { force: true });
}

/** A set of one name, or of none: an import of what does not exist would end the plan. */
function ifItExists(object: ExistingObject): string {
  const objects = `data.${EXISTING}.${listOf(object)}.objects`;
  return `\${toset([for each in ${objects} : each.metadata.name if each.metadata.name == "${object.name}"])}`;
}

/** The name of the list that has the objects of a kind and namespace. */
const listOf = ({ apiVersion, kind, namespace }: ExistingObject): string =>
  [kind, ...(namespace === undefined ? [] : ['in', namespace]), 'of', apiVersion]
    .join('_')
    .toLowerCase()
    .replace(/[^\w-]/g, '_');

function isCarried({ to }: Import): boolean {
  return to.startsWith(`${CARRIED}.`);
}

function nameOf(address: string): string {
  return address.slice(address.indexOf('.') + 1);
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
