import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import { partitionOf } from '../facts/partitions';
import { formatPath } from '../facts/document-path';
import type { Path } from '../facts/document-path';
import { entriesOf, reportDuplicates } from './config-rule';
import type { Draft, Rule } from './config-rule';
import { PRINCIPAL_ARN, principalError } from './schema/principal-schema';
import type { Part } from '../facts/yaml-document';

/** The lists of those who have rights in the whole cluster, and what those rights are; what stands first counts. */
const CLUSTER_WIDE = [
  ['admins', 'may do everything'],
  ['pipelines', 'may do everything'],
  ['viewers', 'may read everything'],
] as const;

/** One place of the file that names a principal. */
interface Named {
  readonly arn: string;
  readonly path: Path;
  readonly part: Part;
}

const clusterWideIsUnique: Rule = ({ cluster }, context) => {
  for (const [list] of CLUSTER_WIDE) reportDuplicates(cluster?.[list], ['cluster', list], context);
};

/** Of two lists with one principal the wider one holds, and the other would say less than is so. */
const clusterWideIsOneRole: Rule = ({ cluster }, { report }) => {
  const widest = new Map<string, (typeof CLUSTER_WIDE)[number]>();
  for (const named of CLUSTER_WIDE) {
    const [list] = named;
    cluster?.[list]?.forEach((arn, i) => {
      if (arn === undefined) return;
      const wider = widest.get(arn) ?? named;
      widest.set(arn, wider);
      if (wider === named) return;
      report(
        ['cluster', list, i],
        `${quoted(arn)} is one of cluster.${wider[0]}, which ${wider[1]}; remove one`,
      );
    });
  }
};

/** A right that somebody has already in the whole cluster looks, in a namespace, like a limit, and is none. */
const teamsAddRights: Rule = ({ cluster, namespaces }, { report }) => {
  for (const [namespace, { teams }] of entriesOf(namespaces)) {
    for (const [arn, role] of Object.entries(teams ?? {})) {
      const wider = CLUSTER_WIDE.find(([list]) => cluster?.[list]?.includes(arn));
      if (!wider || (wider[0] === 'viewers' && role !== 'view')) continue;
      const what = `${quoted(arn)} is one of cluster.${wider[0]}, which ${wider[1]} in every namespace`;
      report(['namespaces', namespace, 'teams', arn], `${what}; remove one`, 'key');
    }
  }
};

const teamsArePrincipals: Rule = ({ namespaces }, { report }) => {
  for (const [namespace, { teams }] of entriesOf(namespaces)) {
    for (const key of Object.keys(teams ?? {})) {
      const error = principalError(key);
      if (error !== undefined) report(['namespaces', namespace, 'teams', key], error, 'key');
    }
  }
};

const everybodyIsOfThePartition: Rule = (draft, { report }) => {
  const { region, iam } = draft;
  if (region === undefined) return;
  const expected = partitionOf(region);
  const check = (arn: string, path: Path, part?: Part): void => {
    const partition = parseArn(arn)?.partition;
    if (partition === undefined || partition === expected) return;
    const message = `partition "${partition}" is not that of ${region}; expected an ARN that begins with arn:${expected}:iam::`;
    report(path, message, part);
  };
  for (const { arn, path, part } of principalsOf(draft)) if (PRINCIPAL_ARN.test(arn)) check(arn, path, part);
  const boundary = iam?.permissionsBoundary;
  if (boundary !== undefined) check(boundary, ['iam', 'permissionsBoundary']);
};

/**
 * The Terraform address of an access entry is made of the ARN, and has nothing but letters, digits and `_`. Names in IAM differ by more than
 * case.
 */
const addressesDiffer: Rule = (draft, { report }) => {
  const owners = new Map<string, Named>();
  for (const named of principalsOf(draft)) {
    const address = named.arn.replace(/[^A-Za-z0-9]/g, '_').toLowerCase();
    const owner = owners.get(address);
    if (!owner) {
      owners.set(address, named);
    } else if (owner.arn !== named.arn) {
      const other = `${quoted(owner.arn)}, at ${formatPath(owner.path)}`;
      const message = `${quoted(named.arn)} differs from ${other}, in punctuation or case only, and would be the same role or share its Terraform address`;
      report(named.path, `${message}; name a role with another name`, named.part);
    }
  }
};

/** Who may enter the cluster, and what they must be to each other. */
export const ACCESS_RULES: readonly Rule[] = [
  clusterWideIsUnique,
  clusterWideIsOneRole,
  teamsAddRights,
  teamsArePrincipals,
  everybodyIsOfThePartition,
  addressesDiffer,
];

function principalsOf({ cluster, namespaces }: Draft): Named[] {
  return [
    ...CLUSTER_WIDE.flatMap(([list]) =>
      (cluster?.[list] ?? []).flatMap((arn, i): Named[] =>
        arn === undefined ? [] : [{ arn, path: ['cluster', list, i], part: 'value' }],
      ),
    ),
    ...entriesOf(namespaces).flatMap(([namespace, { teams }]) =>
      Object.keys(teams ?? {}).map((arn): Named => ({
        arn,
        path: ['namespaces', namespace, 'teams', arn],
        part: 'key',
      })),
    ),
  ];
}

function quoted(arn: string): string {
  return JSON.stringify(arn);
}
