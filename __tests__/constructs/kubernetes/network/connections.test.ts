import { App } from 'cdktf';
import { Construct } from 'constructs';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { useKubernetes } from '../../../../constructs/kubernetes/provider/kubernetes-provider';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { NetworkPort } from '../../../../constructs/kubernetes/network/network-policy';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

const workload = (
  scope: Construct,
  id: string,
  ports: Record<string, number | { port: number; protocol: 'UDP' }>,
): Deployment =>
  new Deployment(scope, id, {
    containers: {
      [id]: {
        image: `shop/${id}:1`,
        ports,
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
      },
    },
  });

const api = (scope: Construct): Deployment => workload(scope, 'api', { http: 8080 });
const database = (scope: Construct): Deployment => workload(scope, 'database', { sql: 5432, metrics: 9187 });

/** A place in the stack with a namespace of its own. */
const otherNamespace = (stack: Construct, name: string): Construct => {
  const scope = new Construct(stack, name);
  new Namespace(scope, 'namespace', { name });
  return scope;
};

const pods = (name: string): unknown => ({
  podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
});

describe('allowTo', () => {
  it('writes the egress of the one and the ingress of the other, on the port of the container', () => {
    const shop = inNamespace((stack) => {
      api(stack).connections.allowTo(database(stack), 'sql');
    });
    expect(shop.object('NetworkPolicy', 'api-to-database')).toStrictEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'api-to-database', namespace: 'shop' },
      spec: {
        ...(pods('api') as object),
        policyTypes: ['Egress'],
        egress: [{ to: [pods('database')], ports: [{ port: 5432, protocol: 'TCP' }] }],
      },
    });
    expect(shop.object('NetworkPolicy', 'database-from-api')).toStrictEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'database-from-api', namespace: 'shop' },
      spec: {
        ...(pods('database') as object),
        policyTypes: ['Ingress'],
        ingress: [{ from: [pods('api')], ports: [{ port: 5432, protocol: 'TCP' }] }],
      },
    });
  });

  it('gives the policies addresses that a person can type', () => {
    const { document } = inNamespace((stack) => {
      api(stack).connections.allowTo(database(stack));
    });
    expect(Object.keys(document.resource?.['kubernetes_network_policy_v1'] ?? {})).toStrictEqual([
      'api_to_database',
      'database_from_api',
    ]);
  });

  it('adds the ports of a second call to the same policies, once each', () => {
    const shop = inNamespace((stack) => {
      const [one, other] = [api(stack), database(stack)];
      one.connections.allowTo(other, 'sql').allowTo(other, 'sql', 'metrics');
      other.connections.allowFrom(one, 'metrics');
    });
    const ports = [5432, 9187].map((port) => ({ port, protocol: 'TCP' }));
    expect(shop.object('NetworkPolicy', 'api-to-database')).toMatchObject({ spec: { egress: [{ ports }] } });
    expect(shop.object('NetworkPolicy', 'database-from-api')).toMatchObject({
      spec: { ingress: [{ ports }] },
    });
  });

  it('covers all named ports by default, also those of containers that are added later', () => {
    const shop = inNamespace((stack) => {
      const dns = workload(stack, 'dns', { udp: { port: 53, protocol: 'UDP' } });
      api(stack).connections.allowTo(dns, 'udp').allowTo(dns);
      dns.addContainer('metrics', {
        image: 'shop/metrics:1',
        ports: { metrics: 9153 },
        resources: { cpu: Cpu.millis(10), memory: Size.mebibytes(16) },
      });
    });
    expect(shop.object('NetworkPolicy', 'api-to-dns')).toMatchObject({
      spec: {
        egress: [
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 9153, protocol: 'TCP' },
            ],
          },
        ],
      },
    });
  });

  it('names the namespaces if they differ', () => {
    const shop = inNamespace((stack) => {
      api(stack).connections.allowTo(database(otherNamespace(stack, 'data')), 'sql');
    });
    const namespaced = (name: string, namespace: string): unknown => ({
      ...(pods(name) as object),
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    });
    expect(shop.object('NetworkPolicy', 'api-to-data-database-in-data')).toMatchObject({
      metadata: { namespace: 'shop' },
      spec: { egress: [{ to: [namespaced('data-database', 'data')] }] },
    });
    expect(shop.object('NetworkPolicy', 'data-database-from-api-in-shop')).toMatchObject({
      metadata: { namespace: 'data' },
      spec: { ingress: [{ from: [namespaced('api', 'shop')] }] },
    });
  });

  it('reads no state of the other stack if the namespaces have two stacks', () => {
    const shop = inNamespace((stack) => {
      const data = new BaseStack(App.of(stack), 'data');
      useKubernetes(data, { cluster: 'seed', region: 'eu-west-1' });
      useAws(data, { region: 'eu-west-1', platform: 'seed' });
      new Namespace(data, 'namespace', { name: 'data' });
      api(stack)
        .connections.allowTo(database(data))
        .allowFrom(workload(data, 'job', {}));
    });
    expect(shop.object('NetworkPolicy', 'api-from-job-in-data')).toMatchObject({
      spec: { ingress: [{ ports: [{ port: 8080 }] }] },
    });
    expect(shop.document).not.toHaveProperty('data.terraform_remote_state');
    expect(shop.document).not.toHaveProperty('output');
  });

  it('lets the Pods of one workload reach each other', () => {
    const shop = inNamespace((stack) => {
      const peers = database(stack);
      peers.connections.allowTo(peers, 'sql');
    });
    expect(shop.object('NetworkPolicy', 'database-to-database')).toMatchObject({
      spec: { egress: [{ to: [pods('database')] }] },
    });
    expect(shop.object('NetworkPolicy', 'database-from-database')).toMatchObject({
      spec: { ingress: [{ from: [pods('database')] }] },
    });
  });
});

