import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LOAD_BALANCER_CONTROLLER } from '../../constructs/aws/controllers/load-balancer-controller';
import { addresses, type StackDocument, synthesized } from './synthesized-platform';

const STACK = 'load-balancer-controller';
const default_ = readFileSync('platform.yaml', 'utf8');
const on = (controllers = ''): string =>
  default_.replace('loadBalancer: false', `loadBalancer: true${controllers}`);

const stackOf = (platformYaml: string): StackDocument => {
  const found = synthesized(platformYaml)[STACK];
  if (!found) throw new Error(`no stack ${STACK}`);
  return found;
};

const release = (document: StackDocument): Record<string, unknown> =>
  document.resource['helm_release']?.['load_balancer_controller'] ?? {};

const values = (document: StackDocument): Record<string, unknown> => {
  const [text = ''] = release(document)['values'] as string[];
  return parse(text) as Record<string, unknown>;
};

const stacks = synthesized(on());
const document = stackOf(on());

describe('the stack of the load balancer controller', () => {
  it('exists only if platform.yaml asks for it, and comes before the namespaces', () => {
    expect(Object.keys(synthesized(default_))).not.toContain(STACK);
    const order = Object.keys(stacks);
    expect(order.indexOf(STACK)).toBeGreaterThan(order.indexOf('cluster'));
    for (const namespace of ['dev', 'qa', 'stage', 'prod']) {
      expect(order.indexOf(namespace)).toBeGreaterThan(order.indexOf(STACK));
    }
  });

  it('holds one release, and nothing else', () => {
    expect(addresses(document)).toEqual([
      'helm_release.load_balancer_controller',
      'data.aws_eks_cluster.cluster',
    ]);
  });

  it('changes nothing of the stacks of Kubernetes objects', () => {
    const without = synthesized(default_);
    for (const name of ['network', 'platform', 'dev', 'qa', 'stage', 'prod']) {
      expect(stacks[name]).toEqual(without[name]);
    }
  });

  it('signs in by exec only', () => {
    expect(document.provider['helm']).toEqual([
      {
        kubernetes: {
          host: '${data.aws_eks_cluster.cluster.endpoint}',
          cluster_ca_certificate:
            '${base64decode(data.aws_eks_cluster.cluster.certificate_authority[0].data)}',
          exec: {
            api_version: 'client.authentication.k8s.io/v1beta1',
            command: 'aws',
            args: ['eks', 'get-token', '--cluster-name', 'seed', '--region', 'eu-west-1'],
          },
        },
      },
    ]);
  });

  it('pins the chart to the version that matches the rights of the role, and waits for its Pods', () => {
    expect(release(document)).toMatchObject({
      name: 'aws-load-balancer-controller',
      namespace: LOAD_BALANCER_CONTROLLER.namespace,
      repository: 'https://aws.github.io/eks-charts',
      chart: 'aws-load-balancer-controller',
      version: LOAD_BALANCER_CONTROLLER.version,
      atomic: true,
      wait: true,
      cleanup_on_fail: true,
      timeout: 600,
    });
    expect(LOAD_BALANCER_CONTROLLER.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('gives the controller its location, because its Pods cannot ask the instance', () => {
    expect(values(document)).toMatchObject({
      clusterName: 'seed',
      region: 'eu-west-1',
      vpcId: '${data.aws_eks_cluster.cluster.vpc_config[0].vpc_id}',
    });
  });

  it('runs as the ServiceAccount of the role in the stack cluster', () => {
    const association =
      stacks['cluster']?.resource['aws_eks_pod_identity_association']?.['load_balancer_controller_identity'];
    expect(association?.['namespace']).toBe(release(document)['namespace']);
    expect(values(document)['serviceAccount']).toEqual({
      create: true,
      name: association?.['service_account'],
    });
  });

  it('creates the class of the Ingresses in the namespaces', () => {
    const ingresses = Object.values(stacks['dev']?.resource['kubernetes_ingress_v1'] ?? {});
    expect(ingresses.length).toBeGreaterThan(0);
    const classes = ingresses.map(({ spec }) => (spec as { ingress_class_name?: string }).ingress_class_name);
    expect(new Set(classes)).toEqual(new Set([values(document)['ingressClass']]));
    expect(values(document)).toMatchObject({ createIngressClassResource: true, defaultTargetType: 'ip' });
  });

  it('ignores Services without its class', () => {
    expect(values(document)['enableServiceMutatorWebhook']).toBe(false);
  });

  it('survives the loss of a node or a zone', () => {
    const spread = values(document)['topologySpreadConstraints'] as { topologyKey: string }[];
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    expect(values(document)).toMatchObject({
      replicaCount: 2,
      podDisruptionBudget: { maxUnavailable: 1 },
      priorityClassName: 'system-cluster-critical',
    });
  });

  it('has Pods with requests that fit the standard restricted', () => {
    expect(values(document)).toMatchObject({
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
      },
    });
  });

  it('pulls the chart from the registry in platform.yaml', () => {
    const repository = 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts';
    expect(release(stackOf(on(`, chartRepository: "${repository}"`)))['repository']).toBe(repository);
  });

  it('calls neither WAF nor Shield if no route leads to them', () => {
    const off = { enableShield: false, enableWaf: false, enableWafv2: false };
    expect(values(document)).not.toMatchObject(off);
    expect(values(stackOf(on().replace('nat: per-zone', 'nat: none')))).toMatchObject(off);
  });

  it('has a name that no namespace may take', () => {
    expect(() => synthesized(default_.replace('  dev:', `  ${STACK}:`))).toThrow(
      `namespaces.${STACK}: a stack of the platform has this name; choose another`,
    );
  });
});
