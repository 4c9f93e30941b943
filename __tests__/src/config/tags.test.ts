import { report } from './report';

const platform = (tags: string): string => `name: shop
region: eu-west-1
tags: ${tags}
cluster:
  version: '1.35'
  admins: [arn:aws:iam::111122223333:role/admin]
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;
const many = (count: number): string =>
  `{ ${Array.from({ length: count }, (_, i) => `t${i}: x`).join(', ')} }`;
const EXPECTED = '1 to 128 characters: letters, digits, spaces and _ . : / + - @';

it.each([
  '{}',
  '{ CostCenter: "4711", "team:owner/x@y.z": "a b=c+d" , empty: "" }',
  `{ ${'k'.repeat(128)}: ${'v'.repeat(256)} }`,
  many(40),
  '{ platforms: x, my-kubernetes.io: x, aws: x }',
])('tags %s are accepted', (tags) => {
  expect(report(platform(tags))).toBe('');
});

it.each([
  [
    '{ CostCenter: 4711 }',
    '3:21 tags.CostCenter: got the number 4711; expected a text of up to 256 characters',
    'write "4711" in quotes',
  ],
  [`{ a: ${'v'.repeat(257)} }`, 'expected a text of up to 256 characters', ''],
  ['{ a: "50%" }', '3:12 tags.a: got "', ''],
  ['{ a: "Käse" }', '3:12 tags.a: got "', ''],
  ['{ "a=b": x }', `3:9 tags["a=b"]: the key is not allowed; expected ${EXPECTED}`, ''],
  ['{ "a,b": x }', '3:9 tags["a,b"]: the key is not allowed', ''],
  [`{ ${'k'.repeat(129)}: x }`, ': the key is not allowed', ''],
  ['{ "aws:createdBy": x }', '3:9 tags["aws:createdBy"]: the key belongs to AWS; choose another key', ''],
  ['{ "eks:cluster-name": x }', 'the key belongs to AWS', ''],
  ['{ Platform: x }', '3:9 tags.Platform: the key belongs to this program; choose another key', ''],
  ['{ platform: x }', '3:9 tags.platform: the key belongs to this program', ''],
  ['{ Name: x }', '3:9 tags.Name: the key belongs to this program', ''],
  ['{ kubernetes.io/cluster/shop: owned }', 'the key belongs to Kubernetes', ''],
  ['{ k8s.io/cluster-autoscaler/enabled: x }', 'the key belongs to Kubernetes', ''],
  ['{ elbv2.k8s.aws/cluster: x }', 'the key belongs to Kubernetes', ''],
  ['{ ebs.csi.aws.com/cluster: x }', 'the key belongs to Kubernetes', ''],
  ['{ karpenter.sh/nodepool: x }', 'the key belongs to Kubernetes', ''],
  ['{ CSIVolumeName: x }', 'the key belongs to Kubernetes', ''],
  ['{ Team: x, team: y }', '3:18 tags.team: the key differs from Team in upper and lower case only', ''],
  [many(41), '3:1 tags: 41 tags are given; up to 40 are allowed; remove some', ''],
])('tags %s are refused at their place', (tags, message, remedy) => {
  const text = report(platform(tags));
  expect(text).toContain(message);
  expect(text).toContain(remedy);
});