it('allowFromNamespace() allows every Pod of a namespace, also of one from elsewhere', () => {
  const shop = inNamespace((stack) => {
    const { namespace } = api(otherNamespace(stack, 'tools'));
    database(stack)
      .connections.allowFromNamespace('monitoring', 'metrics')
      .allowFromNamespace(namespace, 'sql')
      .allowFromNamespace('tools', 'metrics');
  });
  const from = (name: string): unknown => [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } },
  ];
  expect(shop.object('NetworkPolicy', 'database-from-namespace-monitoring')).toMatchObject({
    spec: {
      policyTypes: ['Ingress'],
      ingress: [{ from: from('monitoring'), ports: [{ port: 9187, protocol: 'TCP' }] }],
    },
  });
  expect(shop.object('NetworkPolicy', 'database-from-namespace-tools')).toMatchObject({
    spec: { ingress: [{ from: from('tools'), ports: [{ port: 5432 }, { port: 9187 }] }] },
  });
});

it('an address range is allowed in by name and out by number', () => {
  const shop = inNamespace((stack) => {
    api(stack)
      .connections.allowFromCidr('10.0.0.0/16', 'http')
      .allowToCidr('192.0.2.0/24', 443, NetworkPort.udp(123))
      .allowToCidr('192.0.2.0/24', 443, 8443)
      .allowToCidr('fd00:1::/64', 443);
  });
  expect(shop.object('NetworkPolicy', 'api-from-10.0.0.0-16')).toMatchObject({
    spec: {
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: 8080, protocol: 'TCP' }] }],
    },
  });
  expect(shop.object('NetworkPolicy', 'api-to-192.0.2.0-24')['spec']).toMatchObject({
    egress: [
      {
        to: [{ ipBlock: { cidr: '192.0.2.0/24' } }],
        ports: [
          { port: 443, protocol: 'TCP' },
          { port: 123, protocol: 'UDP' },
          { port: 8443, protocol: 'TCP' },
        ],
      },
    ],
  });
  expect(shop.object('NetworkPolicy', 'api-to-fd00-1---64')).toMatchObject({
    spec: { egress: [{ to: [{ ipBlock: { cidr: 'fd00:1::/64' } }] }] },
  });
});

it('allowToAws() lets a workload connect to the agent with its credentials, and to the APIs', () => {
  const shop = inNamespace((stack) => {
    api(stack).connections.allowToAws();
  });
  const egressOf = (name: string): unknown => shop.object('NetworkPolicy', name)['spec'];
  expect(egressOf('api-to-169.254.170.23-32')).toMatchObject({
    egress: [{ to: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ port: 80, protocol: 'TCP' }] }],
  });
  expect(egressOf('api-to-0.0.0.0-0')).toMatchObject({
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443, protocol: 'TCP' }] }],
  });
});

it('connections report all mistakes in one error, each once, with what exists', () => {
  expect(() =>
    inNamespace((stack) => {
      const [one, other, mute] = [api(stack), database(stack), workload(stack, 'mute', {})];
      one.connections.allowTo(other, 'sql', 'sqll').allowTo(mute);
      one.connections.allowFromNamespace('tools', 'https');
    }),
  ).toThrow(
    new SynthesisError([
      'shop/api/to-database: port "sqll" is no port of shop/database; its containers have: sql, metrics',
      'shop/api/to-mute: shop/mute has no port with a name; give a container one, such as ports: { http: 8080 }',
      'shop/api/from-namespace-tools: port "https" is no port of shop/api; its containers have: http',
    ]),
  );
});
