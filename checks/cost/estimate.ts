import type { Stack } from '../../manifests/stacks';
import { blocksOf, referredTo, resourcesOf, textOf, textsOf, type Resource } from '../resources';
import { PRICES, type Price, type RegionPrices, type Source } from './prices';

/** One way to choose, and what it costs in a month. */
export interface Option {
  readonly option: string;
  /** Whether the platform has chosen it. */
  readonly chosen: boolean;
  /** How the sum comes about: `3 × 730 h × (0.048 + 0.005)`. */
  readonly calculation: string;
  /** US dollars; undefined where a price is not known. */
  readonly usd: number | undefined;
}

/** A choice of the platform with its alternatives. */
export interface Choice {
  readonly choice: string;
  readonly options: readonly Option[];
  /** What was taken for granted. */
  readonly assumption?: string;
}

/** What the choices of a platform cost in a month, at list prices. */
export interface Estimate {
  readonly cluster: string;
  readonly region: string;
  readonly choices: readonly Choice[];
  /** The sum of what is chosen, in US dollars a month; without what is not known. */
  readonly total: number;
  /** Whether a price was missing, so that it costs more than `total`. */
  readonly atLeast: boolean;
  /** What else the platform makes that costs money, and is not estimated. */
  readonly without: readonly string[];
  readonly sources: readonly Source[];
}

/** No prices are known where the platform is. */
export class PriceError extends Error {
  override readonly name = 'PriceError';
}

/** Hours of a month, as AWS counts them. */
export const HOURS = 730;

/**
 * GB that a control plane writes in a month, by log type, where a few dozen Pods run. It depends on what the cluster does: of a
 * busy one the audit log alone is hundreds of GB.
 */
const LOG_GB: Readonly<Record<string, number>> = {
  api: 5,
  audit: 20,
  authenticator: 1,
  controllerManager: 1,
  scheduler: 1,
};

/** Resources that cost money and are not estimated, since what they cost is in their use. */
const NOT_ESTIMATED: Readonly<Record<string, string>> = {
  aws_backup_vault: 'backups',
  aws_cloudwatch_metric_alarm: 'alarms',
  aws_db_instance: 'databases',
  aws_ecr_repository: 'images',
  aws_efs_backup_policy: 'backups',
  aws_efs_file_system: 'shared files',
  aws_elasticache_replication_group: 'caches',
  aws_elasticache_serverless_cache: 'caches',
  aws_flow_log: 'flow logs',
  aws_lb: 'load balancers',
  aws_prometheus_workspace: 'Managed Service for Prometheus',
  aws_rds_cluster: 'databases',
  aws_route53_zone: 'DNS zones',
  aws_s3_bucket: 'buckets',
  aws_secretsmanager_secret: 'secrets in Secrets Manager',
  aws_sqs_queue: 'queues',
  helm_release: 'what controllers make, such as load balancers',
  kubernetes_daemon_set_v1: 'logs of Pods',
  kubernetes_persistent_volume_claim_v1: 'volumes of Pods',
  kubernetes_stateful_set_v1: 'volumes of Pods',
};

/**
 * What the choices cost that the synthesised stacks hold.
 *
 * @throws PriceError when no prices are known for the region
 */
export function estimate(stacks: readonly Stack[]): Estimate {
  const read = new Platform(stacks);
  const prices = PRICES[read.region];
  if (prices === undefined) {
    throw new PriceError(
      `no prices are known for the region ${read.region || '(none)'}; known: ${Object.keys(PRICES).join(', ')}; ` +
        'add the region to checks/cost/prices.ts',
    );
  }
  const used = new Set<Source>();
  const choices = [
    controlPlane(read, prices),
    natGateways(read, prices),
    interfaceEndpoints(read, prices),
    controlPlaneLogs(read, prices),
    ...nodes(read, prices),
    encryptionKeys(read, prices),
  ].map(({ priced, ...choice }) => {
    for (const price of priced) used.add(price.source);
    return choice;
  });
  const chosen = choices.flatMap(({ options }) => options.filter((option) => option.chosen));
  return {
    cluster: read.cluster,
    region: read.region,
    choices,
    total: chosen.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    atLeast: chosen.some(({ usd }) => usd === undefined),
    without: read.withoutPrice(),
    sources: distinct([...used]),
  };
}

/** A choice with the prices that it was reckoned with. */
type Priced = Choice & { readonly priced: readonly Price[] };

/** What of the synthesised stacks has a price. */
class Platform {
  readonly region: string;
  readonly cluster: string;

