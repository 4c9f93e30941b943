import { App } from 'cdktf';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/aws-provider';
import { EksCluster } from '../../../constructs/aws/eks-cluster';
import { architectureOf } from '../../../constructs/aws/node-image';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesise } from '../../../constructs/terraform/synthesise';

it('refuses instance types of two architectures, by the path of the construct, and writes nothing', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'node-group-'));
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'cluster');
  useAws(stack, { region: 'eu-west-1', platform: 'seed' });
  const cluster = new EksCluster(stack, 'eks', {
    name: 'seed',
    version: '1.35',
    subnetIds: ['subnet-1', 'subnet-2'],
    admins: ['arn:aws:iam::111122223333:role/admin'],
    serviceCidr: '172.20.0.0/16',
    logRetentionDays: 30,
  });
  cluster.addNodeGroup('node-1', {
    name: 'node-1',
    subnetIds: ['subnet-1'],
    instanceTypes: ['m7i.large', 'm7g.large'],
    scaling: { min: 1, max: 1, desired: 1 },
  });
  expect(() => {
    synthesise(app);
  }).toThrow(
    'cluster/eks/node-1: instance types of one architecture are needed, ' +
      'got m7i.large (x86_64), m7g.large (arm64); make a node group for each',
  );
  expect(readdirSync(outdir)).toEqual(['stacks']);
  expect(readdirSync(join(outdir, 'stacks'))).toEqual([]);
});

it.each([
  ['m7i.large', 'x86_64'],
  ['m7g.large', 'arm64'],
  ['c6gn.xlarge', 'arm64'],
  ['x2gd.medium', 'arm64'],
  ['a1.medium', 'arm64'],
  ['g5.xlarge', 'x86_64'],
  ['g5g.xlarge', 'arm64'],
  ['g4dn.xlarge', 'x86_64'],
  ['t3.micro', 'x86_64'],
  ['t4g.micro', 'arm64'],
])('%s is %s', (instanceType, architecture) => {
  expect(architectureOf(instanceType)).toBe(architecture);
});
