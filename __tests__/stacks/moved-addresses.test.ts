import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'cdktf';
import { Manifests } from '../../constructs/kubernetes/manifests';
import { PlatformApp } from '../../src/platform/platform-app';
import { Stack } from '../../stacks/stack';
import { workloads, appOf, parsePlatform } from '../own-platform';
import { parseMovedAddresses } from '../../src/config/moved-addresses-file';
import { readStacks } from '../../src/manifests/stacks';

const platformYaml = readFileSync('platform.yaml', 'utf8');

/** The moves that each stack of a platform gets from a file of moves. */
function movesOf(moved: string, platform: string = platformYaml): Record<string, unknown> {
  const outdir = mkdtempSync(join(tmpdir(), 'moved-addresses-'));
  try {
    appOf(
      parsePlatform(platform, 'platform.yaml', { today: new Date('2026-11-23') }),
      outdir,
      parseMovedAddresses(moved, 'moved.yaml'),
    ).synthesize();
    return Object.fromEntries(
      readStacks(outdir).flatMap(({ name, document }) =>
        document['moved'] === undefined ? [] : [[name, document['moved']]],
      ),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const WEB = { from: 'kubernetes_deployment_v1.front', to: 'kubernetes_deployment_v1.storefront_web' };
const IN_EACH = `<namespace>: [{ from: ${WEB.from}, to: ${WEB.to} }]\n`;

it('a move of each namespace is in the stacks with the object', () => {
  const withoutWorkload = platformYaml.replace(/( {2}qa: .*), workloads: .*\}/, '$1 }');
  expect(movesOf(IN_EACH)).toEqual({ dev: [WEB], qa: [WEB], stage: [WEB], prod: [WEB] });
  expect(movesOf(IN_EACH, withoutWorkload)).toEqual({ dev: [WEB], stage: [WEB], prod: [WEB] });
});

it('a move of one stack is in that stack, and nowhere if the platform lacks the stack', () => {
  const vpc = { from: 'aws_vpc.network', to: 'aws_vpc.vpc' };
  const moved = `network: [{ from: ${vpc.from}, to: ${vpc.to} }]
another-namespace: [{ from: kubernetes_pod_v1.a, to: kubernetes_pod_v1.b }]
`;
  expect(movesOf(moved)).toEqual({ network: [vpc] });
});

it('a chain of moves is followed, also from one of all namespaces to that of one', () => {
  const moved = `<namespace>: [{ from: kubernetes_deployment_v1.a, to: kubernetes_deployment_v1.b }]
dev: [{ from: kubernetes_deployment_v1.b, to: ${WEB.to} }]
`;
  expect(movesOf(moved)).toEqual({
    dev: [
      { from: 'kubernetes_deployment_v1.a', to: 'kubernetes_deployment_v1.b' },
      { from: 'kubernetes_deployment_v1.b', to: WEB.to },
    ],
  });
});

it('an error names every address that does not exist, or still exists, with the place of its move', () => {
  expect(() =>
    movesOf(`network:
  - { from: aws_vpc.network, to: aws_vpc.vcp }
  - { from: aws_vpc.vpc, to: aws_vpc.main }
<namespace>:
  - { from: kubernetes_deployment_v1.storefront_api, to: kubernetes_deployment_v1.storefront_web }
`),
  ).toThrow(
    [
      'moved.yaml:2:5 to: unknown address "aws_vpc.vcp"; did you mean "aws_vpc.vpc"? known: aws_vpc.vpc. Correct it, add optional: true if only some platforms have the object, or remove the entry if none has it any more',
      'moved.yaml:3:5 to: unknown address "aws_vpc.main"; known: aws_vpc.vpc. Correct it, add optional: true if only some platforms have the object, or remove the entry if none has it any more',
      'dev, qa, stage, prod: moved.yaml:5:5 from: kubernetes_deployment_v1.storefront_api is still there; give one of the two another ID, or remove the move',
    ].join('\n'),
  );
});

it('a move to an object that is not rendered yet is an error only after all are rendered', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'moved-addresses-'));
  const moved = parseMovedAddresses(
    'charts: [{ from: kubernetes_config_map_v1.a, to: kubernetes_config_map_v1.b }]\n',
    'moved.yaml',
  );
  const platform = parsePlatform(platformYaml, 'platform.yaml', { today: new Date('2026-11-23') });
  const chart = { repository: 'https://charts.example.com', name: 'web', version: '1.2.3' };
  class Charts extends Stack {
    constructor(scope: App) {
      super(scope, 'charts', platform);
      Manifests.fromChart(this, 'web', { chart });
    }
  }
  class None extends Stack {
    constructor(scope: App) {
      super(scope, 'charts', platform);
    }
  }
  const app = (stack: typeof Charts | typeof None, rendering: boolean): PlatformApp =>
    new PlatformApp(platform, {
      workloads,
      outdir,
      moved,
      rendering,
      stacks: [{ stack, after: [], before: [] }],
    });
  const errors = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      return String(error);
    }
    return '';
  };
  try {
    expect(app(Charts, true).renderRequests()).toHaveLength(1);
    const notRendered = errors(() => app(Charts, false).synthesize());
    expect(notRendered).toContain('charts/web');
    expect(notRendered).not.toContain('moved.yaml');
    expect(errors(() => app(None, false).synthesize())).toContain('moved.yaml:1:10 to: unknown address');
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

it('an object of only some platforms may be missing', () => {
  const moved = 'cluster: [{ from: aws_iam_role.node, to: aws_iam_role.karpenter_node, optional: true }]\n';
  expect(movesOf(moved)).toEqual({});
});

it('a workload that became a manifest is forgotten at its old address, and adopted by its own stack', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'moved-addresses-'));
  const [from, to] = ['kubernetes_replica_set_v1.storefront_worker', 'kubernetes_manifest.storefront_worker'];
  const deployment = 'kubernetes_deployment_v1.storefront_worker';
  try {
    expect(() => parseMovedAddresses(`dev: [{ from: ${from}, to: ${to} }]\n`, 'moved.yaml')).toThrow(to);
    const { handedOver } = appOf(
      parsePlatform(platformYaml, 'platform.yaml', { today: new Date('2026-11-23') }),
      outdir,
      parseMovedAddresses(`<namespace>: [{ from: ${deployment}, to: ${to} }]\n`, 'moved.yaml'),
    ).synthesize();
    expect(handedOver['qa']).toEqual([{ from: deployment, to, fromStack: 'qa' }]);
    const qa = readStacks(outdir).find(({ name }) => name === 'qa');
    expect(qa?.document['removed']).toEqual([{ from: deployment, lifecycle: { destroy: false } }]);
    expect(qa?.document).not.toHaveProperty('moved');
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
