import { ConfigError } from '../../../src/config/config-error';
import { loadMovedAddresses, parseMovedAddresses, withMoves } from '../../../src/config/moved-addresses-file';

function errors(yaml: string): string[] {
  try {
    parseMovedAddresses(yaml, 'moved.yaml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

const GOOD = `# why
cluster:
  - { from: aws_iam_role.a, to: aws_iam_role.b } # first
  - from: aws_iam_role.b
    to: aws_iam_role.c
    optional: true
<namespace>:
  - { from: kubernetes_pod_v1.a, to: kubernetes_pod_v1.b }
`;

it('moved.yaml has the moves of each stack, with their places', () => {
  expect(parseMovedAddresses(GOOD, 'moved.yaml')).toEqual({
    cluster: [
      { from: 'aws_iam_role.a', to: 'aws_iam_role.b', optional: false, place: 'moved.yaml:3:5' },
      { from: 'aws_iam_role.b', to: 'aws_iam_role.c', optional: true, place: 'moved.yaml:4:5' },
    ],
    '<namespace>': [
      { from: 'kubernetes_pod_v1.a', to: 'kubernetes_pod_v1.b', optional: false, place: 'moved.yaml:8:5' },
    ],
  });
});

it.each(['', '# nothing yet\n', '{}\n', 'dev: []\n'])('moved.yaml may be %j for no moves', (yaml) => {
  expect(Object.values(parseMovedAddresses(yaml, 'moved.yaml')).flat()).toEqual([]);
});

it('a missing moved.yaml has no moves', () => {
  expect(loadMovedAddresses('no/such/moved.yaml')).toEqual({});
});

it('moved.yaml reports every mistake at its place in one error', () => {
  expect(
    errors(`Cluster:
  - { from: aws_iam_role.a, to: aws_iam_role.b }
dev:
  - { form: aws_iam_role.a, to: data.aws_subnet.b }
  - { from: aws_iam_role.a, to: aws_iam_policy.a }
  - { from: aws_iam_role.c, to: aws_iam_role.c }
qa: { from: aws_iam_role.a }
`),
  ).toEqual([
    'moved.yaml:1:1 Cluster: no name of a stack; expected pipeline, network, cluster, platform, load-balancer-controller, the name of a namespace, or <namespace>',
    'moved.yaml:4:7 dev[0].form: unknown key; did you mean "from"? known: from, to, stack, optional',
    'moved.yaml:4:33 dev[0].to: got "data.aws_subnet.b"; expected the address of a resource, such as kubernetes_deployment_v1.shop_web',
    'moved.yaml:5:33 dev[1].to: got aws_iam_policy.a; expected an address of the type of aws_iam_role.a, or kubernetes_manifest for a Kubernetes object. Terraform moves an object to no other type',
    'moved.yaml:6:5 dev[2]: moves aws_iam_role.c to itself; remove the entry',
    'moved.yaml:7:5 qa: got a mapping; expected a list of moves, such as [{ from: aws_iam_role.a, to: aws_iam_role.b }]',
  ]);
});

it('moved.yaml reports two moves of one object, two objects at one address, and moves in a circle', () => {
  expect(
    errors(`<namespace>:
  - { from: aws_iam_role.a, to: aws_iam_role.b }
dev:
  - { from: aws_iam_role.a, to: aws_iam_role.c }
  - { from: aws_iam_role.x, to: aws_iam_role.b }
qa:
  - { from: aws_iam_role.b, to: aws_iam_role.c }
  - { from: aws_iam_role.c, to: aws_iam_role.a }
stage:
  - { from: aws_iam_role.b, to: aws_iam_role.c }
network:
  - { from: aws_iam_role.a, to: aws_iam_role.c }
  - { from: aws_iam_role.a, to: aws_iam_role.d }
`),
  ).toEqual([
    'moved.yaml:4:13 dev[0].from: aws_iam_role.a moves to aws_iam_role.b already, at moved.yaml:2:5; keep one',
    'moved.yaml:5:33 dev[1].to: aws_iam_role.a moves to aws_iam_role.b already, at moved.yaml:2:5; keep one',
    'moved.yaml:8:5 qa[1]: goes in a circle: aws_iam_role.c to aws_iam_role.a to aws_iam_role.b to aws_iam_role.c; keep only the moves that lead to the address of today',
    'moved.yaml:13:13 network[1].from: aws_iam_role.a moves to aws_iam_role.c already, at moved.yaml:12:5; keep one',
  ]);
});

it('a new move keeps the content of moved.yaml', () => {
  const added = withMoves(GOOD, [
    { stack: 'cluster', from: 'aws_vpc.a', to: 'aws_vpc.b' },
    { stack: 'dev', from: 'kubernetes_pod_v1.x', to: 'kubernetes_pod_v1.y' },
  ]);
  expect(added).toBe(`# why
cluster:
  - { from: aws_iam_role.a, to: aws_iam_role.b } # first
  - from: aws_iam_role.b
    to: aws_iam_role.c
    optional: true
  - from: aws_vpc.a
    to: aws_vpc.b
<namespace>:
  - { from: kubernetes_pod_v1.a, to: kubernetes_pod_v1.b }
dev:
  - from: kubernetes_pod_v1.x
    to: kubernetes_pod_v1.y
`);
  expect(withMoves('', [{ stack: 'dev', from: 'aws_vpc.a', to: 'aws_vpc.b' }])).toBe(
    'dev:\n  - from: aws_vpc.a\n    to: aws_vpc.b\n',
  );
});
