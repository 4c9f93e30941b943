import { EKSClient } from '@aws-sdk/client-eks';
import type { ClusterSpecification } from '../../control-plane/cluster-runtime';
import { EksEmulator } from '../../eks-emulator/emulator';
import { AccessKeys } from '../../aws-emulator/access-keys';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import { FrontDoor } from '../../aws-emulator/front-door';
import { egressSocket } from '../aws-emulator/signed-request';
import { FakeAccount, REGION, roleArn } from '../aws-emulator/fake-account';
import { FakeKubernetes } from '../control-plane/fake-kubernetes';

/** The emulator behind its front door, with a real client of AWS's, and everything below it in memory. */
export interface EmulatedEks {
  readonly eks: EksEmulator;
  readonly client: EKSClient;
  readonly account: FakeAccount;
  readonly kubernetes: FakeKubernetes;
  readonly started: ClusterSpecification[];
  readonly stopped: string[];
  /** Where the files of clusters went when they stopped, and came from when they continued. */
  readonly moved: string[];
  readonly upgrades: string[];
  readonly reports: string[];
  close(): Promise<void>;
}

export async function emulatedEks(): Promise<EmulatedEks> {
  const account = new FakeAccount();
  const kubernetes = new FakeKubernetes();
  const started: ClusterSpecification[] = [];
  const stopped: string[] = [];
  const moved: string[] = [];
  const upgrades: string[] = [];
  const reports: string[] = [];
  const runtimes = {
    versions: ['1.35', '1.36'],
    start: (specification: ClusterSpecification, files?: string) => {
      if (files !== undefined) moved.push(`from ${files}`);
      started.push(specification);
      return Promise.resolve({
        endpoint: 'https://127.0.0.1:6443',
        ca: 'PEM',
        api: kubernetes,
        upgrade: (version: string) => {
          upgrades.push(version);
          return Promise.resolve();
        },
        stop: (keep?: string) => {
          if (keep !== undefined) moved.push(`to ${keep}`);
          stopped.push(specification.name);
          return Promise.resolve();
        },
      });
    },
  };
  const report = (message: string): void => {
    reports.push(message);
  };
  const eks = new EksEmulator(account, runtimes, report);
  const keys = new AccessKeys();
  const key = { accessKeyId: 'AKIAADMIN', secretAccessKey: 'secret' };
  keys.remember(key);
  const door = new FrontDoor({
    moto: 'http://127.0.0.1:9',
    egress: egressSocket(),
    region: REGION,
    eks,
    keys,
    verifier: new RequestVerifier(keys, REGION),
    webIdentity: () => Promise.resolve(),
    admin: () => Promise.resolve(undefined),
    report,
  });
  const endpoint = await door.listen();
  const client = new EKSClient({ endpoint, region: REGION, credentials: key, maxAttempts: 1 });
  return {
    eks,
    client,
    account,
    kubernetes,
    started,
    stopped,
    moved,
    upgrades,
    reports,
    close: async () => {
      client.destroy();
      await door.close();
    },
  };
}

/** What a cluster is asked for with nothing out of the ordinary. */
export const CLUSTER = {
  name: 'seed',
  version: '1.36',
  roleArn: roleArn('cluster'),
  resourcesVpcConfig: { subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'] },
  accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
  bootstrapSelfManagedAddons: false,
} as const;

/** What a node group is asked for with nothing out of the ordinary. */
export const NODE_GROUP = {
  clusterName: 'seed',
  nodegroupName: 'node-1',
  nodeRole: roleArn('node'),
  subnets: ['subnet-a'],
  instanceTypes: ['m7i.large'],
  scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 3 },
} as const;
