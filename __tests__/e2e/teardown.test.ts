import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadPlatform } from '../own-platform';
import type { Leftover } from '../../src/pipeline/teardown/leftovers';
import { writeKubeconfig } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { startSandbox, wipeSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { serverOptions } from '../../src/sandbox/sandbox-account';
import { getTools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import { Project, succeeded, type Ended } from './project';

const MINUTE = 60_000;
const CLUSTER = ['--cluster-name', 'seed'];
const CONTROLLER = ['--namespace', 'kube-system', '--service-account', 'aws-load-balancer-controller'];

let project: Project;
let environment: Record<string, string>;
let association: string;

// A cluster of EKS with one node group, made by the AWS CLI: what is in it is what matters here, and not who made it.
beforeAll(async () => {
  const tools = await getTools(() => undefined);
  project = await Project.copy();
  const platform = project.path('platform.yaml');
  writeFileSync(platform, `protect: false\n${readFileSync(platform, 'utf8')}`);
  const directory = project.path('.sandbox');
  const record = await startSandbox(serverOptions(directory, loadPlatform(platform), tools));
  environment = isolatedEnvironment(record);
  const subnets = await network();
  const role = async (name: string, service: string): Promise<string> => {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: ['sts:AssumeRole'] }],
    };
    const document = ['--role-name', name, '--assume-role-policy-document', JSON.stringify(trust)];
    return (await aws('iam', 'create-role', ...document, '--query', 'Role.Arn')) as string;
  };
  await aws(
    ...['eks', 'create-cluster', '--name', 'seed', '--role-arn', await role('cluster', 'eks.amazonaws.com')],
    ...['--resources-vpc-config', `subnetIds=${subnets.join(',')}`, '--no-bootstrap-self-managed-addons'],
    ...['--access-config', 'authenticationMode=API,bootstrapClusterCreatorAdminPermissions=true'],
  );
  await until('the cluster is active', async () => {
    const query = ['--name', 'seed', '--query', 'cluster.status'];
    return (await aws('eks', 'describe-cluster', ...query)) === 'ACTIVE';
  });
  for (const addOn of ['vpc-cni', 'aws-ebs-csi-driver']) {
    await aws('eks', 'create-addon', ...CLUSTER, '--addon-name', addOn);
  }
  await aws(
    ...['eks', 'create-nodegroup', ...CLUSTER, '--nodegroup-name', 'node-1', '--subnets', ...subnets],
    ...['--node-role', await role('node', 'ec2.amazonaws.com'), '--instance-types', 'm7i.large'],
  );
  association = (await aws(
    ...['eks', 'create-pod-identity-association', ...CLUSTER, ...CONTROLLER],
    ...['--role-arn', await role('controller', 'pods.eks.amazonaws.com')],
    ...['--query', 'association.associationId'],
  )) as string;
  await writeKubeconfig(directory, record, 'seed');
}, 60 * MINUTE);

afterAll(async () => {
  await wipeSandbox(project.path('.sandbox'));
  project.remove();
}, MINUTE);

/** What an `aws` of the sandbox's shell answers. */
async function aws(...args: string[]): Promise<unknown> {
  const stdout = succeeded(await project.run('aws', [...args, '--output', 'json'], environment));
  return stdout === '' ? undefined : JSON.parse(stdout);
}

