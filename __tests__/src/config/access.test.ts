import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parsePlatform } from '../../own-platform';
import type { Platform } from '../../../src/config/platform';
import { report, TODAY } from './report';

const arn = (name: string, account = '111122223333'): string => `arn:aws:iam::${account}:${name}`;
const ADMIN = arn('role/admin');

/** A platform whose access is told by a few lines; the namespaces begin at line 10. */
function platform(lines: { iam?: string; cluster?: string; teams?: string; region?: string }): string {
  return `name: shop
region: ${lines.region ?? 'eu-west-1'}
iam: ${lines.iam ?? '{}'}
cluster:
  version: '${DEFAULT_KUBERNETES_VERSION}'
  admins: [${ADMIN}]
  ${lines.cluster ?? 'publicAccess: []'}
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 2, max: 3 } }
namespaces:
  dev:
    nodes: [node-1]
    teams:
      ${lines.teams ?? '{}'}
`;
}

function parse(text: string): Platform {
  return parsePlatform(text, 'p.yaml', { today: TODAY });
}

it('only administrators have access by default, and roles have no permissions boundary', () => {
  const { cluster, namespaces, iam } = parse(platform({}));
  expect(cluster).toMatchObject({ admins: [ADMIN], viewers: [], pipelines: [] });
  expect(namespaces['dev']?.teams).toEqual({});
  expect(iam).toEqual({ path: '/' });
});

it('the access settings of the file are kept', () => {
  const text = platform({
    iam: `{ permissionsBoundary: ${arn('policy/org/boundary')}, path: /platform/eks/ }`,
    cluster: `viewers: [${arn('user/auditor')}]\n  pipelines: [${arn('role/ci/deploy')}]`,
    teams: `${arn('role/web')}: edit\n      ${arn('user/auditor')}: admin`,
  });
  expect(parse(text)).toMatchObject({
    iam: { permissionsBoundary: arn('policy/org/boundary'), path: '/platform/eks/' },
    cluster: { viewers: [arn('user/auditor')], pipelines: [arn('role/ci/deploy')] },
    namespaces: { dev: { teams: { [arn('role/web')]: 'edit', [arn('user/auditor')]: 'admin' } } },
  });
});

it('an AWS managed policy may be the boundary', () => {
  expect(
    report(platform({ iam: '{ permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" }' })),
  ).toBe('');
});

