import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import {
  ADD_ON_NAMES,
  ADD_ONS,
  type AddOnName,
  PINNED_KUBERNETES_VERSIONS,
  pinnedVersion,
} from '@kubernetes-on-aws/eks-facts/add-ons';
import { EksCluster, type EksClusterOptions } from '../../../../constructs/aws/cluster/eks-cluster';
import type { NodeGroupOptions } from '../../../../constructs/aws/nodes/node-group';
import { awsStack, type Blocks } from '../aws-stack';

/** Every add-on that is not there unasked. */
const OPTIONAL = Object.fromEntries(
  ADD_ON_NAMES.filter((name) => !ADD_ONS[name].default).map((name) => [name, {}]),
);
const GROUPS = ['aws_eks_node_group.eks_blue', 'aws_eks_node_group.eks_green'];

/** A cluster with two node groups, of which one is added before anything else is known of the other. */
function cluster(
  options: Partial<EksClusterOptions> = {},
  taints: readonly NonNullable<NodeGroupOptions['taints']>[] = [[], []],
): Blocks {
  return awsStack((stack) => {
    const eks = new EksCluster(stack, 'eks', {
      name: 'seed',
      version: DEFAULT_KUBERNETES_VERSION,
      subnetIds: ['subnet-1', 'subnet-2'],
      admins: ['arn:aws:iam::111122223333:role/admin'],
      serviceCidr: '172.20.0.0/16',
      logRetentionDays: 30,
      ...options,
    });
    taints.forEach((each, i) => {
      const name = ['blue', 'green'][i] ?? '';
      eks.addNodeGroup(name, {
        name,
        subnetIds: ['subnet-1'],
        instanceTypes: ['m7i.large'],
        scaling: { min: 1, max: 1, desired: 1 },
        taints: each,
      });
    });
  }).resource;
}

const address = (name: string): string => `aws_eks_addon.eks_${name.replaceAll('-', '_')}`;
const addOn = (resource: Blocks, name: AddOnName): Readonly<Record<string, unknown>> | undefined =>
  resource['aws_eks_addon']?.[`eks_${name.replaceAll('-', '_')}`];
const edges = (resource: Blocks, name: AddOnName): unknown => addOn(resource, name)?.['depends_on'];

describe('the order of add-ons', () => {
  const resource = cluster({ addOns: OPTIONAL });
  const before = ['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy'] as const;

  it('has every add-on of the table, each once', () => {
    expect(
      Object.keys(resource['aws_eks_addon'] ?? {})
        .map((name) => `aws_eks_addon.${name}`)
        .sort(),
    ).toEqual(ADD_ON_NAMES.map(address).sort());
  });

  it.each(ADD_ON_NAMES.flatMap((name) => ADD_ONS[name].needs.map((needed) => [name, needed] as const)))(
    'puts %s after %s',
    (name, needed) => {
      expect(edges(resource, name)).toContain(address(needed));
    },
  );

  it.each(before)('puts no node group before %s, and every node group after it', (name) => {
    for (const group of Object.values(resource['aws_eks_node_group'] ?? {})) {
      expect(group['depends_on']).toContain(address(name));
    }
    expect(JSON.stringify(edges(resource, name))).not.toContain('aws_eks_node_group');
  });

  it.each(ADD_ON_NAMES.filter((name) => !(before as readonly string[]).includes(name)))(
    'puts %s after every node group',
    (name) => {
      expect(edges(resource, name)).toEqual(expect.arrayContaining(GROUPS));
    },
  );

  it('has no circle: no phase needs a later one', () => {
    for (const name of ADD_ON_NAMES.filter((each) => ADD_ONS[each].phase === 'before-nodes')) {
      expect(ADD_ONS[name].needs.map((needed) => ADD_ONS[needed].phase)).toEqual(
        ADD_ONS[name].needs.map(() => 'before-nodes'),
      );
    }
    const seen: AddOnName[] = [];
    for (const name of ADD_ON_NAMES) {
      expect(seen).toEqual(expect.arrayContaining([...ADD_ONS[name].needs]));
      seen.push(name);
    }
  });

  it('counts only add-ons that the cluster has: a snapshot controller that it lacks is no edge', () => {
    expect(edges(cluster(), 'aws-ebs-csi-driver')).not.toContain(address('snapshot-controller'));
  });
});

