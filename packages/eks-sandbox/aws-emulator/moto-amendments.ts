import { AccountZones } from './account-zones';
import { jsonAnswer, jsonRefusal, type Amendment, type SeenRequest } from './amendment';
import { amiParameter } from './ami-parameters';
import { queryRefusal } from './aws-query';
import { GatewayEndpoints } from './gateway-endpoints';
import { Memory } from './memory';
import { PullThroughCaches } from './pull-through-caches';
import { ServiceInterfaces } from './service-interfaces';
import { TemplateTags } from './template-tags';
import { trustAmendment } from './trust-policies';

/** Settings of a bucket, as the query of a request names them, that moto would not keep as they are. */
const BUCKET_SETTINGS = ['lifecycle', 'policy'] as const;

/** Finds the requests that moto would answer wrongly. One sandbox has one: it keeps what moto would forget. */
export class MotoAmendments {
  private readonly backups: FileSystemBackups;
  private readonly deletions: SecretDeletions;
  private readonly buckets: BucketSettings;
  private readonly queues: QueueSettings;
  private readonly caches: PullThroughCaches;
  private readonly databases: DatabaseSettings;
  private readonly endpoints: GatewayEndpoints;
  private readonly interfaces: ServiceInterfaces;
  private readonly templates: TemplateTags;

  private readonly zones: AccountZones;

  constructor(
    private readonly region: string,
    accountId = '',
    memory = new Memory(),
  ) {
    this.zones = new AccountZones(accountId, region);
    this.backups = new FileSystemBackups(memory);
    this.deletions = new SecretDeletions(memory);
    this.buckets = new BucketSettings(memory);
    this.queues = new QueueSettings(memory);
    this.caches = new PullThroughCaches(memory);
    this.databases = new DatabaseSettings(memory);
    this.endpoints = new GatewayEndpoints(memory);
    this.interfaces = new ServiceInterfaces(memory);
    this.templates = new TemplateTags(memory);
  }

  /** @returns undefined when moto is right */
  for(request: SeenRequest): Amendment | undefined {
    const { service, target, body } = request;
    switch (service) {
      case 'ec2':
        return new URLSearchParams(body).get('Action') === 'DescribeLaunchTemplateVersions'
          ? { rewrite: withoutTemplateTags }
          : (this.interfaces.ofEc2(body) ??
              this.endpoints.amendment(body) ??
              this.templates.amendment(body) ??
              this.zones.amendment(body));
      case 'iam':
        return trustAmendment(body, this.region);
      case 'sts':
        return sessionRefusal(`${request.query.toString()}&${body}`);
      case 'ecr':
        return this.caches.amendment(request);
      case 'rds':
        return this.databases.amendment(body);
      case 'ssm':
        return /\.GetParameters?$/.test(target) ? ssmAmendment(target, body, this.region) : undefined;
      case 'elasticfilesystem':
        return (
          policyDeletion(request) ??
          this.interfaces.ofFileSystem(request.method, request.path) ??
          this.backups.amendment(request)
        );
      case 's3':
        return this.buckets.amendment(request);
      case 'secretsmanager':
        return this.deletions.amendment(request);
      case 'sqs':
        return this.queues.amendment(request);
      default:
        return undefined;
    }
  }
}

/**
 * Tags on a launch template are no part of its versions. moto puts them there, a difference for ever to Terraform.
 */
export function withoutTemplateTags(body: string): string {
  const ofTemplate =
    /<item><resourceType>launch-template<\/resourceType><tagSet>(?:(?!<\/tagSet>)[\s\S])*<\/tagSet><\/item>/g;
  return body.replace(ofTemplate, '').replace(/<tagSpecificationSet>\s*<\/tagSpecificationSet>/g, '');
}

/** To moto, the sessions of users have the keys of AWS's documentation, and all rights. */
function sessionRefusal(form: string): Amendment | undefined {
  const action = new URLSearchParams(form)
    .getAll('Action')
    .find((each) => /^Get(Session|Federation)Token$/.test(each));
  if (action === undefined) return undefined;
  const message = `Cannot call ${action} here: the sandbox gives sessions of roles, by AssumeRole`;
  return queryRefusal('sts', 'AccessDenied', message);
}

