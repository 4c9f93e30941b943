import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const CONSTRUCTS = resolve(__dirname, '../../../constructs/kubernetes');

/** Files without a test of their name, each with the one that tests it. */
const TESTED_BY: Readonly<Record<string, string>> = {
  'admission-policy.ts': 'validating-admission-policy.test.ts, mutating-admission-policy.test.ts',
  'canonical-object.ts': 'manifests.test.ts',
  'cluster-connection.ts': 'kubernetes-provider.test.ts, helm-release.test.ts',
  'data-errors.ts': 'api-object.test.ts, patch.test.ts, escape-hatch.test.ts',
  'defaults.ts': 'manifests.test.ts',
  'fluent-bit.ts': 'log-collector.test.ts, event-collector.test.ts',
  'guard-rails.ts': 'manifests.test.ts',
  'helm-provider.ts': 'helm-release.test.ts',
  'imported-object.ts': 'manifests.test.ts',
  'load-balancer-controller-chart.ts': 'load-balancer-controller.test.ts of the stacks',
  'object-references.ts': 'manifests.test.ts',
  'parts-at.ts': 'manifests.test.ts',
  'paused-rollout.ts': 'escape-hatch.test.ts, manifests.test.ts',
  'pod-specs.ts': 'manifests.test.ts',
  'render-request.ts': 'rendered.test.ts',
  'ruled-object.ts': 'role.test.ts, cluster-role.test.ts',
};

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

it('every file with code has a test of its name', async () => {
  const tests = new Set(files(__dirname).map((file) => basename(file)));
  const untested: string[] = [];
  for (const file of files(CONSTRUCTS).filter((each) => basename(each) !== 'index.ts')) {
    if (tests.has(basename(file).replace(/\.ts$/, '.test.ts'))) continue;
    // A file of types alone does nothing.
    const exported = (await import(join(CONSTRUCTS, file))) as object;
    if (Object.keys(exported).some((name) => name !== '__esModule')) untested.push(basename(file));
  }
  expect(untested.sort()).toEqual(Object.keys(TESTED_BY));
});
