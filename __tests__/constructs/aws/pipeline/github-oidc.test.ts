import { GithubOidc, type GithubIds, type GithubJob } from '../../../../constructs/aws/pipeline/github-oidc';
import { awsStack } from '../aws-stack';

const HOST = 'token.actions.githubusercontent.com';
const JOBS: readonly GithubJob[] = [{ event: 'pull_request' }, { branch: 'main' }, { environment: 'deploy' }];

const conditions = (ids?: GithubIds): unknown => {
  let found: unknown;
  awsStack((stack) => {
    found = new GithubOidc(stack, 'github').trust('acme/platform', JOBS, ids).Condition;
  });
  return found;
};

const NAMED = [
  'repo:acme/platform:pull_request',
  'repo:acme/platform:ref:refs/heads/main',
  'repo:acme/platform:environment:deploy',
];

it('the OIDC provider is created once in an account, and not where it exists', () => {
  const provider = (existing: boolean) =>
    awsStack((stack) => {
      new GithubOidc(stack, 'github', { existing });
    }).resource['aws_iam_openid_connect_provider'];
  expect(provider(false)?.['github']).toMatchObject({
    url: `https://${HOST}`,
    client_id_list: ['sts.amazonaws.com'],
  });
  expect(provider(true)).toBeUndefined();
});

it('the role trusts the named jobs of one repository, without patterns', () => {
  expect(conditions()).toEqual({
    StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: NAMED },
  });
});

it('the role trusts both forms of a subject if the repository numbers are set, and only tokens with these numbers', () => {
  expect(conditions({ owner: 123456, repository: 7890 })).toEqual({
    StringEquals: {
      [`${HOST}:aud`]: 'sts.amazonaws.com',
      [`${HOST}:sub`]: [
        ...NAMED,
        'repo:acme@123456/platform@7890:pull_request',
        'repo:acme@123456/platform@7890:ref:refs/heads/main',
        'repo:acme@123456/platform@7890:environment:deploy',
      ],
    },
    StringEqualsIfExists: { [`${HOST}:repository_id`]: '7890', [`${HOST}:repository_owner_id`]: '123456' },
  });
});
