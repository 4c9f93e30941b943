import { readFileSync } from 'node:fs';
import { synthesized, type StackDocument } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const documents = synthesized(platformYaml);
const document = (stack: string): StackDocument => {
  const found = documents[stack];
  if (!found) throw new Error(`no stack ${stack}`);
  return found;
};

describe('the default platform', () => {
  it('has its stacks in an order in which they can be deployed', () => {
    expect(Object.keys(documents)).toEqual(['network', 'cluster', 'platform', 'dev', 'prod', 'qa', 'stage']);
  });

  it('writes no path of the machine and no trace of the sandbox', () => {
    const text = JSON.stringify(documents);
    expect(text).not.toContain(process.cwd());
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|sandbox|skip_credentials_validation|"endpoints":/);
  });

  it('signs in to the cluster by exec in every Kubernetes stack, and in no other', () => {
    const providers = Object.entries(documents).map(([stack, { provider }]) => [
      stack,
      provider['kubernetes']?.[0]?.['exec'],
    ]);
    const exec = [
      {
        api_version: 'client.authentication.k8s.io/v1beta1',
        command: 'aws',
        args: ['eks', 'get-token', '--cluster-name', 'seed', '--region', 'eu-west-1'],
      },
    ];
    expect(Object.fromEntries(providers)).toEqual({
      network: undefined,
      cluster: undefined,
      platform: exec,
      dev: exec,
      qa: exec,
      stage: exec,
      prod: exec,
    });
  });

  it.each([
    ['dev', ['node-1', 'node-2', 'node-3']],
    ['qa', ['node-2', 'node-3']],
    ['stage', ['node-1', 'node-3']],
    ['prod', ['node-1', 'node-2']],
  ])('keeps the Pods of %s on %j', (namespace, nodes) => {
    const web = document(namespace).resource['kubernetes_deployment_v1']?.['storefront_web'];
    expect(web).toMatchObject({
      spec: {
        template: {
          spec: {
            affinity: {
              node_affinity: {
                required_during_scheduling_ignored_during_execution: {
                  node_selector_term: [
                    { match_expressions: [{ key: 'platform/node', operator: 'In', values: nodes }] },
                  ],
                },
              },
            },
          },
        },
      },
    });
  });

  it('installs what nodes need before the first node group, and what needs nodes after the last', () => {
    const { aws_eks_addon: addOns = {}, aws_eks_node_group: groups = {} } = document('cluster').resource;
    const before = ['vpc_cni', 'kube_proxy', 'eks_pod_identity_agent'].map(
      (name) => `aws_eks_addon.eks_${name}`,
    );
    const groupNames = ['node_1', 'node_2', 'node_3'].map((name) => `aws_eks_node_group.eks_${name}`);
    expect(Object.keys(groups)).toHaveLength(3);
    for (const group of Object.values(groups)) {
      expect(group['depends_on']).toEqual(expect.arrayContaining(before));
    }
    for (const name of ['coredns', 'aws_ebs_csi_driver', 'metrics_server']) {
      expect(addOns[`eks_${name}`]?.['depends_on']).toEqual(expect.arrayContaining(groupNames));
    }
  });
});

describe('the settings of platform.yaml', () => {
  const natGateways = (nat: string): string[] =>
    Object.keys(
      synthesized(platformYaml.replace('nat: per-zone', `nat: ${nat}`))['network']?.resource[
        'aws_nat_gateway'
      ] ?? {},
    );

  it.each([
    ['per-zone', ['vpc_nat_a', 'vpc_nat_b', 'vpc_nat_c']],
    ['single', ['vpc_nat_a']],
    ['none', []],
  ])('create with nat %s: %j', (nat, expected) => {
    expect(natGateways(nat)).toEqual(expected);
  });

  it('keep every subnet in its place if a zone is added', () => {
    const cidrs = (yaml: string): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(synthesized(yaml)['network']?.resource['aws_subnet'] ?? {}).map(([name, subnet]) => [
          name,
          subnet['cidr_block'],
        ]),
      );
    const two = cidrs(
      platformYaml.replace('zones: [a, b, c]', 'zones: [a, c]').replace('{ zone: b,', '{ zone: a,'),
    );
    expect(two).toEqual({
      vpc_private_a: '10.0.0.0/19',
      vpc_private_c: '10.0.64.0/19',
      vpc_public_a: '10.0.192.0/22',
      vpc_public_c: '10.0.200.0/22',
    });
    expect(cidrs(platformYaml)).toMatchObject(two);
  });

  it('keep the state in S3 with a lock file if a bucket is set, otherwise in a file beside the project', () => {
    expect(document('network').terraform['backend']).toEqual({
      local: { path: '../../../terraform.network.tfstate' },
    });
    const inS3 = synthesized(`${platformYaml}\nstate: { bucket: seed-state }\n`);
    expect(inS3['network']?.terraform['backend']).toEqual({
      s3: {
        bucket: 'seed-state',
        key: 'seed/network.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it('close the public endpoint if publicAccess is empty', () => {
    const cluster = synthesized(platformYaml.replace('publicAccess: [203.0.113.0/24]', 'publicAccess: []'))[
      'cluster'
    ];
    expect(cluster?.resource['aws_eks_cluster']?.['eks']).toMatchObject({
      vpc_config: { endpoint_public_access: false, endpoint_private_access: true },
    });
  });
});