  constructor(private readonly stacks: readonly Stack[]) {
    const providers = stacks.flatMap(({ document }) => blocksOf(document['provider']));
    const regions = providers.flatMap(({ aws }) => blocksOf(aws)).map(({ region }) => textOf(region));
    this.region = regions[0] ?? '';
    this.cluster = textOf(this.only('aws_eks_cluster')?.attributes['name']);
  }

  all(...types: readonly string[]): Resource[] {
    return this.stacks.flatMap(({ document }) => resourcesOf(document, ...types));
  }

  only(type: string): Resource | undefined {
    return this.all(type)[0];
  }

  /** Zones that private subnets are in. */
  get zones(): number {
    const zones = this.all('aws_nat_gateway', 'aws_subnet').map(
      ({ attributes }) => attributes['availability_zone'],
    );
    return new Set(zones.filter((zone) => zone !== undefined)).size;
  }

  withoutPrice(): string[] {
    const there = Object.entries(NOT_ESTIMATED).filter(([type]) =>
      this.stacks.some(({ document }) => Object.keys(document.resource?.[type] ?? {}).length > 0),
    );
    return [...new Set(there.map(([, what]) => what))].sort();
  }
}

function controlPlane(
  read: Platform,
  { controlPlane: standard, extendedSupport: more }: RegionPrices,
): Priced {
  const [policy = {}] = blocksOf(read.only('aws_eks_cluster')?.attributes['upgrade_policy']);
  const ends =
    policy['support_type'] === 'STANDARD'
      ? 'when standard support ends, EKS upgrades the cluster by itself'
      : 'when standard support ends, the version goes into extended support by itself';
  return {
    choice: 'Control plane',
    options: [
      {
        option: 'version in standard support',
        chosen: true,
        calculation: `${HOURS} h × ${standard.usd}`,
        usd: HOURS * standard.usd,
      },
      {
        option: 'version in extended support',
        chosen: false,
        calculation: `${HOURS} h × (${standard.usd} + ${more.usd})`,
        usd: HOURS * (standard.usd + more.usd),
      },
    ],
    assumption: ends,
    priced: [standard, more],
  };
}

function natGateways(read: Platform, { natGateway, publicAddress }: RegionPrices): Priced {
  const count = read.all('aws_nat_gateway').length;
  const { zones } = read;
  const option = (name: string, gateways: number): Option => ({
    option: name,
    chosen: gateways === count,
    calculation:
      gateways === 0
        ? ''
        : `${gateways} × ${HOURS} h × (${natGateway.usd} + ${publicAddress.usd} for the address)`,
    usd: gateways * HOURS * (natGateway.usd + publicAddress.usd),
  });
  return {
    choice: 'NAT gateways',
    options: [
      option('none', 0),
      option('single', 1),
      ...(zones > 1 ? [option(`per-zone (${zones})`, zones)] : []),
      ...([0, 1, zones].includes(count) ? [] : [option(`${count}`, count)]),
    ],
    priced: [natGateway, publicAddress],
  };
}

function interfaceEndpoints(read: Platform, { interfaceEndpoint: price }: RegionPrices): Priced {
  const endpoints = read
    .all('aws_vpc_endpoint')
    .filter(({ attributes }) => attributes['vpc_endpoint_type'] === 'Interface');
  const inZones = endpoints.map(({ attributes }) => textsOf(attributes['subnet_ids']).length);
  const places = inZones.reduce((sum, zones) => sum + zones, 0);
  const { zones } = read;
  return {
    choice: 'Interface endpoints',
    options: [
      { option: 'none', chosen: endpoints.length === 0, calculation: '', usd: 0 },
      {
        option: `one service in ${zones} zones`,
        chosen: false,
        calculation: `${zones} × ${HOURS} h × ${price.usd}`,
        usd: zones * HOURS * price.usd,
      },
      ...(endpoints.length > 0
        ? [
            {
              option: endpoints
                .map(({ attributes }) =>
                  textOf(attributes['service_name']).replace(/^com\.amazonaws\.[^.]+\./, ''),
                )
                .join(', '),
              chosen: true,
              calculation: `${places} (services × zones) × ${HOURS} h × ${price.usd}`,
              usd: places * HOURS * price.usd,
            },
          ]
        : []),
    ],
    priced: [price],
  };
}

