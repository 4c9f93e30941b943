import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MotoAccount } from './aws-emulator/emulated-account';
import { takeInventory } from './aws-emulator/account-inventory';
import { AccessKeys } from './aws-emulator/access-keys';
import { reviewAccess, type SubjectAccessReview } from './sign-in/authorization';
import { bootstrapAccount, startMoto } from './aws-emulator/aws-emulator';
import { MotoLoadBalancers } from './aws-emulator/emulated-load-balancers';
import { Memory } from './aws-emulator/memory';
import { RequestVerifier } from './aws-emulator/request-verifier';
import type { AwsQuery } from './aws-emulator/aws-query';
import { LocalClusterRuntimes, type RuntimeBinaries } from './control-plane/cluster-runtime';
import { EksEmulator } from './eks-emulator/emulator';
import { Faults, type CountedFault } from './aws-emulator/faults';
import { FrontDoor } from './aws-emulator/front-door';
import { ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { Processes } from './sandbox-processes';
import { writeRecord, type SandboxRecord } from './sandbox-record';
import { verifyWebIdentity } from './sign-in/web-identity';
import { SignIn, type TokenReview } from './sign-in/sign-in';
import { SNAPSHOT_NAME, Snapshots } from './snapshots';

/** What the sandbox's server is started with. */
export interface ServerOptions {
  /** Absolute path of the sandbox's own folder, `<project>/.sandbox`. */
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  /** ARNs of the IAM roles and users that the account has from the start; the first one is who Terraform runs as. */
  readonly admins: readonly string[];
  /** ARNs of the IAM roles and users that enter clusters and do nothing else in AWS. */
  readonly people: readonly string[];
  /**
   * The bucket that the platform keeps its state in, and makes itself: a sandbox is for one.
   * @default - local state files
   */
  readonly stateBucket?: string;
  /** Absolute paths of the programs of control planes and nodes. */
  readonly binaries: RuntimeBinaries;
  /** Absolute path of `moto_server`. */
  readonly moto: string;
}

/**
 * Runs the sandbox until a signal ends the process. It serves an endpoint of AWS on 127.0.0.1. When the endpoint is ready, its
 * address and credentials are in `<directory>/sandbox.json`.
 */
export async function serve(options: ServerOptions): Promise<void> {
  const { directory, region, accountId } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  rmSync(join(directory, 'sandbox.json'), { force: true });
  let record: SandboxRecord | undefined;
  let isEnding = false;
  const onFailure: OnFailure = ({ name, log }, reason) => {
    if (isEnding) return;
    report(`${name} ${reason}: see ${log}`);
    if (!record) return;
    record = { ...record, processes: processes.list(), failed: record.failed ?? { name, reason, log } };
    writeRecord(directory, record);
  };
  const processes = new Processes(directory, onFailure);
  await processes.recordSelf('server');
  const ended = new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });

  try {
    const started = await start(options, processes, onFailure);
    record = {
      pid: process.pid,
      identity: await ownIdentity(),
      startedAt: new Date().toISOString(),
      endpoint: started.endpoint,
      region,
      accountId,
      credentials: started.credentials,
      admin: started.admin,
      processes: processes.list(),
    };
    writeRecord(directory, record);
    report(`serving ${region} of the account ${accountId} on ${started.endpoint}`);
    report(`ending: ${await ended}`);
    isEnding = true;
    await started.frontDoor.close();
  } finally {
    isEnding = true;
    await processes.killAll();
  }
}

/** Told that a part of the sandbox does not work any more. */
type OnFailure = (part: { readonly name: string; readonly log: string }, reason: string) => void;

/** One line of the server's log. */
function report(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}

