import { partitionOf, servicePrincipal } from '../../../src/facts/partitions';
import type { Account } from '../account/account';
import type { PolicyCondition } from '../identity/policy-document';

/** Which platform a pipeline deploys, and where. */
export interface PipelinePlatform {
  /** Name of the platform: prefix of its names in AWS, and of the keys of its states. */
  readonly platform: string;
  /** AWS region of the platform, such as `eu-west-1`. */
  readonly region: string;
  /** The bucket of its state, and the region that it is in. */
  readonly state: { readonly bucket: string; readonly region: string };
  /** Path of the platform's IAM roles. @default / */
  readonly rolePath?: string;
  /**
   * Platforms of the account whose names begin with this one's and `-`, so that patterns of its names fit theirs.
   * @default []
   */
  readonly others?: readonly string[];
}

/** Names of what a pipeline has in IAM; with the 32 characters of a platform's name, within the 64 of IAM. */
export function pipelineNames(platform: string) {
  return {
    plan: `${platform}-pipeline-plan`,
    apply: `${platform}-pipeline-apply`,
    guard: `${platform}-pipeline-guard`,
    roleBoundary: `${platform}-pipeline-role-boundary`,
  } as const;
}

/** What is known by a name with the platform's in front; of an ARN, what is before that name. No service may be a pattern. */
const NAMED = ['dynamodb:*:*:table/', 'rds:*:*:*:', 's3:::', 'sns:*:*:', 'sqs:*:*:'];

/** What belongs to a platform, as its pipeline's policies name it: by name where there is one, else by the tag `Platform`. */
export class PipelineScope {
  readonly platform: string;
  readonly region: string;
  readonly state: PipelinePlatform['state'];
  /** ARN of the state's bucket. */
  readonly bucket: string;
  /** What is there already and has the platform's tag. */
  readonly owned: PolicyCondition;
  /** What is being made, with the platform's tag. */
  readonly tagged: PolicyCondition;
  /** What has the platform's tag, or none yet: for services that do not say that something is just being made. */
  readonly ownedIfTagged: PolicyCondition;
  /** What has the tag of another platform. */
  readonly ofAnother: PolicyCondition;
  /** Names and paths that are another platform's, though they begin as this one's do. */
  readonly ofOthers: readonly string[];
  private readonly path: string;

  constructor(
    private readonly account: Account,
    { platform, region, state, rolePath = '/', others = [] }: PipelinePlatform,
  ) {
    this.platform = platform;
    this.region = region;
    this.state = state;
    this.path = rolePath;
    this.ofOthers = others.flatMap((other) => [
      ...(['role', 'policy', 'instance-profile'] as const).map((kind) => this.iam(kind, `${other}-*`)),
      ...NAMED.map((before) => `arn:${account.partition}:${before}${other}-*`),
    ]);
    this.bucket = `arn:${account.partition}:s3:::${state.bucket}`;
    this.owned = { StringEquals: { 'aws:ResourceTag/Platform': platform } };
    this.tagged = { StringEquals: { 'aws:RequestTag/Platform': platform } };
    this.ofAnother = {
      StringNotEquals: { 'aws:ResourceTag/Platform': platform },
      Null: { 'aws:ResourceTag/Platform': 'false' },
    };
    this.ownedIfTagged = { StringEqualsIfExists: { 'aws:ResourceTag/Platform': platform } };
  }

  /** Who services are in a policy, such as `ec2`. */
  principals(...services: readonly string[]): string[] {
    return services.map((service) => servicePrincipal(service, partitionOf(this.region)));
  }

  /** ARNs in the platform's region. */
  in(service: string, ...resources: readonly string[]): string[] {
    return resources.map((resource) => this.account.arn(service, this.region, resource));
  }

  /** ARN of the platform's region that belongs to AWS itself. */
  ofAws(service: string, resource: string): string {
    return `arn:${this.account.partition}:${service}:${this.region}::${resource}`;
  }

  /** ARN of a hosted zone of Route 53, which names neither region nor account. */
  zone(id: string): string {
    return `arn:${this.account.partition}:route53:::hostedzone/${id}`;
  }

  /** The length of a document once Terraform has put in the account and the partition. */
  length(document: string): number {
    const { id, partition } = this.account;
    return document.replaceAll(id, '1'.repeat(12)).replaceAll(partition, partitionOf(this.region)).length;
  }

  /** ARN of something of IAM with a path: `role`, `policy`, `instance-profile`. */
  iam(kind: 'role' | 'policy' | 'instance-profile', name: string): string {
    return this.account.arn('iam', '', `${kind}${this.path}${name}`);
  }

  /** ARN of something of IAM as it is written. */
  iamResource(resource: string): string {
    return this.account.arn('iam', '', resource);
  }

  /** ARNs of the roles, policies and instance profiles that the platform's own stacks make. */
  get roles(): string {
    return this.iam('role', `${this.platform}-*`);
  }

  get instanceProfiles(): string {
    return this.iam('instance-profile', `${this.platform}-*`);
  }

  /** ARNs of the cluster and of what is in it. */
  cluster(
    ...kinds: readonly ('nodegroup' | 'addon' | 'access-entry' | 'podidentityassociation')[]
  ): string[] {
    return this.in('eks', `cluster/${this.platform}`, ...kinds.map((kind) => `${kind}/${this.platform}/*`));
  }

  /**
   * ARNs of the log groups of the platform. Except for tags, CloudWatch Logs asks for the ARN with `:*` at its end, which a pattern
   * matches too.
   *
   * Source: CloudWatch Logs User Guide, Identity-based policies
   */
  get logGroups(): string[] {
    const collected = `/aws/vendedlogs/prometheus/${this.platform}`;
    const names = [`/aws/eks/${this.platform}/*`, `/aws/vpc/${this.platform}/*`, `/${this.platform}/*`];
    return this.in('logs', ...[...names, collected, `${collected}:*`].map((name) => `log-group:${name}`));
  }

  /** ARN of the buckets of workloads: the account's number keeps the name of the state's bucket out of the pattern. */
  get buckets(): string {
    return this.bucketsNamed(`${this.platform}-*-${this.account.id}`);
  }

  /** ARN of buckets, and of what is in them when the name ends in `*`. */
  bucketsNamed(pattern: string): string {
    return `arn:${this.account.partition}:s3:::${pattern}`;
  }

  /** ARNs of the queues: Karpenter's and those of workloads. */
  get queues(): string[] {
    return this.in('sqs', `${this.platform}-*`);
  }

  /** ARNs of the databases of workloads, and of what belongs to them: parameters, subnets, snapshots. */
  get databases(): string[] {
    return this.in('rds', ...['db', 'pg', 'subgrp', 'snapshot'].map((kind) => `${kind}:${this.platform}-*`));
  }

  /** Condition for what belongs to the account, where a name does not say so. */
  get inAccount(): PolicyCondition {
    return { StringEquals: { 'aws:ResourceAccount': this.account.id } };
  }

  /** Condition for what is asked of the platform's region only. */
  get inRegion(): PolicyCondition {
    return { StringEquals: { 'aws:RequestedRegion': this.region } };
  }
}