/** A VPC with a subnet in each of two zones. @returns the subnets' ids */
async function network(): Promise<string[]> {
  const vpc = (await aws(
    'ec2',
    'create-vpc',
    '--cidr-block',
    '10.0.0.0/16',
    '--query',
    'Vpc.VpcId',
  )) as string;
  const tags = 'ResourceType=subnet,Tags=[{Key=kubernetes.io/role/internal-elb,Value=1}]';
  return Promise.all(
    ['a', 'b'].map(async (zone, index) => {
      const range = ['--cidr-block', `10.0.${index * 16}.0/20`, '--availability-zone', `eu-west-1${zone}`];
      const subnet = ['--vpc-id', vpc, ...range, '--tag-specifications', tags];
      return (await aws('ec2', 'create-subnet', ...subnet, '--query', 'Subnet.SubnetId')) as string;
    }),
  );
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5 * MINUTE;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not happen within five minutes: ${what}`);
    await sleep(500);
  }
}

/** What kubectl prints of the objects of a kind in the namespace `shop`, by a JSONPath of each. */
function of(kind: string, path = '{.metadata.name}'): string[] {
  const output = `jsonpath={range .items[*]}${path}{"\\n"}{end}`;
  const text = succeeded(project.kubectl(['get', kind, '--namespace', 'shop', '--output', output]));
  return text.split('\n').filter((line) => line !== '');
}

const HOST = '{.status.loadBalancer.ingress[0].hostname}';

const service = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb', ports: [{ port: 80 }] },
});

function apply(...items: object[]): void {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  succeeded(project.kubectl(['apply', '--filename', '-'], list));
}

/** A class of disks, and a StatefulSet with one of them. */
function database(name: string, reclaimPolicy: 'Delete' | 'Retain'): object[] {
  const labels = { app: name };
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'ebs.csi.aws.com',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy,
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name, namespace: 'shop' },
      spec: {
        serviceName: name,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name,
                image: 'registry.example.com/db',
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: {
              storageClassName: name,
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '5Gi' } },
            },
          },
        ],
      },
    },
  ];
}

const teardown = (...args: string[]): Promise<Ended> =>
  project.npm('teardown', [...args, '--json'], environment);

const found = ({ stdout }: Ended): Leftover[] => (JSON.parse(stdout) as { found: Leftover[] }).found;

/** What was found, as `fate kind owner`. */
const summary = (ended: Ended): string[] =>
  found(ended)
    .map(({ fate, kind, owner }) => `${fate} ${kind} of ${owner ?? 'no owner'}`)
    .sort();

it(
  'teardown lists what controllers created in AWS with its owner, and deletes it; retained data stays',
  async () => {
    apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      service('web'),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'shop', namespace: 'shop' },
        spec: {
          ingressClassName: 'alb',
          defaultBackend: { service: { name: 'web', port: { number: 80 } } },
        },
      },
      ...database('cache', 'Delete'),
      ...database('orders', 'Retain'),
    );
    await until('load balancers', () => [...of('services', HOST), ...of('ingresses', HOST)].length === 2);
    await until('Pods', () => of('pods', '{.status.phase}').join() === 'Running,Running');

    const plan = await teardown('--plan');
    expect(summary(plan)).toEqual([
      'kept volume of PersistentVolumeClaim shop/data-orders-0',
      'removed load balancer of Ingress shop/shop',
      'removed load balancer of Service shop/web',
      'removed security group of Ingress shop/shop',
      'removed security group of Service shop/web',
      'removed target group of Ingress shop/shop',
      'removed target group of Service shop/web',
      'removed volume of PersistentVolumeClaim shop/data-cache-0',
    ]);
    expect(plan.status).toBe(0);
    expect(of('services')).toEqual(['web']);

    const done = await teardown('--cluster', 'seed');
    expect(summary(done)).toEqual(['kept volume of PersistentVolumeClaim shop/data-orders-0']);
    expect(done.status).toBe(0);
    expect([of('services'), of('ingresses'), of('statefulsets'), of('persistentvolumeclaims')]).toEqual([
      [],
      [],
      ['orders'],
      ['data-orders-0'],
    ]);
    expect(await aws('elbv2', 'describe-load-balancers', '--query', 'LoadBalancers')).toEqual([]);
    expect(await aws('elbv2', 'describe-target-groups', '--query', 'TargetGroups')).toEqual([]);
    expect(await aws('ec2', 'describe-volumes', '--query', 'Volumes[].Size')).toEqual([5]);
  },
  15 * MINUTE,
);

it(
  'teardown reports a load balancer whose controller is gone, with the manual steps',
  async () => {
    apply(service('late'));
    await until('a load balancer', () => of('services', HOST).length === 1);
    await aws('eks', 'delete-pod-identity-association', ...CLUSTER, '--association-id', association);
    const ended = await teardown('--cluster', 'seed', '--timeout', '0.1');
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ stuck: ['Service shop/late'] });
    const [balancer] = found(ended).filter(({ kind }) => kind === 'load balancer');
    expect(balancer).toMatchObject({ fate: 'left', effect: 'blocks the VPC', owner: 'Service shop/late' });

    const [, ...remedy] = balancer?.remedy.split(' ') ?? [];
    await aws(...remedy);
    expect(summary(await teardown('--plan'))).not.toContain('removed load balancer of Service shop/late');
  },
  15 * MINUTE,
);