async function start(
  { directory, region, accountId, admins, people, binaries, moto }: ServerOptions,
  processes: Processes,
  onFailure: OnFailure,
): Promise<{ endpoint: string; frontDoor: FrontDoor } & Awaited<ReturnType<typeof bootstrapAccount>>> {
  const accountToken = randomBytes(32).toString('hex');
  const aws = await startMoto(processes, { moto, accountId, region, accountToken });
  const memory = new Memory();
  const keys = new AccessKeys(memory);
  const signedIn = await bootstrapAccount(aws, keys, { accountId, admins, people });
  const account = new MotoAccount(aws, accountId, region);
  // The emulator's webhooks are behind the front door, and the front door passes requests to the emulator.
  const behind: { eks?: EksEmulator; snapshots?: Snapshots } = {};
  const emulator = (): EksEmulator => {
    if (!behind.eks) throw new Error('the EKS emulator is not ready yet');
    return behind.eks;
  };
  const verifier = new RequestVerifier(keys, region);
  const signIn = new SignIn(account, verifier);
  const faults = new Faults(memory);
  const egress = join(dirname(aws.endpoint), 'egress');
  const frontDoor = new FrontDoor({
    moto: aws.endpoint,
    accountId,
    egress,
    region,
    eks: { handle: (request) => emulator().handle(request) },
    keys,
    verifier,
    webIdentity: (request) => verifyWebIdentity(request, emulator()),
    admin: (method, path, body) =>
      path === 'faults'
        ? Promise.resolve(setFaults(faults, method, body))
        : path.startsWith('snapshots/')
          ? exchangeSnapshot(behind.snapshots, method, path.slice('snapshots/'.length))
          : admin(aws, emulator(), signIn, method, path, body),
    faults,
    memory,
    report,
    callLog: process.env['EKS_SANDBOX_CALL_LOG'],
  });
  const endpoint = await frontDoor.listen();
  const runtimes = new LocalClusterRuntimes({
    directory,
    binaries,
    frontDoor: { webhooks: frontDoor.webhooks, egress },
    account,
    loadBalancers: new MotoLoadBalancers(aws),
    processes,
    report,
  });
  const eks = (behind.eks = new EksEmulator(account, runtimes, report));
  const log = processes.logOf('server');
  behind.snapshots = new Snapshots({
    ...{ directory, aws, accountToken, memory, eks },
    onFailure: (name, reason) => {
      onFailure({ name, log }, reason);
    },
  });
  const baseline = await takeInventory(aws, eks);
  writeFileSync(join(directory, 'baseline.json'), `${JSON.stringify(baseline, null, 2)}\n`);
  return { endpoint, frontDoor, ...signedIn };
}

/** `GET` lists the faults, `PUT` exchanges them first. */
function setFaults(faults: Faults, method: string, body: string): CountedFault[] {
  if (method === 'PUT') faults.replace(JSON.parse(body));
  return faults.list();
}

/** `GET` lists the snapshots; `POST` takes the one of the name first, `PUT` restores it. */
async function exchangeSnapshot(
  snapshots: Snapshots | undefined,
  method: string,
  name: string,
): Promise<string[] | undefined> {
  if (!SNAPSHOT_NAME.test(name)) return undefined;
  if (method === 'POST') await snapshots?.take(name);
  if (method === 'PUT') await snapshots?.restore(name);
  return snapshots?.names();
}

/** The sandbox's own API, below `/__sandbox/`. */
async function admin(
  aws: AwsQuery,
  eks: EksEmulator,
  signIn: SignIn,
  method: string,
  path: string,
  body: string,
): Promise<unknown> {
  const [operation, name = ''] = path.split('/');
  const cluster = eks.cluster(decodeURIComponent(name));
  switch (`${method} ${operation ?? ''}`) {
    case 'GET health':
      return { status: 'ok', clusters: eks.clusterNames() };
    case 'GET inventory':
      return takeInventory(aws, eks);
    case 'POST token-review':
      return cluster && signIn.review(cluster, JSON.parse(body) as TokenReview);
    case 'POST subject-access-review':
      return cluster && reviewAccess(cluster, JSON.parse(body) as SubjectAccessReview);
    default:
      return undefined;
  }
}