describe('the add-ons of a cluster', () => {
  it('are those that the table lists, and those that the options add', () => {
    const names = (resource: Blocks): string[] =>
      Object.values(resource['aws_eks_addon'] ?? {})
        .map((each) => each['addon_name'] as string)
        .sort();
    const unasked = ADD_ON_NAMES.filter((name) => ADD_ONS[name].default);
    expect(names(cluster())).toEqual([...unasked].sort());
    expect(names(cluster({ addOns: { 'kube-state-metrics': {} } }))).toEqual(
      [...unasked, 'kube-state-metrics'].sort(),
    );
  });

  it('get a role by Pod Identity where they call AWS, and wait for its policies', () => {
    const resource = cluster({ addOns: OPTIONAL });
    for (const name of ADD_ON_NAMES) {
      const { identity } = ADD_ONS[name];
      const role = `eks_${name.replaceAll('-', '_')}_role`;
      expect(addOn(resource, name)?.['pod_identity_association']).toEqual(
        identity && [{ service_account: identity.serviceAccount, role_arn: `\${aws_iam_role.${role}.arn}` }],
      );
      const policies = (identity?.managedPolicies ?? []).map(
        (policy) => `aws_iam_role_policy_attachment.${role}_${policy.replace(/^.*\//, '')}`,
      );
      expect(edges(resource, name)).toEqual(expect.arrayContaining(policies));
    }
  });
});

describe('the version of an add-on', () => {
  const versionsFor = (version: string, options: Partial<EksClusterOptions> = {}): unknown[] => {
    const resource = cluster({ version, addOns: OPTIONAL, ...options });
    return ADD_ON_NAMES.map((name) => addOn(resource, name)?.['addon_version']);
  };

  it.each(PINNED_KUBERNETES_VERSIONS)('is the one that is pinned for Kubernetes %s', (version) => {
    const pinned = ADD_ON_NAMES.map((name) => pinnedVersion(name, version));
    expect(pinned.filter((each) => each !== undefined).length).toBeGreaterThan(8);
    expect(versionsFor(version)).toEqual(pinned);
  });

  it('fits the cluster: kube-proxy has the minor version of the cluster', () => {
    for (const version of PINNED_KUBERNETES_VERSIONS) {
      expect(pinnedVersion('kube-proxy', version)).toMatch(new RegExp(`^v${version.replace('.', '\\.')}\\.`));
    }
  });

  it('is the choice of EKS where none is pinned or on demand, and can be set', () => {
    expect(new Set(versionsFor('1.99'))).toEqual(new Set([undefined]));
    const resource = cluster({
      addOns: { coredns: { version: 'v1.13.2-eksbuild.4' }, 'metrics-server': { version: 'default' } },
    });
    expect(addOn(resource, 'coredns')?.['addon_version']).toBe('v1.13.2-eksbuild.4');
    expect(addOn(resource, 'metrics-server')).not.toHaveProperty('addon_version');
  });
});

describe('a cluster whose add-ons would find no node', () => {
  const taint = { key: 'team', value: 'blue', effect: 'NoSchedule' } as const;
  const message =
    'cluster/eks: every node group has taints, so coredns, aws-ebs-csi-driver, aws-efs-csi-driver, metrics-server ' +
    'find no node. Add a node group without taints, or remove those of one';

  it.each<[string, NonNullable<NodeGroupOptions['taints']>[]]>([
    ['no node group', []],
    ['a group with a taint', [[taint]]],
    ['two groups with taints', [[taint], [{ key: 'team', effect: 'NoExecute' }]]],
  ])('is refused: %s', (_, taints) => {
    expect(() => cluster({}, taints)).toThrow(message);
  });

  it.each<[string, NonNullable<NodeGroupOptions['taints']>[]]>([
    ['one group without taints', [[taint], []]],
    ['a taint that only prefers others', [[{ key: 'team', effect: 'PreferNoSchedule' }]]],
  ])('is not refused with %s', (_, taints) => {
    expect(Object.keys(cluster({}, taints)['aws_eks_node_group'] ?? {})).toHaveLength(taints.length);
  });
});
