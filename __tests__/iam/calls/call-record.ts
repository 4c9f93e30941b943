import { existsSync, readFileSync } from 'node:fs';
import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';
import { type Asked, askedOf } from './needs';

/** The variable that makes a sandbox write down every call, and the file that the tests name: in the project's folder. */
export const CALL_LOG = 'EKS_SANDBOX_CALL_LOG';
export const CALL_FILE = 'aws-calls.jsonl';

export type Role = 'plan' | 'apply';

/**
 * What an administrator does before there is a pipeline, and after: its stack `pipeline`, and the bucket of the states.
 * Reading them is part of every plan.
 */
const OF_THE_ADMINISTRATOR =
  /:(role|policy)\/[\w-]+-pipeline-|:oidc-provider\/|^arn:aws:s3:::[\w-]+-state(\/\*|\/.*\.moved)?$/;
/** Looks whether GitHub's provider is there before it makes one; empties the bucket of the states before it goes. */
const CALLS_OF_THE_ADMINISTRATOR = [
  'iam ListOpenIDConnectProviders',
  's3 DeleteObjectVersion',
  's3 ListBucketVersions',
];
const READS = /^(\S+) (Get|List|Describe|Head)/;

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

  /** What the calls of a role ask of IAM. @throws when there was none, or one without a rule */
  async askedBy(role: Role): Promise<Asked[]> {
    const spans = this.spans.filter((span) => span.role === role);
    const counts = (index: number): boolean => spans.some(({ from, to }) => index >= from && index < to);
    const asked = (await askedOf(this.calls(), counts)).filter((_, index) => counts(index));
    if (asked.length === 0)
      throw new Error(`no call was recorded in ${this.file} while a role had to ${role}`);
    return asked.filter(
      ({ call, needs }) =>
        !CALLS_OF_THE_ADMINISTRATOR.includes(call) &&
        (READS.test(call) || !needs.some(({ resource }) => OF_THE_ADMINISTRATOR.test(resource))),
    );
  }

  private calls(): RecordedCall[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RecordedCall]));
  }
}
