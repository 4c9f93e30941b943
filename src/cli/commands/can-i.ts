import definition from '../../../main';
import { UserError } from '../../facts/user-error';
import { kubernetesObjects } from '../../manifests/objects';
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
  const [, kind, subresource = '', group = ''] =
    /^([\w-]+)(?:\/([\w-]+))?(?:\.([\w.-]+))?$/.exec(resource) ?? [];
  if (kind === undefined) {
    throw new RightsQuestionError([
      `${JSON.stringify(resource)} is no resource; expected RESOURCE[/SUBRESOURCE][.GROUP], such as pods/exec or deployments.apps`,
    ]);
  }
  const { outdir, platform } = definition.synthesize({ onWarning: printWarning });
  const objects = readStacks(outdir).flatMap(({ document }) =>
    kubernetesObjects(document, { resolve: asWritten }).flatMap(({ object }) =>
      RBAC.test(object.kind) ? [object] : [],
    ),
  );
  const asked = { verb, group, resource: kind, subresource, namespace, ...(name !== undefined && { name }) };
  const answers = askRights(
    [{ objects, subjects: [subject], asked: [asked], namespaces: [] }],
    platform.cluster.version,
  );
  if (answers === undefined) {
    throw new NoResolverError([
      'the code of Kubernetes that answers this is in the native build only, which needs Go: npm run sandbox or npm test builds it',
    ]);
  }
  const reason = answers[0]?.[0]?.allowed[0] ?? '';
  const allowed = reason !== '';
  if (!allowed) process.exitCode = EXIT.wrong;
  process.stdout.write(
    json ? `${JSON.stringify({ allowed, reason })}\n` : allowed ? `yes - ${reason}\n` : 'no\n',
  );
}

function subjectOf({ as: user, asGroup: group }: CanIOptions): Record<string, unknown> {
  if ((user === undefined) === (group === undefined))
    throw new RightsQuestionError(['name one subject: --as USER, or --as-group GROUP']);
  if (group !== undefined) return { kind: 'Group', name: group };
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? '') ?? [];
  return name === undefined ? { kind: 'User', name: user } : { kind: 'ServiceAccount', namespace, name };
}
