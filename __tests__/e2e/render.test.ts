import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { follow } from '../docs/follow';
import { ChartRegistry } from './chart-registry';
import { type Ended, Project, succeeded } from './project';

const MINUTE = 60_000;
// The first run on a machine downloads or builds helm and kustomize.
jest.setTimeout(15 * MINUTE);

let project: Project;
let server: Server;
let repository: string;
/** What the chart repository serves, by path. */
const served = new Map<string, Buffer>();

beforeAll(async () => {
  project = await Project.copy();
  platform = read('platform.yaml').replace(/(qa: .*)workloads: \{.*\}/, '$1workloads: { app: {} } }');
  server = createServer(({ url = '' }, response) => {
    const body = served.get(url);
    response.statusCode = body ? 200 : 404;
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, MINUTE);

afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  project.remove();
});

const read = (file: string): string => readFileSync(project.path(file), 'utf8');

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(project.path(file)), { recursive: true });
    writeFileSync(project.path(file), text);
  }
}

/** A workload that the namespace qa runs, with what its build does. */
function workload(build: string): void {
  write({
    'workloads/app/index.ts': `import { defineWorkload } from 'kubernetes-on-aws';
import { Manifests } from 'kubernetes-on-aws/kubernetes';
export const app = defineWorkload({ name: 'app', description: 'From others.', options: {}, build(scope) { ${build} } });
`,
    'main.ts': `import { definePlatform } from 'kubernetes-on-aws';
import { workloads } from './workloads';
import { app } from './workloads/app';
export default definePlatform({ workloads: [...workloads, app] });
`,
    'platform.yaml': platform,
  });
}
let platform = '';

const chart = (version: string, dependencies = ''): string =>
  `apiVersion: v2\nname: web\nversion: ${version}\n${dependencies}`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}" }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { kubernetes: "{{ .Capabilities.KubeVersion }}" } }
    spec: { containers: [{ name: web, image: "{{ .Values.image }}" }] }
`;
const HOOK = `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: pre-install } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: a:1 }] } } }
`;

/** Serves a packaged chart of these files. @returns its SHA-256 */
function publish(name: string, version: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name, file)), { recursive: true });
      writeFileSync(join(folder, name, file), text);
    }
    execaSync('tar', ['-czf', 'chart.tgz', name], { cwd: folder });
    const archive = readFileSync(join(folder, 'chart.tgz'));
    served.set(`/${name}-${version}.tgz`, archive);
    served.set(
      '/index.yaml',
      Buffer.from(
        `apiVersion: v1\nentries: { ${name}: [{ name: ${name}, version: ${version}, urls: [${name}-${version}.tgz] }] }\n`,
      ),
    );
    return `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const render = (...args: string[]): Promise<Ended> => project.npm('render', args);
const synth = (): Promise<Ended> => project.npm('synth', ['--quiet']);
const INTO = 'rendered/qa/app/web';

it(
  'a chart comes into a namespace as the guide says',
  async () => {
    expect(await follow(project, 'docs/guides/from-helm.md')).toEqual(['npm run render', 'npm run synth']);
    const qa = JSON.parse(read('cdktf.out/stacks/qa/cdk.tf.json')) as {
      resource: { kubernetes_deployment_v1: Record<string, object> };
    };
    expect(qa.resource.kubernetes_deployment_v1['cache_sessions_sessions']).toMatchObject({
      spec: {
        replicas: '3',
        template: {
          spec: {
            affinity: { node_affinity: {} },
            container: [{ image: 'registry.example.com/cache:7.4.1' }],
          },
        },
      },
    });
    expect(JSON.parse(succeeded(await render('--json')))).toEqual({ rendered: [], requests: 1, removed: [] });
  },
  15 * MINUTE,
);

