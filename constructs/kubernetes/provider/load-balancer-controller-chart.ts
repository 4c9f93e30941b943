import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { type ChartValue, HelmRelease } from './helm-release';
import { Cpu, Size } from '../pods/quantity';

/** Name of the chart, of its release and so of its Pods. */
const CHART = 'aws-load-balancer-controller';

/** Labels that the chart gives to the Pods. */
const POD_LABELS = { 'app.kubernetes.io/name': CHART, 'app.kubernetes.io/instance': CHART };

/** The chart of the load balancer controller: its cluster, its VPC and its version. */
export interface LoadBalancerControllerChartOptions {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** ID of the cluster's VPC. Told, because Pods do not reach the instance metadata that the controller would ask. */
  readonly vpcId: string;
  /** Tags of every AWS resource that the controller makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly namespace: string;
  /** Name of the ServiceAccount, to which the IAM role belongs. */
  readonly serviceAccount: string;
  /** Where the chart is: `https://…` of a chart repository, or `oci://…` of a registry. */
  readonly repository: string;
  /** Version of the chart, which is that of the controller: `3.5.0`. */
  readonly version: string;
  /**
   * Whether WAF and Shield, which no interface endpoint leads to, are out of reach: then they are not asked.
   * @default false
   */
  readonly isolated?: boolean;
}

/**
 * The AWS Load Balancer Controller, by its chart, with the IngressClass `alb`. It serves every Ingress of that class, and every
 * Service of the type LoadBalancer that has the class `service.k8s.aws/nlb`, which `Service` writes.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 */
export class LoadBalancerControllerChart extends Construct {
  readonly release: HelmRelease;

  constructor(scope: Construct, id: string, options: LoadBalancerControllerChartOptions) {
    super(scope, id);
    const { namespace, repository, version } = options;
    this.release = new HelmRelease(this, MAIN_CHILD, {
      name: CHART,
      namespace,
      repository,
      chart: CHART,
      version,
      values: { ...serving(options), ...running(options.serviceAccount) },
    });
  }
}

type Values = Readonly<Record<string, ChartValue | undefined>>;

/** What the controller serves, and where. */
function serving(options: LoadBalancerControllerChartOptions): Values {
  const { cluster, region, vpcId, tags, isolated = false } = options;
  return {
    // The chart's own, said here so that it can be exchanged.
    image: { repository: 'public.ecr.aws/eks/aws-load-balancer-controller' },
    clusterName: cluster,
    region,
    vpcId,
    defaultTags: tags,
    ingressClass: 'alb',
    createIngressClassResource: true,
    // To the Pods' own addresses, which the VPC CNI takes from the VPC.
    defaultTargetType: 'ip',
    // It would give every new Service of the type LoadBalancer the controller's class, and refuse all Services while no Pod answers.
    enableServiceMutatorWebhook: false,
    // Else each change of the release makes a new certificate, which the Pods that run do not have yet.
    keepTLSSecret: true,
    ...(isolated && { enableShield: false, enableWaf: false, enableWafv2: false }),
  };
}

/** How its Pods run. They fit the Pod Security Standard `restricted`, which kube-system does not require. */
function running(serviceAccount: string): Values {
  const memory = Size.mebibytes(256).toString();
  return {
    serviceAccount: { create: true, name: serviceAccount },
    // One works, the other takes over; both answer the webhooks, without which no Ingress can be changed.
    replicaCount: 2,
    podDisruptionBudget: { maxUnavailable: 1 },
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: POD_LABELS },
      }),
    ),
    priorityClassName: 'system-cluster-critical',
    resources: { requests: { cpu: Cpu.millis(100).toString(), memory }, limits: { memory } },
    podSecurityContext: { fsGroup: 65_534, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
  };
}
