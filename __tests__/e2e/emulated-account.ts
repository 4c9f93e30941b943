import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { AccessKeys } from '../../sandbox/aws-emulator/access-keys';
import { bootstrapAccount, startMoto } from '../../sandbox/aws-emulator/aws-emulator';
import type { AwsQuery } from '../../sandbox/aws-emulator/aws-query';
import { FrontDoor } from '../../sandbox/aws-emulator/front-door';
import { isolatedEnvironment } from '../../sandbox/environment';
import { Processes } from '../../sandbox/processes';
import { buildTools } from '../../sandbox/tool-builder/tools';
import { ACCOUNT_ID, REGION, roleArn } from '../sandbox/aws-emulator/fake-account';

export interface EmulatedAccountOptions {
  /** A bucket that the account has from the start. @default - none */
  readonly stateBucket?: string;
}

/** An account of the emulated AWS as the sandbox has it, without EKS: for what needs no cluster. */
export class EmulatedAccount {
  /** Starts it within seconds, or a minute where moto has to be installed first. */
  static async start({ stateBucket }: EmulatedAccountOptions = {}): Promise<EmulatedAccount> {
    const { moto } = await buildTools(() => undefined, { kubernetes: [] });
    const directory = mkdtempSync(join(tmpdir(), 'emulated-account-'));
    const failures: string[] = [];
    const processes = new Processes(directory, ({ name, log }, reason) =>
      failures.push(`${name} ${reason}: ${log}`),
    );
    try {
      const aws = await startMoto(processes, { moto, accountId: ACCOUNT_ID, region: REGION });
      const keys = new AccessKeys();
      const { credentials } = await bootstrapAccount(aws, keys, {
        accountId: ACCOUNT_ID,
        region: REGION,
        admins: [roleArn('platform-admin')],
        people: [],
        ...(stateBucket === undefined ? {} : { stateBucket }),
      });
      const frontDoor = new FrontDoor({
        moto: aws.endpoint,
        region: REGION,
        eks: { handle: () => Promise.reject(new Error('this account has no EKS')) },
        onKeys: (request, answer) => {
          keys.learn(request, answer);
        },
        admin: () => Promise.resolve(undefined),
        report: (failure) => failures.push(failure),
      });
      const endpoint = await frontDoor.listen();
      const environment = isolatedEnvironment({ endpoint, region: REGION, credentials });
      return new EmulatedAccount(directory, aws, environment, failures, processes, frontDoor);
    } catch (error) {
      await processes.killAll();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    /** A folder that goes with the account. */
    readonly directory: string,
    readonly query: AwsQuery,
    /** The variables that turn Terraform, the AWS CLI and the project's commands to it; a whole environment. */
    readonly environment: Readonly<Record<string, string>>,
    /** What went wrong behind the endpoint meanwhile. */
    readonly failures: readonly string[],
    private readonly processes: Processes,
    private readonly frontDoor: FrontDoor,
  ) {}

  /** Runs the AWS CLI. @returns what it printed, as text */
  async aws(...args: string[]): Promise<string> {
    const { stdout } = await execa('aws', [...args, '--output', 'text'], {
      env: this.environment,
      extendEnv: false,
    });
    return stdout;
  }

  /** Ends every process that it started, and removes its files. */
  async stop(): Promise<void> {
    await this.frontDoor.close();
    await this.processes.killAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
