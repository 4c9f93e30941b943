import { styleText } from 'node:util';
import definition from '../../../main';
import { accessOf, type Access, type SubjectAccess } from '../../checks/cluster-access';
import type { IamRole } from '../../checks/iam-role';
import { describeRelease } from '../../manifests/chart-releases';
import { readStacks } from '../../manifests/stacks';
import { printWarning } from '../terminal/print-warning';
import { table, terminalWidth } from '../terminal/table';

const WHOLE_CLUSTER = 'whole cluster';

/** `access`: synthesizes the platform, and prints who may do what in the cluster and from it in AWS. */
export function access(options: { json?: boolean }): void {
  const { outdir } = definition.synthesize({ onWarning: printWarning });
  const found = accessOf(readStacks(outdir));
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : drawAccess(found, terminalWidth()));
}

/** The tables for people. */
export function drawAccess({ principals, subjects, services, charts }: Access, width: number): string {
  const [some, none] = [subjects.filter(hasRights), subjects.filter((subject) => !hasRights(subject))];
  const section = (title: string, rows: readonly (readonly string[])[]): string =>
    `${styleText('bold', table([[title]], width))}\n\n${rows.length > 1 ? table(rows, width) : '(none)'}\n`;
  return [
    section('IAM principals with access to the cluster', [
      ['PRINCIPAL', 'ACCESS POLICY OF EKS', 'WHERE'],
      ...principals.flatMap(({ principal, type, policies, groups }) => [
        ...policies.map(({ policy, namespaces }) => [
          principal,
          policy,
          namespaces?.join(', ') ?? WHOLE_CLUSTER,
        ]),
        ...groups.map((group) => [principal, `(rights of the group ${group})`, '']),
        ...(policies.length + groups.length > 0
          ? []
          : [[principal, type === 'STANDARD' ? '(none)' : `(rights of nodes: ${type})`, WHOLE_CLUSTER]]),
      ]),
    ]),
    section('ServiceAccounts and other subjects of Kubernetes', [
      ['SUBJECT', 'IN KUBERNETES', 'IN AWS'],
      ...alike(some),
    ]),
    ...(none.length > 0 ? [`${table([[withoutRights(none.length)]], width)}\n`] : []),
    ...charts.map((chart) => `${table([[withItsOwnRights(describeRelease(chart))]], width)}\n`),
    section('IAM roles of services of AWS', [
      ['ROLE', 'ASSUMED BY', 'IN AWS'],
      ...services.map((role) => [
        role.name,
        role.isElsewhere ? '(declared elsewhere)' : role.assumedBy.join('\n'),
        inAws(role),
      ]),
    ]),
  ].join('\n');
}

function withoutRights(count: number): string {
  return `${count} more ServiceAccounts have no rights: none in Kubernetes beyond those of every account, and no IAM role.`;
}

function withItsOwnRights(chart: string): string {
  return `What the chart ${chart} gives its ServiceAccounts in Kubernetes is in the chart and not listed here.`;
}

function hasRights({ kubernetes, aws }: SubjectAccess): boolean {
  return kubernetes.length > 0 || aws !== undefined;
}

/** One row for all ServiceAccounts of a name that may do the same, each in its own namespace. */
function alike(subjects: readonly SubjectAccess[]): string[][] {
  const rows = new Map<string, { subject: SubjectAccess; namespaces: string[]; cells: string[] }>();
  for (const subject of subjects) {
    const { kind, name, namespace, addOn } = subject;
    const cells = [inKubernetes(subject), subject.aws ? inAws(subject.aws) : ''];
    const key = JSON.stringify([kind, name, addOn, ...cells]);
    const row = rows.get(key) ?? { subject, namespaces: [], cells };
    if (namespace !== undefined) row.namespaces.push(namespace);
    rows.set(key, row);
  }
  return [...rows.values()].map(({ subject: { kind, name, addOn }, namespaces, cells }) => {
    const where = addOn === undefined ? namespaces.join(', ') : `add-on ${addOn}`;
    const who = kind === 'ServiceAccount' ? name : `${kind} ${name}`;
    return [where === '' ? who : `${who}\n(${where})`, ...cells];
  });
}

function inKubernetes({ kubernetes, namespace: own }: SubjectAccess): string {
  return kubernetes
    .map(({ role, namespace, rules }) => {
      const where =
        namespace === undefined
          ? WHOLE_CLUSTER
          : namespace === own
            ? 'own namespace'
            : `namespace ${namespace}`;
      return `${where}: ${rules?.join('; ') ?? `what the ${role} allows, which is not of this program`}`;
    })
    .join('\n');
}

function inAws(role: NonNullable<SubjectAccess['aws']>): string {
  if ('arn' in role) return `${role.arn}, which is made elsewhere`;
  return [
    ...role.managedPolicies.map((arn) => arn.replace(/^.*\//, '')),
    ...role.statements.map(
      ({ effect, actions, resources, condition }) =>
        `${effect === 'Deny' ? 'never ' : ''}${actions.join(', ')} on ${resourceNames(resources)}` +
        (condition === undefined ? '' : ` if ${JSON.stringify(condition)}`),
    ),
    ...boundary(role),
  ].join('\n');
}

function boundary({ permissionsBoundary }: IamRole): string[] {
  return permissionsBoundary === undefined ? [] : [`within ${permissionsBoundary}`];
}

/** A log group and its streams, which an ARN tells apart, are one thing to people. */
function resourceNames(resources: readonly string[]): string {
  const names = resources.map((resource) => resource.replace(/:\*$/, ''));
  return [...new Set(names)].join(', ');
}