function ssmAmendment(target: string, body: string, region: string): Amendment | undefined {
  const { Name: one, Names: many } = JSON.parse(body) as { Name?: string; Names?: string[] };
  if (target.endsWith('.GetParameter')) {
    const parameter = one === undefined ? undefined : amiParameter(one, region);
    if (!parameter) return undefined;
    return jsonAnswer({ Parameter: parameter });
  }
  const found = (many ?? []).flatMap((name) => amiParameter(name, region) ?? []);
  if (found.length === 0) return undefined;
  const names = new Set(found.map(({ Name }) => Name));
  return {
    rewrite: (answer) => {
      const { Parameters = [], InvalidParameters = [] } = JSON.parse(answer) as {
        Parameters?: unknown[];
        InvalidParameters?: string[];
      };
      return JSON.stringify({
        Parameters: [...Parameters, ...found],
        InvalidParameters: InvalidParameters.filter((name) => !names.has(name)),
      });
    },
  };
}

/** moto can't delete a file system's policy; an empty one is none to it. */
function policyDeletion({ method, path }: SeenRequest): Amendment | undefined {
  if (method !== 'DELETE' || !/^\/2015-02-01\/file-systems\/[^/]+\/policy$/.test(path)) return undefined;
  return { instead: { method: 'PUT', path, body: JSON.stringify({ Policy: '' }) }, rewrite: () => '' };
}

/** Whether file systems are backed up: moto knows that of a new one, and can't change it. */
class FileSystemBackups {
  private readonly policies: Map<string, unknown>;

  constructor(memory: Memory) {
    this.policies = memory.map();
  }

  amendment({ method, path, body }: SeenRequest): Amendment | undefined {
    const id = /^\/2015-02-01\/file-systems\/([^/]+)\/backup-policy$/.exec(path)?.[1];
    if (id === undefined) return undefined;
    // Asked in its place, moto says whether there is such a file system.
    const instead = { method: 'GET', path: `/2015-02-01/file-systems?FileSystemId=${id}` };
    if (method === 'PUT') {
      const { BackupPolicy } = JSON.parse(body) as { BackupPolicy: unknown };
      const rewrite = (): string => {
        this.policies.set(id, BackupPolicy);
        return JSON.stringify({ BackupPolicy });
      };
      return { instead, rewrite };
    }
    if (!this.policies.has(id)) return undefined;
    return { instead, rewrite: () => JSON.stringify({ BackupPolicy: this.policies.get(id) }) };
  }
}

/**
 * When objects of a bucket expire: moto forgets how many of the newest old versions are kept, and Terraform waits for it. And who
 * is refused: moto looks at no condition, so that it would refuse everybody what is refused to those without TLS.
 */
class BucketSettings {
  private readonly kept: Map<string, string>;

  constructor(memory: Memory) {
    this.kept = memory.map();
  }

  amendment({ method, path, query, body }: SeenRequest): Amendment | undefined {
    const setting = BUCKET_SETTINGS.find((name) => query.has(name));
    if (setting === undefined) return undefined;
    const key = `${path}?${setting}`;
    if (method === 'GET') return { rewrite: (answer) => this.kept.get(key) ?? answer };
    if (method !== 'PUT') return undefined;
    const rewrite = (answer: string): string => {
      this.kept.set(key, body);
      return answer;
    };
    if (setting === 'lifecycle') return { rewrite };
    return { rewrite, instead: { method, path: key, body: withoutConditions(body) } };
  }
}

/** A policy's statements that hold always. */
function withoutConditions(policy: string): string {
  const document = JSON.parse(policy) as { readonly Statement: readonly { readonly Condition?: unknown }[] };
  const Statement = document.Statement.filter(({ Condition }) => Condition === undefined);
  return JSON.stringify({ ...document, Statement });
}

/** Secrets that can still be restored: to moto they exist, and the name of one is taken for another reason. */
class SecretDeletions {
  private readonly scheduled: Map<string, true>;

  constructor(memory: Memory) {
    this.scheduled = memory.map();
  }

