import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAIM } from '../../manifests/kinds';
import { kubernetesObjects } from '../../manifests/objects';
import type { HandedOver } from '../../manifests/platform-record';
import type { Stack } from '../../manifests/stacks';
import type { Stored } from './state-store';

/** An object that exists and that a state gets. */
export interface Import {
  /** Its Terraform address in the stack. */
  readonly to: string;
  /** What the provider finds it by. */
  readonly id: string;
  /** The namespace and name of a claim, which is imported if it exists: a controller may have created it. */
  readonly claim?: { readonly namespace: string; readonly name: string };
}

/** Where `plan` writes what a state gets, beside the bytes that synthesis wrote. */
const IMPORTS = 'imports.tf.json';
/** Terraform merges files of such a name into the others, argument by argument. */
const OVERRIDE = 'imports_override.tf.json';

/** Lists the objects of a namespace, for Terraform to import those that exist. */
const EXISTING = 'kubernetes_resources';

/** Keeps a value that no state may hold: the secret gets the value that it has, through Terraform's memory. */
const CARRIED = 'aws_secretsmanager_secret_version';

/**
 * The objects that a stack takes over and that its state lacks: from other stacks, and claims that a StatefulSet's controller has
 * created. A stack that never existed finds none.
 *
 * @param stored what is kept of each stack, by name
 */
export function importsOf(
  { name, document }: Pick<Stack, 'name' | 'document'>,
  handedOver: readonly HandedOver[],
  stored: ReadonlyMap<string, Stored>,
): Import[] {
  const { state, applied } = stored.get(name) ?? {};
  const taken = new Set([...(state?.ids.keys() ?? []), ...(applied?.takenOver ?? [])]);
  const fromStacks = handedOver.flatMap(({ to, fromStack, from }) => {
    if (taken.has(to)) return [];
    const giver = stored.get(fromStack);
    const id = giver?.state?.ids.get(from) ?? giver?.applied?.handedOver?.[from];
    return id === undefined ? [] : [{ to, id }];
  });
  const lacksClaim = Object.keys(document.resource?.[CLAIM] ?? {}).some(
    (each) => !taken.has(`${CLAIM}.${each}`),
  );
  if (!lacksClaim || (state?.isEmpty ?? true)) return fromStacks;
  const claims = kubernetesObjects(document, { resolve: (expression) => `\${${expression}}` }).flatMap(
    ({ address, object: { metadata } }): Import[] => {
      const { namespace = 'default', name: claim = '' } = metadata;
      return !address.startsWith(`${CLAIM}.`) || taken.has(address)
        ? []
        : [{ to: address, id: `${namespace}/${claim}`, claim: { namespace, name: claim } }];
    },
  );
  return [...fromStacks, ...claims];
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
  const namespaces = new Set(imports.flatMap(({ claim }) => claim?.namespace ?? []));
  write(join(folder, IMPORTS), {
    import: imports
      .filter((each) => !isCarried(each))
      .map(({ to, id, claim }) => ({ ...(claim && { for_each: ifItExists(claim) }), to, id })),
    ...(namespaces.size > 0 && {
      data: {
        [EXISTING]: Object.fromEntries(
          [...namespaces].map((namespace) => [
            claimsIn(namespace),
            { api_version: 'v1', kind: 'PersistentVolumeClaim', namespace },
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
function ifItExists({ namespace, name }: NonNullable<Import['claim']>): string {
  const objects = `data.${EXISTING}.${claimsIn(namespace)}.objects`;
  return `\${toset([for claim in ${objects} : claim.metadata.name if claim.metadata.name == "${name}"])}`;
}

const claimsIn = (namespace: string): string => `claims_in_${namespace}`;

function isCarried({ to }: Import): boolean {
  return to.startsWith(`${CARRIED}.`);
}

function nameOf(address: string): string {
  return address.slice(address.indexOf('.') + 1);
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