function controlPlaneLogs(read: Platform, { logIngestion, logStorage }: RegionPrices): Priced {
  const enabled = textsOf(read.only('aws_eks_cluster')?.attributes['enabled_cluster_log_types']);
  const group = read
    .all('aws_cloudwatch_log_group')
    .find(({ attributes }) => attributes['name'] === `/aws/eks/${read.cluster}/cluster`);
  const days = Number(group?.attributes['retention_in_days'] ?? 0);
  const all = Object.keys(LOG_GB);
  const option = (name: string, types: readonly string[]): Option => {
    const gb = types.reduce((sum, type) => sum + (LOG_GB[type] ?? 0), 0);
    const stored = (gb * days) / 30;
    return {
      option: name,
      chosen: types.length === enabled.length && types.every((type) => enabled.includes(type)),
      calculation:
        gb === 0 ? '' : `${gb} GB × ${logIngestion.usd} + ${round(stored)} GB kept × ${logStorage.usd}`,
      usd: gb * logIngestion.usd + stored * logStorage.usd,
    };
  };
  const options = [
    option('none', []),
    option(
      'all but audit',
      all.filter((type) => type !== 'audit'),
    ),
    option(`all (${all.join(', ')})`, all),
  ];
  return {
    choice: 'Control-plane logs',
    options: options.some(({ chosen }) => chosen)
      ? options
      : [...options, option(enabled.join(', '), enabled)],
    assumption:
      `${Object.entries(LOG_GB)
        .map(([type, gb]) => `${type} ${gb} GB`)
        .join(', ')} a month, kept for ${days} days, as if CloudWatch did not compress them; ` +
      'a busy cluster writes hundreds of GB',
    priced: [logIngestion, logStorage],
  };
}

/** The sizes of a node group that it is reckoned with. */
const SIZES = [
  ['min', 'min_size'],
  ['desired', 'desired_size'],
  ['max', 'max_size'],
] as const;

function nodes(read: Platform, { instances, gp3 }: RegionPrices): Priced[] {
  const templates = read.all('aws_launch_template');
  return read.all('aws_eks_node_group').map(({ attributes }) => {
    const [scaling = {}] = blocksOf(attributes['scaling_config']);
    const [type = ''] = textsOf(attributes['instance_types']);
    const [launch = {}] = blocksOf(attributes['launch_template']);
    const template = templates.find(({ address }) => address === referredTo(launch['id']));
    const volumes = blocksOf(template?.attributes['block_device_mappings']).flatMap(({ ebs }) =>
      blocksOf(ebs),
    );
    const gb = volumes.reduce((sum, { volume_size: size }) => sum + Number(size), 0);
    const instance = attributes['capacity_type'] === 'SPOT' ? undefined : instances[type];
    const isGp3 = volumes.every(({ volume_type: volumeType }) => volumeType === 'gp3');
    const node =
      instance && isGp3
        ? {
            usd: HOURS * instance.usd + gb * gp3.usd,
            calculation: `(${HOURS} h × ${instance.usd} + ${gb} GB × ${gp3.usd})`,
          }
        : undefined;
    const why =
      attributes['capacity_type'] === 'SPOT'
        ? 'the price of spot instances changes'
        : isGp3
          ? `checks/cost/prices.ts has no ${type}`
          : 'not all root volumes are gp3';
    const sizes = SIZES.map(([name, key]) => ({ name, count: Number(scaling[key] ?? 0) }));
    // One line for sizes that are the same.
    const counts = [...new Set(sizes.map(({ count }) => count))];
    return {
      choice: `Nodes ${textOf(attributes['node_group_name'])}`,
      options: counts.map((count) => {
        const names = sizes.filter((size) => size.count === count).map(({ name }) => name);
        return {
          option: `${names.join(', ')}: ${count} × ${type}, ${gb} GB each`,
          chosen: names.includes('desired'),
          calculation: node ? `${count} × ${node.calculation}` : `not known: ${why}`,
          usd: node && count * node.usd,
        };
      }),
      priced: node && instance ? [instance, gp3] : [],
    };
  });
}

function encryptionKeys(read: Platform, { kmsKey }: RegionPrices): Priced {
  const keys = read.all('aws_kms_key');
  const rotated = keys.filter(({ attributes }) => attributes['enable_key_rotation'] === true).length;
  return {
    choice: 'KMS keys',
    options: [
      {
        option: `${keys.length} keys`,
        chosen: true,
        calculation: `${keys.length} × ${kmsKey.usd}`,
        usd: keys.length * kmsKey.usd,
      },
      {
        option: 'after two yearly rotations',
        chosen: false,
        calculation: `${keys.length} × ${kmsKey.usd} + ${rotated} × 2 × ${kmsKey.usd}`,
        usd: (keys.length + 2 * rotated) * kmsKey.usd,
      },
    ],
    priced: [kmsKey],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function distinct(sources: readonly Source[]): Source[] {
  const byName = new Map(sources.map((source) => [`${source.url} ${source.date}`, source]));
  return [...byName.values()].sort((a, b) => (a.url < b.url ? -1 : Number(a.url > b.url)));
}
