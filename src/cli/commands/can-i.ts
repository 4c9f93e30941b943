import definition from '../../../main';
import { NO_ORACLE } from '../../checks/platform-checks';
import { API_GROUPS } from '../../facts/api-resources';
import { unknownName } from '../../facts/near-name';
import { UserError } from '../../facts/user-error';
import { kubernetesObjects, type KubernetesObject } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import { readStacks } from '../../manifests/stacks';
import { askRights } from '../../rules/kubernetes-oracle';
import { EXIT } from '../terminal/exit';
import { printWarning } from '../terminal/print-warning';

interface CanIOptions {
  readonly as?: string;
  readonly asGroup?: string;
  readonly namespace?: string;
  readonly json?: boolean;
}

/** The question cannot be asked. */
export class RightsQuestionError extends UserError {
  readonly code = 'rights-question';
  readonly exitStatus = 1;
}

/** The resolver of the API server is not built on this machine. */
export class NoResolverError extends UserError {
  readonly code = 'no-resolver';
  readonly exitStatus = 2;
}

const RBAC = /^(Cluster)?Role(Binding)?$/;

/** `access can-i`: asks the API server's own resolver whether the synthesized roles let a subject do something. */
export function canI(verb: string, resource: string, name: string | undefined, options: CanIOptions): void {
  const { namespace = '', json } = options;
  const subject = subjectOf(options);
  const asks = resourceOf(resource);
  const { outdir, platform } = definition.synthesize({ onWarning: printWarning });
  const objects = readStacks(outdir).flatMap(({ document }) =>
    kubernetesObjects(document, { resolve: asWritten }).map(({ object }) => object),
  );
  requireAccount(subject, objects, Object.keys(platform.namespaces));
  const asked = { verb, ...asks, namespace, ...(name !== undefined && { name }) };
  const answers = askRights(
    [
      {
        objects: objects.filter(({ kind }) => RBAC.test(kind)),
        subjects: [subject],
        asked: [asked],
        namespaces: [],
      },
    ],
    platform.cluster.version,
  );
  if (answers === undefined) {
    throw new NoResolverError([NO_ORACLE]);
  }
  const reason = answers[0]?.[0]?.allowed[0] ?? '';
  const allowed = reason !== '';
  if (!allowed) process.exitCode = EXIT.wrong;
  process.stdout.write(
    json ? `${JSON.stringify({ allowed, reason })}\n` : allowed ? `yes - ${reason}\n` : 'no\n',
  );
}

/** `pods/exec`, `deployments.apps`; the group of a known resource is found. */
function resourceOf(text: string): { resource: string; subresource: string; apiGroup: string } {
  const [, resource, subresource = '', given] =
    /^(\*|[\w-]+)(?:\/(\*|[\w-]+))?(?:\.([\w.-]+))?$/.exec(text) ?? [];
  if (resource === undefined) {
    throw new RightsQuestionError([
      `${JSON.stringify(text)} is no resource; expected RESOURCE[/SUBRESOURCE][.GROUP], such as pods/exec or deployments.apps`,
    ]);
  }
  const group =
    given ?? (resource === '*' ? '*' : (API_GROUPS as Readonly<Record<string, string>>)[resource]);
  if (group === undefined) {
    const known = [...new Set(Object.keys(API_GROUPS).map((each) => each.replace(/\/.*$/, '')))];
    throw new RightsQuestionError([
      `${unknownName('resource', resource, known)}; write the group of another one behind it: ${resource}.GROUP`,
    ]);
  }
  return { resource, subresource, apiGroup: group };
}

type Subject = Readonly<Record<'kind' | 'namespace' | 'name', string>>;

function subjectOf({ as: user, asGroup: group }: CanIOptions): Subject {
  if ((user === undefined) === (group === undefined))
    throw new RightsQuestionError(['name one subject: --as USER, or --as-group GROUP']);
  if (group !== undefined) return { kind: 'Group', namespace: '', name: group };
  const name = user ?? '';
  if (name.startsWith('arn:')) {
    throw new RightsQuestionError([
      `--as ${name}: access policies of EKS say what an IAM principal may do. See npm run access, or ask for its group with --as-group`,
    ]);
  }
  if (!name.startsWith('system:serviceaccount:')) return { kind: 'User', namespace: '', name };
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace !== undefined && account !== undefined)
    return { kind: 'ServiceAccount', namespace, name: account };
  throw new RightsQuestionError([`--as ${name}: expected system:serviceaccount:NAMESPACE:NAME`]);
}

/** Refuses a ServiceAccount that a namespace of the platform does not have. */
function requireAccount(
  { kind, namespace, name }: Subject,
  objects: readonly KubernetesObject[],
  own: readonly string[],
): void {
  if (kind !== 'ServiceAccount' || !own.includes(namespace)) return;
  const accounts = objects
    .filter((each) => each.kind === 'ServiceAccount' && each.metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name ?? '');
  if (![...accounts, 'default'].includes(name))
    throw new RightsQuestionError([
      `namespace ${namespace}: ${unknownName('ServiceAccount', name, accounts)}`,
    ]);
}
