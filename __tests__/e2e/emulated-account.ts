import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessKeys } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/access-keys';
import { bootstrapAccount, startMoto } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-emulator';
import { FrontDoor } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/front-door';
import { RequestVerifier } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/request-verifier';
import type { EksAnswer } from '@kubernetes-on-aws/eks-sandbox/eks-emulator/emulator';
import { sandboxEnvironment, type SandboxEndpoint } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { Processes } from '@kubernetes-on-aws/eks-sandbox/sandbox-processes';
import { getTools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/platform-admin`;

/** Whatever EKS is asked for here. */
const NO_CLUSTER: EksAnswer = {
  status: 404,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: JSON.stringify({ message: 'No cluster found: this account is without EKS.' }),
};

/** The sandbox's emulated AWS without EKS, and so without a control plane: what IAM, S3 and a network need. */
export class EmulatedAccount {
  static async start(): Promise<EmulatedAccount> {
    const { moto } = await getTools(() => undefined, { kubernetes: [] });
    const directory = mkdtempSync(join(tmpdir(), 'account-'));
    const processes = new Processes(directory, () => undefined);
    const aws = await startMoto(processes, {
      ...{ moto, accountId: ACCOUNT, region: REGION, accountToken: 'unused' },
    });
    const keys = new AccessKeys();
    const { credentials } = await bootstrapAccount(aws, keys, {
      accountId: ACCOUNT,
      admins: [ADMIN],
      people: [],
    });
    const frontDoor = new FrontDoor({
      moto: aws.endpoint,
      egress: join(directory, 'egress'),
      region: REGION,
      eks: { handle: () => Promise.resolve(NO_CLUSTER) },
      keys,
      verifier: new RequestVerifier(keys, REGION),
      webIdentity: () => Promise.resolve(),
      admin: () => Promise.resolve(undefined),
      report: () => undefined,
    });
    const endpoint = await frontDoor.listen();
    return new EmulatedAccount({ endpoint, region: REGION, credentials }, directory, processes, frontDoor);
  }

  private constructor(
    readonly access: SandboxEndpoint,
    private readonly directory: string,
    private readonly processes: Processes,
    private readonly frontDoor: FrontDoor,
  ) {}

  /** The variables that turn programs to it, signed in as the platform's admin. */
  get environment(): Readonly<Record<string, string>> {
    return sandboxEnvironment(this.access);
  }

  async stop(): Promise<void> {
    await this.frontDoor.close();
    await this.processes.killAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