  amendment({ target, body }: SeenRequest): Amendment | undefined {
    const operation = target.replace(/^secretsmanager\./, '');
    if (operation === 'CreateSecret') {
      const { Name: name } = JSON.parse(body) as { Name?: string };
      return name !== undefined && this.scheduled.has(name) ? NAME_IS_SCHEDULED : undefined;
    }
    if (operation !== 'DeleteSecret' && operation !== 'RestoreSecret') return undefined;
    const { ForceDeleteWithoutRecovery: forGood = false } = JSON.parse(body) as {
      ForceDeleteWithoutRecovery?: boolean;
    };
    return {
      rewrite: (answer) => {
        const { Name: name } = JSON.parse(answer) as { Name: string };
        if (operation === 'DeleteSecret' && !forGood) this.scheduled.set(name, true);
        else this.scheduled.delete(name);
        return answer;
      },
    };
  }
}

/**
 * How a queue is set: moto forgets who may use it when another setting changes, and it has a way of its own to write where dead
 * letters go, a difference for ever to Terraform.
 */
class QueueSettings {
  private readonly policies: Map<string, string>;

  constructor(memory: Memory) {
    this.policies = memory.map();
  }

  amendment({ method, path, target, body }: SeenRequest): Amendment | undefined {
    const operation = target.replace(/^AmazonSQS\./, '');
    if (operation === 'GetQueueAttributes') return { rewrite: withCompactRedrivePolicy };
    if (operation !== 'SetQueueAttributes' && operation !== 'DeleteQueue') return undefined;
    const request = JSON.parse(body) as { readonly QueueUrl: string; readonly Attributes?: Attributes };
    if (operation === 'DeleteQueue') {
      this.policies.delete(request.QueueUrl);
      return undefined;
    }
    const Policy = request.Attributes?.['Policy'] ?? this.policies.get(request.QueueUrl);
    if (Policy === undefined) return undefined;
    this.policies.set(request.QueueUrl, Policy);
    const Attributes = { ...request.Attributes, Policy };
    return { instead: { method, path, body: JSON.stringify({ ...request, Attributes }) } };
  }
}

type Attributes = Readonly<Record<string, string>>;

function withCompactRedrivePolicy(answer: string): string {
  const document = JSON.parse(answer) as { readonly Attributes?: Attributes };
  const policy = document.Attributes?.['RedrivePolicy'];
  if (policy === undefined) return answer;
  const RedrivePolicy = JSON.stringify(JSON.parse(policy));
  return JSON.stringify({ ...document, Attributes: { ...document.Attributes, RedrivePolicy } });
}

/**
 * How a database is set: moto forgets what is to become of it once standard support ends, and does not say of parameters who has
 * set them, by which Terraform knows its own.
 */
class DatabaseSettings {
  private readonly lifecycles: Map<string, string>;

  constructor(memory: Memory) {
    this.lifecycles = memory.map();
  }

  amendment(body: string): Amendment | undefined {
    const request = new URLSearchParams(body);
    switch (request.get('Action')) {
      case 'CreateDBInstance': {
        const [name, lifecycle] = [
          request.get('DBInstanceIdentifier'),
          request.get('EngineLifecycleSupport'),
        ];
        if (name !== null && lifecycle !== null) this.lifecycles.set(name, lifecycle);
        return undefined;
      }
      case 'DescribeDBInstances':
        return { rewrite: (answer) => this.withLifecycles(answer) };
      case 'DescribeDBParameters':
        // moto keeps those only that somebody has set.
        return {
          rewrite: (answer) => answer.replaceAll('</Parameter>', '<Source>user</Source></Parameter>'),
        };
      default:
        return undefined;
    }
  }

  private withLifecycles(answer: string): string {
    return answer.replace(/<DBInstanceIdentifier>([^<]*)<\/DBInstanceIdentifier>/g, (tag, name: string) => {
      const lifecycle = this.lifecycles.get(name);
      return lifecycle === undefined
        ? tag
        : `${tag}<EngineLifecycleSupport>${lifecycle}</EngineLifecycleSupport>`;
    });
  }
}

const NAME_IS_SCHEDULED = jsonRefusal(
  'InvalidRequestException',
  "You can't create this secret because a secret with this name is already scheduled for deletion.",
);
