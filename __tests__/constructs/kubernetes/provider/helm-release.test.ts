import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { useHelm } from '../../../../constructs/kubernetes/provider/helm-provider';
import {
  HelmRelease,
  type HelmReleaseOptions,
} from '../../../../constructs/kubernetes/provider/helm-release';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { synthesize } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

const OPTIONS: HelmReleaseOptions = {
  name: 'tool',
  namespace: 'tools',
  repository: 'https://charts.example.com',
  chart: 'tool',
  version: '1.2.3',
  values: {},
};

/** The release that is synthesized in a stack `tools`. */
function release(
  options: Partial<HelmReleaseOptions>,
  build: (stack: BaseStack) => void = () => undefined,
): Record<string, unknown> {
  const outdir = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'tools');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useHelm(stack, { cluster: 'seed', region: 'eu-west-1' });
    new HelmRelease(stack, 'tool', { ...OPTIONS, ...options });
    build(stack);
    synthesize(app);
    const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/tools/cdk.tf.json'), 'utf8')) as {
      resource: { helm_release: { tool: Record<string, unknown> } };
    };
    return resource.helm_release.tool;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

it('a HelmRelease gives the chart its values as they are: none of them is an expression of Terraform', () => {
  const values = { greeting: 'costs ${5}', nested: { list: ['a', 1, true] }, left: undefined };
  const [text = ''] = release({ values })['values'] as string[];
  expect(text).toContain('$${5}');
  expect(parse(text.replaceAll('$${', '${'))).toEqual({
    greeting: 'costs ${5}',
    nested: { list: ['a', 1, true] },
  });
});

it('a HelmRelease writes each value in its place, which makes a plan readable', () => {
  const labels = { app: 'tool' };
  const [text = ''] = release({ values: { first: labels, second: labels } })['values'] as string[];
  expect(text).toBe('first:\n  app: tool\nsecond:\n  app: tool\n');
});

it.each(['1.2.3', 'v1.2.3', '1.2.3-rc.1'])('a HelmRelease accepts the version %s', (version) => {
  expect(release({ version })['version']).toBe(version);
});

it.each(['~1.2', '>=1.2.3', '1.2', 'latest', '*', ''])(
  'a HelmRelease refuses the version "%s"',
  (version) => {
    expect(() => release({ version })).toThrow(
      `version "${version}" of chart tool is not exact, so that what is deployed could change by itself; write one such as 3.5.0`,
    );
  },
);

it('a HelmRelease refuses a name that Helm would refuse during apply', () => {
  expect(() => release({ name: 'a'.repeat(53) })).not.toThrow();
  expect(() => release({ name: 'a'.repeat(54) })).toThrow(
    `name "${'a'.repeat(54)}" has 54 characters; Helm takes up to 53: shorten it`,
  );
});

it('a HelmRelease is refused in the stack that creates the cluster', () => {
  expect(() =>
    release({}, (stack) => {
      new EksCluster(stack, 'eks', { name: 'seed', roleArn: 'role', vpcConfig: { subnetIds: ['subnet-1'] } });
    }),
  ).toThrow(
    'tools: has the Helm provider beside tools/eks, whose endpoint is unknown while the stack is planned; make the releases of charts in a stack of their own',
  );
});

it('a HelmRelease works beside the Kubernetes objects of a namespace, with one cluster for both providers', () => {
  const { document } = inNamespace((stack) => {
    useHelm(stack, { cluster: 'seed', region: 'eu-west-1' });
    new HelmRelease(stack, 'redis', { ...OPTIONS, namespace: 'shop' });
  });
  expect(document.resource?.['helm_release']).toHaveProperty('redis');
  expect(document['data']).toMatchObject({ aws_eks_cluster: { cluster: { name: 'seed' } } });
  expect(Object.keys((document['data'] as { aws_eks_cluster: object }).aws_eks_cluster)).toEqual(['cluster']);
});