describe('the access settings refuse one mistake:', () => {
  it.each([
    [
      { cluster: `viewers: [${arn('role/a')}, ${arn('role/a')}]` },
      `p.yaml:7:47 cluster.viewers[1]: "${arn('role/a')}" is given already at [0]; remove one`,
    ],
    [
      { cluster: `pipelines: [${ADMIN}]` },
      `p.yaml:7:15 cluster.pipelines[0]: "${ADMIN}" is one of cluster.admins, which may do everything; remove one`,
    ],
    [
      { cluster: `viewers: [${ADMIN}]` },
      `p.yaml:7:13 cluster.viewers[0]: "${ADMIN}" is one of cluster.admins, which may do everything; remove one`,
    ],
    [
      { teams: `${ADMIN}: view` },
      `p.yaml:13:7 namespaces.dev.teams["${ADMIN}"]: "${ADMIN}" is one of cluster.admins, which may do everything in every namespace; remove one`,
    ],
    [
      { cluster: `viewers: [${arn('role/a')}]`, teams: `${arn('role/a')}: view` },
      `p.yaml:13:7 namespaces.dev.teams["${arn('role/a')}"]: "${arn('role/a')}" is one of cluster.viewers, which may read everything in every namespace; remove one`,
    ],
    [
      { teams: 'arn:aws:sts::111122223333:assumed-role/web/me: view' },
      'p.yaml:13:7 namespaces.dev.teams["arn:aws:sts::111122223333:assumed-role/web/me"]: not a principal; expected the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin; this is a session: write its role, arn:aws:iam::111122223333:role/web, with the role\'s path if it has one',
    ],
    [
      { teams: `${arn('role/a')}: veiw` },
      `p.yaml:13:41 namespaces.dev.teams["${arn('role/a')}"]: got "veiw"; expected one of view, edit, admin; did you mean "view"?`,
    ],
    [
      { cluster: 'viewers: [arn:aws-cn:iam::111122223333:role/a]' },
      'p.yaml:7:13 cluster.viewers[0]: partition "aws-cn" is not that of eu-west-1; expected an ARN that begins with arn:aws:iam::',
    ],
    [
      { teams: 'arn:aws-cn:iam::111122223333:role/a: edit' },
      'p.yaml:13:7 namespaces.dev.teams["arn:aws-cn:iam::111122223333:role/a"]: partition "aws-cn" is not that of eu-west-1; expected an ARN that begins with arn:aws:iam::',
    ],
    [
      { iam: '{ permissionsBoundary: arn:aws-cn:iam::aws:policy/PowerUserAccess }' },
      'p.yaml:3:29 iam.permissionsBoundary: partition "aws-cn" is not that of eu-west-1; expected an ARN that begins with arn:aws:iam::',
    ],
    [
      { iam: `{ permissionsBoundary: ${arn('role/a')} }` },
      `p.yaml:3:29 iam.permissionsBoundary: got "${arn('role/a')}"; expected the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary`,
    ],
    [
      { iam: '{ path: platform }' },
      'p.yaml:3:14 iam.path: got "platform"; expected a path of up to 256 characters that begins and ends with "/", such as /platform/; write /platform/',
    ],
    [
      { iam: '{ path: /aws-reserved/x/ }' },
      'p.yaml:3:14 iam.path: got "/aws-reserved/x/"; expected a path of up to 256 characters that begins and ends with "/", such as /platform/',
    ],
    [
      { teams: `${arn('role/a.b')}: edit\n      ${arn('role/a-b')}: edit` },
      `p.yaml:14:7 namespaces.dev.teams["${arn('role/a-b')}"]: "${arn('role/a-b')}" differs from "${arn('role/a.b')}", at namespaces.dev.teams["${arn('role/a.b')}"], in punctuation or case only, and would be the same role or share its Terraform address; name a role with another name`,
    ],
    [
      { teams: `${arn('role/web')}: edit\n      ${arn('role/Web')}: edit` },
      `p.yaml:14:7 namespaces.dev.teams["${arn('role/Web')}"]: "${arn('role/Web')}" differs from "${arn('role/web')}", at namespaces.dev.teams["${arn('role/web')}"], in punctuation or case only, and would be the same role or share its Terraform address; name a role with another name`,
    ],
    [
      { teams: `${arn('role/AWSReservedSSO_Admin_0123')}: edit` },
      `p.yaml:13:7 namespaces.dev.teams["${arn('role/AWSReservedSSO_Admin_0123')}"]: not a principal; expected the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin; a role of IAM Identity Center has a path: write what aws iam get-role --role-name AWSReservedSSO_Admin_0123 --query Role.Arn prints`,
    ],
    [
      { teams: `${arn('role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS')}: edit` },
      `p.yaml:13:7 namespaces.dev.teams["${arn('role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS')}"]: not a principal; expected the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin; EKS admits no service-linked role: name another role`,
    ],
    [
      { teams: `${arn('role/a')}: edit\n      ${arn('role/a')}: view` },
      `p.yaml:14:7 namespaces.dev.teams["${arn('role/a')}"]: key given twice, first at p.yaml:13:7; keep one`,
    ],
  ])('%j', (lines, expected) => {
    expect(report(platform(lines))).toBe(expected);
  });
});

it('one name in two accounts is two principals', () => {
  const text = platform({ teams: `${arn('role/a')}: edit\n      ${arn('role/a', '444455556666')}: edit` });
  expect(report(text)).toBe('');
});

it('a viewer of everything may have more in a namespace', () => {
  const text = platform({ cluster: `viewers: [${arn('role/a')}]`, teams: `${arn('role/a')}: edit` });
  expect(report(text)).toBe('');
});
