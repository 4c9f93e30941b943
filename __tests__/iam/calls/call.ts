import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';
import type { IamRequest } from '../simulator';
import { arn, type AccountView, type Tags } from './account-view';

/** Something that a call needs the right to, and what it changes once it succeeds. */
export interface Need extends IamRequest {
  readonly then?: () => void;
}

/** What of a request the rules look at. */
export class Call {
  readonly region: string;

  /** @param operation by its name in the API; `at`: what its path names */
  constructor(
    readonly service: string,
    readonly operation: string,
    private readonly recorded: RecordedCall,
    readonly account: AccountView,
    private readonly at: Readonly<Record<string, string>> = {},
  ) {
    // Without an endpoint of one's own the clients of these sign for the one region that they are in.
    this.region = ['iam', 'route53', 'sts'].includes(service) ? 'us-east-1' : recorded.region;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.recorded.parameters;
  }

  get answered(): readonly string[] {
    return this.recorded.answered;
  }

  /** @throws when the request has no such parameter */
  text(name: string): string {
    const value = this.maybe(name);
    if (value === undefined) throw new Error(`${this.service} ${this.operation} without ${name}`);
    return value;
  }

  /** A parameter of the path or of the body; `a.b` goes deeper. */
  maybe(name: string): string | undefined {
    const value = this.at[name] ?? this.parameters[name] ?? deep(this.parameters, name.split('.'));
    return typeof value === 'string' ? value : undefined;
  }

  /** Tags of the request, whichever way the service writes them. */
  get tags(): Tags {
    const { parameters } = this;
    const lists = ['tags', 'Tags', 'TagList']
      .map((name) => parameters[name])
      .filter((one) => one !== undefined);
    return Object.fromEntries(lists.flatMap(tagsIn).concat(formTags(parameters)));
  }

  arn(resource: string, service = this.service): string {
    return /^arn:|^\*$/.test(resource)
      ? resource
      : arn(service, ['iam'].includes(service) ? '' : this.region, resource);
  }

  /** The right to an action on a resource that is there. */
  on(
    resource: string,
    context: IamRequest['context'] = {},
    action = `${this.service}:${this.operation}`,
  ): Need {
    const full = this.arn(resource, action.split(':')[0]);
    const boundary = this.account.boundaryOf(full);
    return {
      action,
      resource: full,
      context: {
        'aws:RequestedRegion': this.region,
        ...named('aws:ResourceTag', this.account.tagsOf(full)),
        ...(boundary !== undefined && { 'iam:PermissionsBoundary': boundary }),
        ...context,
      },
    };
  }

  /** The right to make a resource, with its tags: for which a service has an action of its own. */
  makes(resource: string, tagAction?: string, tagged = resource): Need[] {
    const request = requestTags(this.tags);
    const made = {
      ...this.on(resource, request),
      then: () => {
        this.account.tag(this.arn(tagged), this.tags);
      },
    };
    const isTagged = Object.keys(this.tags).length > 0;
    return tagAction !== undefined && isTagged ? [made, this.on(tagged, request, tagAction)] : [made];
  }

  tagsIt(resource: string): Need[] {
    const need = this.on(resource, requestTags(this.tags));
    return [
      {
        ...need,
        then: () => {
          this.account.tag(need.resource, this.tags);
        },
      },
    ];
  }

  untagsIt(resource: string, keys: readonly string[]): Need[] {
    const need = this.on(resource, { 'aws:TagKeys': keys });
    return [
      {
        ...need,
        then: () => {
          this.account.untag(need.resource, keys);
        },
      },
    ];
  }

  /** A role that the call hands to a service. */
  passes(role: string | undefined, ...services: readonly string[]): Need[] {
    return services.flatMap((service) =>
      role === undefined ? [] : [this.on(role, { 'iam:PassedToService': service }, 'iam:PassRole')],
    );
  }

  /** The role of its own that a service makes in an account with the first call. */
  makesServiceRole(service: string, name: string): Need {
    const resource = `role/aws-service-role/${service}/${name}`;
    return this.on(resource, { 'iam:AWSServiceName': service }, 'iam:CreateServiceLinkedRole');
  }
}

/** Which rights a call takes. */
export type Rules = Readonly<Record<string, (call: Call) => Need[]>>;

export const requestTags = (tags: Tags): IamRequest['context'] =>
  Object.keys(tags).length === 0
    ? {}
    : { ...named('aws:RequestTag', tags), 'aws:TagKeys': Object.keys(tags) };

const named = (prefix: string, tags: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));

function deep(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function tagsIn(list: unknown): [string, string][] {
  if (!Array.isArray(list)) return Object.entries(list as Record<string, string>);
  return (list as Record<string, string>[]).map((tag) => [
    tag['Key'] ?? tag['TagKey'] ?? tag['key'] ?? '',
    tag['Value'] ?? tag['TagValue'] ?? tag['value'] ?? '',
  ]);
}

/** `Tags.member.1.Key`, `Tags.Tag.1.Key`, `Tag.1.Key`: not those of a launch template’s data. */
function formTags(parameters: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(parameters).flatMap(([name, key]) => {
    const match = /^(?:Tags\.(?:member|Tag)|Tag|TagSpecification\.\d+\.Tag)\.\d+\.(?=Key$)/.exec(name);
    if (!match || typeof key !== 'string' || !name.startsWith(prefix)) return [];
    const value = parameters[`${match[0]}Value`];
    return [[key, typeof value === 'string' ? value : ''] as [string, string]];
  });
}
