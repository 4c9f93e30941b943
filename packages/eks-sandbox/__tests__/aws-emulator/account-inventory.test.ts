import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeInventory } from '../../aws-emulator/account-inventory';
import { AwsQuery } from '../../aws-emulator/aws-query';
import type { EksEmulator } from '../../eks-emulator/emulator';

const FILES: Readonly<Record<string, unknown>> = {
  '/2015-02-01/file-systems?MaxItems=1000': {
    FileSystems: [{ FileSystemId: 'fs-2' }, { FileSystemId: 'fs-1' }],
  },
  '/2015-02-01/mount-targets?MaxItems=1000&FileSystemId=fs-1': {
    MountTargets: [{ MountTargetId: 'fsmt-1' }],
  },
  '/2015-02-01/mount-targets?MaxItems=1000&FileSystemId=fs-2': { MountTargets: [] },
  '/2015-02-01/access-points?FileSystemId=fs-1': { AccessPoints: [] },
  '/2015-02-01/access-points?FileSystemId=fs-2': {
    AccessPoints: [{ AccessPointId: 'fsap-3' }, { AccessPointId: 'fsap-2' }],
  },
};
const TARGETS: Readonly<Record<string, unknown>> = {
  'secretsmanager.ListSecrets': { SecretList: [{ ARN: 'arn:secret', Name: 'seed/database' }] },
};

let moto: Server;
let aws: AwsQuery;
const bodies: string[] = [];

/** An account with two file systems and a secret; of everything else, it has nothing. */
function answerTo({ url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return JSON.stringify(TARGETS[target] ?? {});
  return url.startsWith('/2015-02-01/') ? JSON.stringify(FILES[url] ?? {}) : '<nothing/>';
}

beforeAll(async () => {
  moto = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      if (incoming.headers['x-amz-target'] === 'secretsmanager.ListSecrets') bodies.push(body);
      outgoing.end(answerTo(incoming));
    });
  });
  await new Promise<void>((resolve) => moto.listen(0, '127.0.0.1', resolve));
  aws = new AwsQuery(`http://127.0.0.1:${(moto.address() as AddressInfo).port}`, 'eu-west-1');
});
afterAll(() => {
  moto.close();
});

it('the inventory lists file systems with their content, and secrets without those that await deletion', async () => {
  const inventory = await takeInventory(aws, { clusterNames: () => ['seed'] } as unknown as EksEmulator);
  expect(inventory).toMatchObject({
    eks: { Cluster: ['seed'] },
    elasticfilesystem: {
      FileSystem: ['fs-1', 'fs-2'],
      MountTarget: ['fsmt-1'],
      AccessPoint: ['fsap-2', 'fsap-3'],
    },
    secretsmanager: { Secret: ['arn:secret'] },
    ec2: { Vpc: [] },
  });
  expect(bodies).toEqual(['{}']);
});
