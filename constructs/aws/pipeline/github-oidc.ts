import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { Account } from '../account/account';
import { type PolicyStatement } from '../identity/policy-document';

const HOST = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/** The provider in its ARN, after the account. */
export const GITHUB_OIDC_RESOURCE = `oidc-provider/${HOST}`;

/**
 * What a job of GitHub Actions is, in the words of its token's subject.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export type GithubJob =
  /** Of a pull request, from a branch of the repository: one from a fork gets no token. */
  | { readonly event: 'pull_request' }
  /** On a branch, without an environment. */
  | { readonly branch: string }
  /** In an environment: on the branches and with the reviewers that the environment asks for. */
  | { readonly environment: string };

/**
 * Numbers of a repository of GitHub and of its owner, which outlive their names. The subject of a token has them if the owner turned
 * them on, or if the repository was created, renamed or transferred since 2026-07-15.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export interface GithubIds {
  readonly owner: number;
  readonly repository: number;
}

/** Whether the account has the OIDC provider of GitHub already. */
export interface GithubOidcOptions {
  /** Whether the account has the provider already, with the audience `sts.amazonaws.com`: then nothing is made. @default false */
  readonly existing?: boolean;
}

/**
 * Lets the account trust the tokens that GitHub gives to the jobs of its Actions, so that no access key is stored there. Which
 * jobs get which role is said by the roles. An account has one such provider.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export class GithubOidc extends Construct {
  constructor(scope: Construct, id: string, { existing = false }: GithubOidcOptions = {}) {
    super(scope, id);
    if (existing) return;
    // Without thumbprints: AWS verifies GitHub by its own list of authorities.
    new IamOpenidConnectProvider(this, MAIN_CHILD, { url: `https://${HOST}`, clientIdList: [AUDIENCE] });
  }

  /** ARN by its parts, for what must not wait for it. */
  get arn(): string {
    return Account.of(this).arn('iam', '', GITHUB_OIDC_RESOURCE);
  }

  /**
   * The trust of a role that just these jobs get: by both forms of a subject where the numbers are known. They are compared then
   * in both, since a repository that takes an old name has other numbers.
   *
   * @param repository `owner/name`
   * @param ids left out: only tokens whose subject has no numbers are trusted
   */
  trust(repository: string, jobs: readonly GithubJob[], ids?: GithubIds): PolicyStatement {
    const [owner = '', name = ''] = repository.split('/');
    const forms = [repository, ...(ids ? [`${owner}@${ids.owner}/${name}@${ids.repository}`] : [])];
    return {
      Effect: 'Allow',
      Principal: { Federated: this.arn },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: {
          [`${HOST}:aud`]: AUDIENCE,
          [`${HOST}:sub`]: forms.flatMap((form) => jobs.map((job) => `repo:${form}:${subject(job)}`)),
        },
        ...(ids && {
          // If they exist: a partition of AWS may not know these claims yet.
          StringEqualsIfExists: {
            [`${HOST}:repository_id`]: String(ids.repository),
            [`${HOST}:repository_owner_id`]: String(ids.owner),
          },
        }),
      },
    };
  }
}

function subject(job: GithubJob): string {
  if ('event' in job) return job.event;
  return 'branch' in job ? `ref:refs/heads/${job.branch}` : `environment:${job.environment}`;
}
