import { KUBERNETES_PROVIDER } from '../facts/attribute-table';
import { isObject } from '../manifests/field';
import { blocksOf, textOf } from '../manifests/attributes';
import type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';

/** A provider that a platform's own stacks use. */
export interface OwnProvider {
  /** `cloudflare/cloudflare`. */
  readonly source: string;
  /** `4.52.0`. */
  readonly version: string;
}

/** The providers of the program: their versions are those of the packages that it is installed with. */
const OWN_SOURCES = ['hashicorp/aws', 'hashicorp/helm', 'hashicorp/kubernetes'];

/** What Terraform has in itself, and providers that all stacks have. */
const WITHOUT_REQUIREMENT = ['terraform', 'aws', 'helm', 'kubernetes'];

const EXACT = /^v?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Data sources that run a program of this machine, or ask any server. */
const RUNNING_DATA: Readonly<Record<string, string>> = {
  external: 'runs a program of the machine that plans',
  http: 'asks a server that anybody may have',
};

/**
 * What would run with the credentials of `init`, `plan` or `apply` besides Terraform and the pinned providers. Provisioners, data
 * sources that run programs, other providers, and modules whose content can change would.
 *
 * @param own the further providers of the platform
 * @returns what is wrong by the address in the stack; a provider and a module have theirs as Terraform writes it
 */
export function runningCode(
  document: TerraformDocument,
  own: readonly OwnProvider[] = [],
): readonly { readonly address: string; readonly message: string }[] {
  const entries = (block: string): [string, Json][] => entriesOf(document[block]);
  const resources = entries('resource').flatMap(([type, named]) =>
    entriesOf(named).flatMap(([name, body]) =>
      blocksOf(body).map((one) => ({ address: `${type}.${name}`, type, body: one })),
    ),
  );
  // A check may read data of its own.
  const data = [...entries('data'), ...entries('check').flatMap(([, check]) => inBlocks(check, 'data'))];
  const required = inBlocks(document['terraform'], 'required_providers');
  const types = [...entries('resource'), ...entries('ephemeral'), ...data].map(([type]) => type);
  const implied = types
    .filter((type) => !(type in RUNNING_DATA))
    .map((type) => type.replace(/_.*$/, ''))
    .filter((name) => !WITHOUT_REQUIREMENT.includes(name) && !required.some(([known]) => known === name));
  return [
    ...resources
      .filter(({ body }) => 'provisioner' in body)
      .map(({ address }) => ({
        address,
        message:
          'has a provisioner, which runs commands with the credentials of the pipeline; do it in an image of your own, such as a Job',
      })),
    ...resources
      .filter(({ type, body }) => type === 'helm_release' && 'postrender' in body)
      .map(({ address }) => ({
        address,
        message:
          'has a postrender, which runs a program of the machine that applies; change the values of the chart',
      })),
    ...blocksOf(document['removed'])
      .filter((removed) => 'provisioner' in removed)
      .map(({ from }) => ({
        address: `removed.${textOf(from)}`,
        message: 'has a provisioner, which runs commands with the credentials of the pipeline; leave it out',
      })),
    ...entries('provider').flatMap(([name, body]) =>
      runsPrograms(body)
        ? [
            {
              address: `provider.${name}`,
              message:
                'runs another program than aws, or reads a file that may name one; sign in as the program does',
            },
          ]
        : [],
    ),
    ...[...new Set(implied)].map((name) => ({
      address: `provider.${name}`,
      message: `is required without a version: Terraform would take any of hashicorp/${name}; require an exact one, and add it below pipeline.providers`,
    })),
    ...data.flatMap(([type, named]) =>
      type in RUNNING_DATA
        ? entriesOf(named).map(([name]) => ({
            address: `data.${type}.${name}`,
            message: `${RUNNING_DATA[type] ?? ''}, with the credentials of the pipeline; read the value before synthesis`,
          }))
        : [],
    ),
    ...required.flatMap(([name, requirement]) => {
      // A text alone is a version.
      const { source, version } = isObject(requirement)
        ? requirement
        : { source: name, version: requirement };
      const message = providerError(name, typeof source === 'string' ? source : name, textOf(version), own);
      return message === undefined ? [] : [{ address: `provider.${name}`, message }];
    }),
    ...entries('module')
      .flatMap(([name, body]) => blocksOf(body).map((one): [string, JsonObject] => [name, one]))
      .filter(([, { source, version }]) => !isPinned(textOf(source), textOf(version)))
      .map(([name]) => ({
        address: `module.${name}`,
        message:
          'can change without the platform; set an exact version of a registry, or a source of git with ?ref= and the 40 digits of a commit',
      })),
  ];
}

/** Of a block that may be written as a list of blocks, too. */
const entriesOf = (block: unknown): [string, Json][] => blocksOf(block).flatMap((one) => Object.entries(one));

const inBlocks = (outer: unknown, name: string): [string, Json][] =>
  blocksOf(outer).flatMap((one) => entriesOf(one[name]));

/** Whether the configuration of a provider runs something else than `aws eks get-token`, or takes it from a file. */
function runsPrograms(value: Json): boolean {
  if (Array.isArray(value)) return value.some(runsPrograms);
  if (!isObject(value)) return false;
  return (
    FILES.some((name) => name in value) ||
    blocksOf(value['exec']).some(({ command, env }) => command !== 'aws' || env !== undefined) ||
    Object.values(value).some(runsPrograms)
  );
}

/** Files of AWS's tools, in which `credential_process` names a program. */
const FILES = ['shared_config_files', 'shared_credentials_files'];

function providerError(
  name: string,
  source: string,
  version: string,
  own: readonly OwnProvider[],
): string | undefined {
  const full = source.replace(/^registry\.terraform\.io\//, '').replace(/^([^/]+)$/, 'hashicorp/$1');
  const listed = own.find((provider) => provider.source === full);
  if (listed === undefined && !OWN_SOURCES.includes(full)) {
    return `${full} is no provider of the program; add it with its exact version below pipeline.providers, or remove it`;
  }
  const [kubernetes, known] = KUBERNETES_PROVIDER.split(' ');
  const wanted = listed?.version ?? (full === kubernetes ? known : undefined);
  if (wanted !== undefined && version !== wanted) {
    return `requires ${full} ${version === '' ? 'of any version' : version}; require ${wanted}, which is what is known and pinned`;
  }
  return EXACT.test(version)
    ? undefined
    : `requires ${name} ${version}, which is no exact version; write one, such as 5.100.0`;
}

function isPinned(source: string, version: string): boolean {
  if (/^git::|\.git\b|^git@/.test(source)) return /[?&]ref=[0-9a-f]{40}\b/.test(source);
  return /^(?:[\w.-]+\/)?[\w-]+\/[\w-]+\/[\w-]+(?:\/\/.*)?$/.test(source) && EXACT.test(version);
}
