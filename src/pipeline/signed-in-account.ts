import { UserError } from '../facts/user-error';
import type { AwsAnswer, AwsCli } from './aws-cli';

/** The credentials are those of another account. */
export class AccountError extends UserError {
  readonly code = 'wrong-account';
  readonly exitStatus = 1;
}

/**
 * Looks whether the credentials are those of an account.
 *
 * @param account 12 digits
 * @returns the ARN that is signed in, or why it is not the account's
 */
export async function signedInTo(cli: AwsCli, account: string): Promise<AwsAnswer<string>> {
  const caller = await cli.ask<{ Account: string; Arn: string }>('sts', 'get-caller-identity');
  if (!caller.ok)
    return {
      ok: false,
      reason: `not signed in to AWS; sign in to the account ${account}, such as by aws sso login with AWS_PROFILE set: ${caller.reason}`,
    };
  const { Account: found, Arn: arn } = caller.value;
  return found === account
    ? { ok: true, value: arn }
    : {
        ok: false,
        reason: `signed in as ${arn}, and the platform is in the account ${account}; sign in there`,
      };
}

/** @throws AccountError before anything of another account is read or changed */
export async function requireAccount(cli: AwsCli, account: string): Promise<void> {
  const answer = await signedInTo(cli, account);
  if (!answer.ok) throw new AccountError(answer.reason);
}
