import { KUBERNETES_PROVIDER } from '../facts/attribute-table';
import { isObject } from '../manifests/field';
import type { TerraformDocument } from '../manifests/terraform-document';

/** A provider that a platform's own stacks use. */
export interface OwnProvider {
  /** `cloudflare/cloudflare`. */
  readonly source: string;
  /** `4.52.0`. */
  readonly version: string;
}

/** The providers of the program: their versions are those of the packages that it is installed with. */
const OWN_SOURCES = ['hashicorp/aws', 'hashicorp/helm', 'hashicorp/kubernetes'];

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
  const entries = (block: string): [string, Record<string, unknown>][] =>
    Object.entries((document[block] ?? {}) as Record<string, Record<string, unknown>>);
  const resources = entries('resource').flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => ({ address: `${type}.${name}`, type, body: body as object })),
  );
  const terraform = document['terraform'];
  const required = isObject(terraform) ? terraform['required_providers'] : undefined;
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
    ...entries('data').flatMap(([type, named]) =>
      type in RUNNING_DATA
        ? Object.keys(named).map((name) => ({
            address: `data.${type}.${name}`,
            message: `${RUNNING_DATA[type] ?? ''}, with the credentials of the pipeline; read the value before synthesis`,
          }))
        : [],
    ),
    ...Object.entries(isObject(required) ? required : {}).flatMap(([name, requirement]) => {
      const { source, version } = isObject(requirement) ? requirement : {};
      const message = providerError(name, textOr(source, name), textOr(version, ''), own);
      return message === undefined ? [] : [{ address: `provider.${name}`, message }];
    }),
    ...entries('module')
      .filter(([, { source, version }]) => !isPinned(textOr(source, ''), textOr(version, '')))
      .map(([name]) => ({
        address: `module.${name}`,
        message:
          'can change without the platform; set an exact version of a registry, or a source of git with ?ref= and the 40 digits of a commit',
      })),
  ];
}

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
  const [, known] = full === KUBERNETES_PROVIDER.split(' ')[0] ? KUBERNETES_PROVIDER.split(' ') : [];
  const wanted = listed?.version ?? known;
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

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
