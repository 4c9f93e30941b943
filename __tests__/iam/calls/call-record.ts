import { existsSync, readFileSync } from 'node:fs';
import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';
import { OWN_AGENT } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { ADMINISTRATOR } from '../../../src/cli/sandbox-state';
import { type Asked, askedOf } from './needs';

/** The variable that makes a sandbox write down every call, and the file that the tests name: in the project's folder. */
export const CALL_LOG = 'EKS_SANDBOX_CALL_LOG';
export const CALL_FILE = 'aws-calls.jsonl';

/** Who is no role of a pipeline, by the `User-Agent`. */
const NO_ROLE = new RegExp(`\\bapp/${ADMINISTRATOR}\\b|^${OWN_AGENT}$`);

export type Role = 'plan' | 'apply';

/** Which calls to AWS a pipeline's roles would have made: those that were made meanwhile. */
export class CallRecord {
  private readonly spans: { readonly role: Role; readonly from: number; readonly to: number }[] = [];

  constructor(private readonly file: string) {}

  /** Does something that a role of the pipeline would do. */
  async of<Result>(role: Role, action: () => Promise<Result>): Promise<Result> {
    const from = this.calls().length;
    const result = await action();
    this.spans.push({ role, from, to: this.calls().length });
    return result;
  }

  /**
   * What the calls of a role ask of IAM. Others make calls meanwhile: an administrator, for the stack of the state's bucket, and the
   * sandbox itself, which makes the people of platform.yaml known and proves things.
   *
   * @throws when there was none, or one without a rule
   */
  async askedBy(role: Role): Promise<Asked[]> {
    const spans = this.spans.filter((span) => span.role === role);
    const calls = this.calls();
    const counts = (index: number): boolean =>
      !NO_ROLE.test(calls[index]?.agent ?? '') && spans.some(({ from, to }) => index >= from && index < to);
    const asked = (await askedOf(calls, counts)).filter((_, index) => counts(index));
    if (asked.length === 0)
      throw new Error(`no call was recorded in ${this.file} while a role had to ${role}`);
    return asked;
  }

  private calls(): RecordedCall[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RecordedCall]));
  }
}