describe('a chart in a folder', () => {
  beforeAll(() => {
    write({
      'charts/web/Chart.yaml': chart('1.0.0'),
      'charts/web/values.yaml': 'image: registry.example.com/web:1\n',
      'charts/web/templates/all.yaml': DEPLOYMENT,
      'charts/web/templates/tests/test.yaml': HOOK.replace('pre-install', 'test'),
    });
    workload(`Manifests.fromChart(scope, 'web', { chart: 'charts/web', leaveOut: ['hooks'] });`);
  });

  it('is an error until it is rendered', async () => {
    const { status, stderr } = await synth();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`qa/app/web: is not rendered; run npm run render, and commit ${INTO}`),
    ]);
  });

  it('is rendered for the version of the cluster, and files that no construct uses are deleted', async () => {
    expect(succeeded(await render())).toBe(
      `${INTO}: rendered with helm v3.22.0\nrendered/qa/cache/sessions: removed, no construct uses it\nReview and commit the differences.`,
    );
    expect(read(`${INTO}/objects.yaml`)).toContain('kubernetes: "v1.36.0"');
    expect(read(`${INTO}/objects.yaml`)).not.toContain('Job');
    expect(existsSync(project.path('rendered/qa/cache/sessions/lock.json'))).toBe(false);
    succeeded(await synth());
  });

  it.each([
    [
      'the chart',
      () => {
        write({ 'charts/web/templates/all.yaml': DEPLOYMENT.replace('app: web', 'app: site') });
      },
      'was rendered with files sha256:',
    ],
    [
      'the rendered text',
      () => {
        write({ [`${INTO}/objects.yaml`]: read(`${INTO}/objects.yaml`).replace('web:1', 'web:2') });
      },
      'was changed after it was rendered',
    ],
    [
      'the values',
      () => {
        workload(`Manifests.fromChart(scope, 'web', { chart: 'charts/web', values: { image: 'b:1' } });`);
      },
      'was rendered with values sha256:',
    ],
    [
      'the version of Kubernetes',
      () => {
        write({ 'platform.yaml': platform.replace(/version: .1\.36./, "version: '1.35'") });
      },
      'was rendered with kubernetes 1.36, which is now 1.35',
    ],
  ])('is an error when %s changes', async (_, change, message) => {
    change();
    const changed = await synth();
    write({ 'charts/web/templates/all.yaml': DEPLOYMENT });
    workload(`Manifests.fromChart(scope, 'web', { chart: 'charts/web', leaveOut: ['hooks'] });`);
    succeeded(await render());
    expect([changed.status, changed.stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it.each([
    [
      'asks the cluster',
      `{{ lookup "v1" "Secret" "qa" "password" | toYaml }}`,
      'web/templates/bad.yaml:1 asks the cluster by lookup "v1" "Secret"',
    ],
    [
      'makes up a password',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { password: "{{ randAlphaNum 20 }}" }\n`,
      'web/templates/bad.yaml renders something else each time',
    ],
    ['needs a value', `{{ required "set domain" .Values.domain }}`, 'set domain'],
  ])('is an error when it %s, and nothing is written', async (_, template, message) => {
    write({ 'charts/web/templates/bad.yaml': template });
    const before = read(`${INTO}/objects.yaml`);
    const { status, stderr } = await render();
    rmSync(project.path('charts/web/templates/bad.yaml'));
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).toContain('qa/app/web: ');
    expect(read(`${INTO}/objects.yaml`)).toBe(before);
  });

  it('is an error with each reason, where the values do not match its schema', async () => {
    write({ 'charts/web/values.schema.json': '{ "required": ["host", "port"] }' });
    const { status, stderr } = await render();
    expect(status).toBe(1);
    expect(stderr).toContain("missing properties 'host', 'port'");
    rmSync(project.path('charts/web/values.schema.json'));
  });

  it('has its hooks and definitions in the rendered file, and each is an error unless it is left out', async () => {
    write({
      'charts/web/templates/hook.yaml': HOOK,
      'charts/web/crds/a.yaml':
        read('docs/guides/custom-resources.md').match(/(apiVersion: apiextensions[\s\S]*?)```/)?.[1] ?? '',
    });
    workload(`Manifests.fromChart(scope, 'web', { chart: 'charts/web' });`);
    succeeded(await render());
    const { status, stderr } = await synth();
    expect(status).toBe(1);
    expect(stderr).toMatch(/objects\.yaml:\d+:\d+ metadata\.annotations: Job migrate: is a hook/);
    expect(stderr).toMatch(/CustomResourceDefinition batches\.example\.com: .*leaveOut: \['definitions'\]/);
    workload(
      `Manifests.fromChart(scope, 'web', { chart: 'charts/web', leaveOut: ['hooks', 'definitions'] });`,
    );
    succeeded(await synth());
    expect(read('cdktf.out/stacks/qa/cdk.tf.json')).not.toContain('migrate');
  });

  it('gets its dependencies from a repository, in the same version the next time', async () => {
    const digest = publish('base', '2.1.0', {
      'Chart.yaml': 'apiVersion: v2\nname: base\nversion: 2.1.0\n',
      'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: of-base }\n',
    });
    write({
      'charts/web/Chart.yaml': chart(
        '1.1.0',
        `dependencies: [{ name: base, repository: '${repository}', version: '2.x' }]\n`,
      ),
    });
    succeeded(await render());
    expect(read(`${INTO}/objects.yaml`)).toContain('of-base');
    const { charts } = JSON.parse(read(`${INTO}/lock.json`)) as { charts: unknown };
    expect(charts).toEqual([{ repository, name: 'base', version: '2.1.0', digest }]);
    expect(readdirSync(project.path('charts/web'))).not.toContain('charts');
    succeeded(await synth());
  });
});

