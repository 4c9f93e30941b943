import { resourcesByAddress } from '../../manifests/resources-by-address';
import { textOf } from '../../manifests/attributes';
import { isNodeGroupNamed } from '../../manifests/node-group-name';
import type { Stack } from '../../manifests/stacks';
import { AwsCliError, type AwsCli } from '../aws-cli';
import type { UnhealthyWorkload } from './workload-health';

/** What EKS answers of an add-on or a node group. */
interface Described {
  readonly status: string;
  readonly health?: { readonly issues?: readonly { readonly code: string; readonly message: string }[] };
}

/** How EKS is asked for one of a kind. */
type Kind = Readonly<Record<'kind' | 'operation' | 'option' | 'member', string>>;

/** What EKS reports the health of: by its Terraform type, and the question. */
const KINDS: Readonly<Partial<Record<string, Kind>>> = {
  aws_eks_addon: {
    ...{ kind: 'EKS add-on', operation: 'describe-addon', option: '--addon-name', member: 'addon' },
  },
  aws_eks_node_group: {
    ...{ kind: 'EKS node group', operation: 'describe-nodegroup' },
    ...{ option: '--nodegroup-name', member: 'nodegroup' },
  },
};

/**
 * Asks EKS which add-ons and node groups of a stack have issues. One that is not created yet has none. A node group that is being
 * replaced has two in EKS.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html
 * @throws AwsCliError
 */
export async function awsHealth(
  { document }: Pick<Stack, 'document'>,
  { aws, cluster }: { readonly aws: Pick<AwsCli, 'json'>; readonly cluster: string },
): Promise<UnhealthyWorkload[]> {
  const answer = async <T>(operation: string, ...args: readonly string[]): Promise<T | undefined> => {
    try {
      return await aws.json<T>('eks', operation, ['--cluster-name', cluster, ...args]);
    } catch (error) {
      if (error instanceof AwsCliError && error.serviceCode === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  };
  let groups: readonly string[] | undefined;
  const found: UnhealthyWorkload[] = [];
  for (const [address, attributes] of resourcesByAddress(document)) {
    const [type = ''] = address.split('.');
    const of = KINDS[type];
    if (of === undefined) continue;
    const { kind, operation, option, member } = of;
    const names =
      type === 'aws_eks_node_group'
        ? (groups ??=
            (await answer<{ readonly nodegroups: readonly string[] }>('list-nodegroups'))?.nodegroups ??
            []).filter((name) => isNodeGroupNamed(attributes, name))
        : [textOf(attributes['addon_name'])];
    for (const name of names) {
      const described = (await answer<Record<string, Described>>(operation, option, name))?.[member];
      const issues = described?.health?.issues ?? [];
      if (issues.length === 0) continue;
      const cause = issues.map(({ code, message }) => `${code}: ${message}`).join('\n  ');
      found.push({ workload: `${kind} ${name}`, state: 'stuck', found: described?.status ?? '', cause });
    }
  }
  return found;
}
