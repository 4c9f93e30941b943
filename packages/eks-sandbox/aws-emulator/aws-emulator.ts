import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nameOf, withoutUndefined } from './emulated-account';
import { keyIn, type AccessKeys } from './access-keys';
import { AwsQuery } from './aws-query';
import { packagePath } from '../package-folder';
import type { Processes } from '../sandbox-processes';
import type { AwsCredentials } from '../sandbox-record';

/** How long moto may take to listen, in milliseconds; it takes about two seconds. */
const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 50;
/** The longest session that moto grants. */
const SESSION_SECONDS = 43_200;

/** Starts moto, which emulates every service but EKS, and returns once it answers. */
export async function startMoto(
  processes: Processes,
  options: {
    readonly moto: string;
    readonly accountId: string;
    readonly region: string;
    /** Opens moto's path of the account's copies. */
    readonly accountToken: string;
  },
): Promise<AwsQuery> {
  // A socket of the user's own: moto lets in anybody who reaches it. In a short folder: its path has a limit of about 100 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'moto-'));
  const socket = join(folder, 'socket');
  const server = await processes.start({
    name: 'moto',
    command: join(dirname(options.moto), 'python'),
    args: [packagePath('aws-emulator', 'moto-account.py'), '-H', `unix://${socket}`],
    env: {
      MOTO_ACCOUNT_ID: options.accountId,
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      AWS_DEFAULT_REGION: options.region,
      EKS_SANDBOX_ACCOUNT_TOKEN: options.accountToken,
      PYTHONUNBUFFERED: '1',
    },
  });
  const aws = new AwsQuery(socket, options.region);
  void server.exited.then(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    if (!server.isRunning() || Date.now() > deadline)
      throw new Error(`moto did not start; see ${server.log}`);
    try {
      await aws.rest('sts', 'GET', '/moto-api/');
      return aws;
    } catch {
      // Not yet listening.
      await sleep(READY_POLL_MS);
    }
  }
}

/**
 * Copies what moto keeps to a file, or restores it from there.
 *
 * @param token that moto was started with
 * @throws Error when moto has something that cannot be copied; nothing is written then
 */
export async function exchangeAccount(
  aws: AwsQuery,
  token: string,
  method: 'POST' | 'PUT',
  file: string,
): Promise<void> {
  const headers = { 'x-eks-sandbox-token': token };
  const { status, body } = await aws.rest('sandbox', method, '/__sandbox/account', file, headers);
  if (status !== 200)
    throw new Error(`moto cannot ${method === 'POST' ? 'copy' : 'restore'} the account: ${body}`);
}

/** What an account has before Terraform comes: its administrators, and those who enter its clusters. */
export interface AccountBootstrap {
  readonly accountId: string;
  /** ARNs of IAM roles and users with all rights in AWS. Those of other accounts are left out. */
  readonly admins: readonly string[];
  /** ARNs of IAM roles and users without any right in AWS: people who enter clusters. Those of other accounts are left out. */
  readonly people: readonly string[];
}

/**
 * Makes the account as a real one would be found, and signs in as its first administrator.
 * @throws when an ARN is none of a role or a user
 */
export async function bootstrapAccount(
  aws: AwsQuery,
  keys: AccessKeys,
  { accountId, admins, people }: AccountBootstrap,
): Promise<{ readonly admin: string; readonly credentials: AwsCredentials }> {
  await createPrincipals(aws, { accountId, admins, people });
  const [admin] = admins;
  if (admin === undefined)
    throw new Error('the sandbox needs at least one administrator: the ARN of an IAM role or user');
  const credentials = await signInAs(aws, admin);
  keys.remember(credentials);
  return { admin, credentials };
}

/**
 * Makes IAM roles and users, as an organization makes them for its people.
 * @throws when an ARN is none of a role or a user
 */
export async function createPrincipals(
  aws: AwsQuery,
  { accountId, admins, people }: Pick<AccountBootstrap, 'accountId' | 'admins' | 'people'>,
): Promise<void> {
  const isHere = (arn: string): boolean => arn.includes(`::${accountId}:`);
  for (const arn of admins.filter(isHere)) await createPrincipal(aws, arn, { isAdmin: true });
  for (const arn of people.filter(isHere)) await createPrincipal(aws, arn, { isAdmin: false });
}

async function createPrincipal(
  aws: AwsQuery,
  arn: string,
  { isAdmin }: { readonly isAdmin: boolean },
): Promise<void> {
  const kind = nameOf(arn, 'role') === undefined ? 'user' : 'role';
  const name = nameOf(arn, kind);
  if (name === undefined) throw new Error(`${arn} is not the ARN of an IAM role or user`);
  const [, partition = ''] = arn.split(':');
  const policyArn = isAdmin ? `arn:${partition}:iam::aws:policy/AdministratorAccess` : undefined;
  const path = /:(?:role|user)(\/(?:.*\/)?)[^/]+$/.exec(arn)?.[1] ?? '/';
  if (kind === 'user') {
    await aws.query('iam', 'CreateUser', { UserName: name, Path: path });
    if (policyArn) await aws.query('iam', 'AttachUserPolicy', { UserName: name, PolicyArn: policyArn });
    return;
  }
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: arn.replace(/:(role|user)\/.*$/, ':root') },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  const parameters = { RoleName: name, Path: path, AssumeRolePolicyDocument: JSON.stringify(trust) };
  await aws.query('iam', 'CreateRole', { ...parameters, MaxSessionDuration: String(SESSION_SECONDS) });
  if (policyArn) await aws.query('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: policyArn });
}

async function signInAs(aws: AwsQuery, arn: string): Promise<AwsCredentials> {
  const user = nameOf(arn, 'user');
  const session = { RoleArn: arn, RoleSessionName: 'sandbox', DurationSeconds: String(SESSION_SECONDS) };
  const made =
    user === undefined
      ? keyIn('AssumeRole', await aws.query('sts', 'AssumeRole', session))
      : keyIn('CreateAccessKey', await aws.query('iam', 'CreateAccessKey', { UserName: user }));
  if (!made) throw new Error(`no credentials were given for ${arn}`);
  // The sandbox's own session has no end.
  return withoutUndefined({ ...made, endsAt: undefined });
}
