import { resourcesByAddress } from '../../manifests/resources-by-address';
import { textOf } from '../../manifests/attributes';
import type { Stack } from '../../manifests/stacks';
import { AwsCliError, type AwsCli } from '../aws-cli';
import type { UnhealthyWorkload } from './workload-health';

/** What EKS answers of an add-on or a node group. */
interface Described {
  readonly status: string;
  readonly health?: { readonly issues?: readonly { readonly code: string; readonly message: string }[] };
}

/** How EKS is asked for one of a kind. */
type Kind = Readonly<Record<'kind' | 'name' | 'operation' | 'option' | 'member', string>>;

/** What EKS reports the health of: by its Terraform type, its name there, and the question. */
const KINDS: Readonly<Partial<Record<string, Kind>>> = {
  aws_eks_addon: {
    ...{ kind: 'EKS add-on', name: 'addon_name' },
    ...{ operation: 'describe-addon', option: '--addon-name', member: 'addon' },
  },
  aws_eks_node_group: {
    ...{ kind: 'EKS node group', name: 'node_group_name' },
    ...{ operation: 'describe-nodegroup', option: '--nodegroup-name', member: 'nodegroup' },
  },
};

/**
 * Asks EKS which add-ons and node groups of a stack have issues. One that is not created yet has none.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html
 * @throws AwsCliError
 */
export async function awsHealth(
  { document }: Pick<Stack, 'document'>,
  { aws, cluster }: { readonly aws: Pick<AwsCli, 'json'>; readonly cluster: string },
): Promise<UnhealthyWorkload[]> {
  const found: UnhealthyWorkload[] = [];
  for (const [address, attributes] of resourcesByAddress(document)) {
    const of = KINDS[address.split('.')[0] ?? ''];
    if (of === undefined) continue;
    const { kind, name, operation, option, member } = of;
    const own = textOf(attributes[name]);
    const args = ['--cluster-name', cluster, option, own];
    try {
      const { [member]: described } = await aws.json<Record<string, Described>>('eks', operation, args);
      const issues = described?.health?.issues ?? [];
      if (issues.length === 0) continue;
      const cause = issues.map(({ code, message }) => `${code}: ${message}`).join('\n  ');
      found.push({ workload: `${kind} ${own}`, state: 'stuck', found: described?.status ?? '', cause });
    } catch (error) {
      if (!(error instanceof AwsCliError) || error.serviceCode !== 'ResourceNotFoundException') throw error;
    }
  }
  return found;
}
