import { execaSync } from 'execa';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { synthesized, type StackDocument } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const clusterAt = (version: string): StackDocument => {
  const found = synthesized(platformYaml.replace(/version: '1.*'/, `version: '${version}'`))['cluster'];
  if (!found) throw new Error('no stack cluster');
  return found;
};

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env['CI'] === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

/** What the guard of a plan would find. */
interface Found {
  /** Version of the control plane; left out while there is none. */
  readonly controlPlane?: string;
  /** Version of each node group. */
  readonly nodeGroups?: Readonly<Record<string, string>>;
}

describe('an upgrade by one minor version', () => {
  const before = clusterAt('1.35').resource;
  const after = clusterAt('1.36').resource;
  const changed = (type: string, attribute: string): Record<string, readonly unknown[]> =>
    Object.fromEntries(
      Object.entries(after[type] ?? {})
        .map(([name, block]) => [name, [before[type]?.[name]?.[attribute], block[attribute]]] as const)
        .filter(([, [from, to]]) => from !== to),
    );

  it('changes the control plane, the add-ons with an outdated version, and every node group', () => {
    expect(changed('aws_eks_cluster', 'version')).toEqual({ eks: ['1.35', '1.36'] });
    expect(changed('aws_eks_node_group', 'version')).toEqual(
      Object.fromEntries(['1', '2', '3'].map((n) => [`eks_node_${n}`, ['1.35', '1.36']])),
    );
    expect(changed('aws_eks_addon', 'addon_version')).toMatchObject({
      eks_kube_proxy: [pinnedVersion('kube-proxy', '1.35'), pinnedVersion('kube-proxy', '1.36')],
      eks_coredns: [pinnedVersion('coredns', '1.35'), pinnedVersion('coredns', '1.36')],
    });
  });

  it('changes them in this order: control plane, what nodes need, nodes, the rest', () => {
    const { aws_eks_addon: addOns = {}, aws_eks_node_group: groups = {} } = after;
    const cluster = '${aws_eks_cluster.eks.name}';
    for (const block of [...Object.values(addOns), ...Object.values(groups)]) {
      expect(block['cluster_name']).toBe(cluster);
    }
    for (const group of Object.values(groups)) {
      expect(group['depends_on']).toEqual(
        expect.arrayContaining(['aws_eks_addon.eks_kube_proxy', 'aws_eks_addon.eks_vpc_cni']),
      );
    }
    const nodes = Object.keys(groups).map((name) => `aws_eks_node_group.${name}`);
    expect(addOns['eks_coredns']?.['depends_on']).toEqual(expect.arrayContaining(nodes));
  });
});

it('the upgrade guard reads the cluster by its name, and nothing while there is no such cluster', () => {
  const { data = {}, resource } = clusterAt('1.36');
  const exists = '${contains(data.aws_eks_clusters.eks_upgrade_clusters.names, "seed") ? 1 : 0}';
  expect(data['aws_eks_cluster']?.['eks_upgrade_cluster']).toMatchObject({ name: 'seed', count: exists });
  expect(data['aws_eks_node_groups']?.['eks_upgrade_node_groups']).toMatchObject({
    cluster_name: 'seed',
    count: exists,
  });
  expect(data['aws_eks_node_group']?.['eks_upgrade_node_group']).toMatchObject({
    for_each: '${toset(flatten(data.aws_eks_node_groups.eks_upgrade_node_groups[*].names))}',
  });
  expect(resource['aws_eks_cluster']?.['eks']?.['lifecycle']).toMatchObject({ prevent_destroy: true });
});

(hasTerraform ? describe : describe.skip)(
  'the conditions of the guard, evaluated by Terraform (skipped where terraform is missing),',
  () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    /** What Terraform says to a plan for a version, or an empty text when it plans. */
    function refusal(version: string, { controlPlane, nodeGroups = {} }: Found): string {
      const lifecycle = JSON.stringify(clusterAt(version).resource['aws_eks_cluster']?.['eks']?.['lifecycle'])
        .replaceAll('data.aws_eks_cluster.eks_upgrade_cluster', 'local.clusters')
        .replaceAll('data.aws_eks_node_group.eks_upgrade_node_group', 'local.groups');
      const groups = Object.entries(nodeGroups).map(([name, group]) => [
        name,
        { node_group_name: name, version: group },
      ]);
      const locals = {
        clusters: controlPlane === undefined ? [] : [{ version: controlPlane }],
        groups: Object.fromEntries(groups) as unknown,
      };
      const document = {
        locals,
        resource: { terraform_data: { cluster: { lifecycle: JSON.parse(lifecycle) as unknown } } },
      };
      writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(document));
      const { exitCode, stderr } = execaSync(
        'terraform',
        ['plan', '-input=false', '-no-color', '-lock=false'],
        {
          cwd: folder,
          env: { PATH: process.env['PATH'] ?? '', HOME: folder, CHECKPOINT_DISABLE: '1' },
          extendEnv: false,
          reject: false,
        },
      );
      if (exitCode === 0) return '';
      const message = /precondition\[\d\]:[^]*?\n\n([^]*)$/.exec(stderr)?.[1] ?? stderr;
      return message.replace(/\s+/g, ' ').trim();
    }

    it.each<[string, string, Found]>([
      ['the first apply', '1.36', {}],
      ['no change', '1.36', { controlPlane: '1.36', nodeGroups: { blue: '1.36' } }],
      ['one minor version up', '1.36', { controlPlane: '1.35', nodeGroups: { blue: '1.35' } }],
      ['nodes three versions behind', '1.36', { controlPlane: '1.35', nodeGroups: { blue: '1.33' } }],
    ])('let pass %s', (_, version, found) => {
      expect(refusal(version, found)).toBe('');
    });

    it.each<[string, string, Found, string]>([
      [
        'two minor versions up',
        '1.36',
        { controlPlane: '1.34' },
        'Kubernetes 1.36 for the cluster seed, whose control plane runs 1.34: allowed are 1.34 and 1.35, since EKS goes up one ' +
          'minor version at a time. Set the version to one of these, apply, and continue from there.',
      ],
      [
        'a minor version back',
        '1.35',
        { controlPlane: '1.36' },
        'Kubernetes 1.35 for the cluster seed, whose control plane runs 1.36: allowed are 1.36 and 1.37, since EKS goes up one ' +
          'minor version at a time. Within 7 days of an upgrade in place, EKS takes it back, outside Terraform. For each node ' +
          'group: aws eks update-nodegroup-version --cluster-name seed --nodegroup-name NAME --kubernetes-version 1.35. Then: ' +
          'aws eks update-cluster-version --name seed --kubernetes-version 1.35. Plan again after that.',
      ],
      [
        'a control plane that leaves its nodes behind',
        '1.36',
        { controlPlane: '1.35', nodeGroups: { blue: '1.32', green: '1.35', red: '1.31' } },
        'Kubernetes 1.36 for the cluster seed, whose node groups are too old: blue runs 1.32, red runs 1.31. Allowed is 1.33 or ' +
          'newer, since nodes may be 3 minor versions behind the control plane. Upgrade these node groups first: apply with the ' +
          'version that the control plane has.',
      ],
    ])('refuse %s', (_, version, found, message) => {
      expect(refusal(version, found)).toBe(message);
    });
  },
);
