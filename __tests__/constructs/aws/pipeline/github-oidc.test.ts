import { GithubOidc } from '../../../../constructs/aws/pipeline/github-oidc';
import { awsStack } from '../aws-stack';

const HOST = 'token.actions.githubusercontent.com';

it('is made once in an account, and not where it is there already', () => {
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

it('trusts the jobs that are named, of one repository, and no pattern of them', () => {
  let subjects: unknown;
  awsStack((stack) => {
    const { Condition } = new GithubOidc(stack, 'github').trust('acme/platform', [
      { event: 'pull_request' },
      { branch: 'main' },
      { environment: 'deploy' },
    ]);
    subjects = Condition?.['StringEquals'];
  });
  expect(subjects).toEqual({
    [`${HOST}:aud`]: 'sts.amazonaws.com',
    [`${HOST}:sub`]: [
      'repo:acme/platform:pull_request',
      'repo:acme/platform:ref:refs/heads/main',
      'repo:acme/platform:environment:deploy',
    ],
  });
});