describe('a chart of a repository', () => {
  const use = (version: string): void => {
    workload(
      `Manifests.fromChart(scope, 'web', { chart: { repository: '${repository}', name: 'web', version: '${version}' }, values: { image: 'a:1' } });`,
    );
  };

  it('is locked with the digest of the download', async () => {
    const digest = publish('web', '1.2.3', {
      'Chart.yaml': chart('1.2.3'),
      'templates/all.yaml': DEPLOYMENT,
    });
    use('1.2.3');
    succeeded(await render());
    expect(JSON.parse(read(`${INTO}/lock.json`))).toMatchObject({
      renderer: 'helm v3.22.0',
      inputs: { name: 'web', version: '1.2.3', namespace: 'qa', release: 'web', kubernetes: '1.36' },
      charts: [{ repository, name: 'web', version: '1.2.3', digest }],
    });
    succeeded(await synth());
  });

  it('is an error when the same version has other bytes', async () => {
    publish('web', '1.2.3', {
      'Chart.yaml': chart('1.2.3'),
      'templates/all.yaml': `${DEPLOYMENT}# changed\n`,
    });
    const { status, stderr } = await render('--all');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('when it was locked. Find out who changed it'),
    ]);
  });

  it('is an error when it cannot be downloaded, with exit status 2', async () => {
    use('1.2.4');
    const { status, stdout } = await render('--json');
    expect([status, stdout]).toEqual([2, expect.stringContaining('"code":"chart-unavailable"')]);
  });
});

describe('a chart of a registry', () => {
  const config = Buffer.from(JSON.stringify({ name: 'web', version: '1.2.3', apiVersion: 'v2' }));
  let oci: ChartRegistry;

  beforeAll(async () => {
    oci = await ChartRegistry.start();
  });

  afterAll(() => oci.stop());

  it('is locked with the digest of the download, and a version that is not there is an error', async () => {
    const digest = publish('web', '1.2.3', {
      'Chart.yaml': chart('1.2.3'),
      'templates/all.yaml': DEPLOYMENT,
    });
    oci.put('charts/web', '1.2.3', config, served.get('/web-1.2.3.tgz') ?? Buffer.alloc(0));
    const use = (version: string): void => {
      workload(
        `Manifests.fromChart(scope, 'web', { chart: { repository: '${oci.url}/charts', name: 'web', version: '${version}' }, values: { image: 'a:1' } });`,
      );
    };
    use('1.2.3');
    succeeded(await project.npm('render', [], oci.trust));
    const { charts } = JSON.parse(read(`${INTO}/lock.json`)) as { charts: unknown };
    expect(charts).toEqual([{ repository: `${oci.url}/charts`, name: 'web', version: '1.2.3', digest }]);
    succeeded(await synth());
    use('1.2.4');
    const { status, stdout } = await project.npm('render', ['--json'], oci.trust);
    expect([status, stdout]).toEqual([2, expect.stringContaining('"code":"chart-unavailable"')]);
  });
});

describe('a kustomization', () => {
  const build = (more = ''): void => {
    workload(
      `Manifests.fromKustomization(scope, 'web', { folder: 'kustomize', overlay: 'overlays/qa' ${more} });`,
    );
  };

  beforeAll(() => {
    write({
      'kustomize/base/kustomization.yaml': 'resources: [config.yaml]\n',
      'kustomize/base/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { level: info }\n',
      'kustomize/overlays/qa/kustomization.yaml': 'namePrefix: qa-\nresources: [../../base]\n',
    });
    build();
  });

  it('is rendered with its bases, and committed', async () => {
    succeeded(await render());
    expect(read(`${INTO}/objects.yaml`)).toContain('name: qa-settings');
    succeeded(await synth());
    expect(read('cdktf.out/stacks/qa/cdk.tf.json')).toContain('"app_web_qa_settings"');
    write({ 'kustomize/base/config.yaml': read('kustomize/base/config.yaml').replace('info', 'debug') });
    expect((await synth()).stderr).toContain('was rendered with files sha256:');
  });

  it.each([
    [
      'a resource is a URL',
      'resources: [https://example.com/app?ref=v1]\n',
      'https://example.com/app?ref=v1 is not in the folder',
    ],
    [
      'a resource is outside of the folder',
      'resources: [../../../elsewhere]\n',
      'kustomize sees the files of kustomize alone',
    ],
    [
      'it inflates a chart',
      'helmCharts: [{ name: web, repo: https://example.com, version: 1.0.0 }]\n',
      '--enable-helm',
    ],
  ])('is an error if %s', async (_, text, message) => {
    const file = 'kustomize/overlays/qa/kustomization.yaml';
    const before = read(file);
    write({ [file]: text });
    const { status, stderr } = await render();
    write({ [file]: before });
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
