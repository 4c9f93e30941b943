import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderChart, type RenderedChart } from '../../../src/rendering/render-chart';
import { renderKustomization } from '../../../src/rendering/render-kustomization';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rendering-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (file: string, text: string): string => {
  writeFileSync(join(folder, file), text);
  return join(folder, file);
};

function program(name: 'helm' | 'kustomize', code: string) {
  const path = write(name, `#!${process.execPath}\n${code}`);
  chmodSync(path, 0o755);
  return { name, version: 'v1', program: path };
}

const below = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

describe('a chart', () => {
  /** A Helm of the test's own: the server names each archive after the wish of its own, and the archive has version 1.4.0. */
  const HELM = `const { appendFileSync, writeFileSync } = require('fs');
const [, , command, ...args] = process.argv;
const after = (option) => args[args.indexOf(option) + 1];
if (command === 'pull') {
  appendFileSync(__dirname + '/asked', after('--version') + '\\n');
  writeFileSync(after('--destination') + '/download.tgz', 'archive');
}
if (command === 'show') console.log('name: base\\nversion: 1.4.0');
if (command === 'template') console.log('kind: ConfigMap');
`;
  const request = { values: {}, release: 'web', namespace: 'dev', kubernetes: '1.36', apiVersions: [] };
  const repository = 'https://charts.example.com';
  const render = (
    chart: string | { repository: string; name: string; version: string },
    before?: RenderedChart,
  ) =>
    renderChart(
      program('helm', HELM),
      { ...request, chart },
      before && { renderer: 'helm v1', inputs: {}, objects: '', charts: before.charts },
      mkdtempSync(join(folder, 'work-')),
    );

  it('is locked in the requested version, whatever the server names the file', async () => {
    const { charts } = await render({ repository, name: 'web', version: '1.2.3' });
    expect(charts).toMatchObject([{ name: 'web', version: '1.2.3' }]);
  });

  it('gets a dependency of a range in the version of its archive, and in the same one the next time', async () => {
    const chart = below('chart');
    const dependency = `{ name: base, repository: "${repository}", version: ">=1.2.0, <2.0.0" }`;
    write('chart/Chart.yaml', `name: web\nversion: 1.0.0\ndependencies: [${dependency}]\n`);
    const first = await render(chart);
    expect(first.charts).toMatchObject([{ name: 'base', version: '1.4.0' }]);
    expect((await render(chart, first)).charts).toEqual(first.charts);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('>=1.2.0, <2.0.0\n1.4.0\n');
  });

  it('refuses a dependency from a server without TLS', async () => {
    const chart = below('chart');
    const dependency = `{ name: base, repository: "http://charts.example.com", version: 1.2.3 }`;
    write('chart/Chart.yaml', `name: web\nversion: 1.0.0\ndependencies: [${dependency}]\n`);
    await expect(render(chart)).rejects.toThrow('the dependency base is of "http://charts.example.com"');
  });
});

describe('a kustomization', () => {
  const render = (text: string): Promise<string> => {
    const source = below('source');
    write('source/kustomization.yaml', text);
    const kustomize = program(
      'kustomize',
      `const { HTTP_PROXY, HTTPS_PROXY, GIT_ALLOW_PROTOCOL } = process.env;
console.log([HTTP_PROXY, HTTPS_PROXY, GIT_ALLOW_PROTOCOL].join());`,
    );
    return renderKustomization(kustomize, { folder: source, overlay: '.' }, below('work'));
  };

  it.each([
    'resources: [git::https://example.com/a]',
    'resources: ["git::ssh://example.com/a"]',
    'resources: ["git@example.com:a/b"]',
    'configMapGenerator: [{ name: a, files: ["b=https://example.com/b"] }]',
    'configMapGenerator: [{ name: a, envs: ["https://example.com/b.env"] }]',
    'patches: [{ path: "https://example.com/b.yaml" }]',
    'patchesStrategicMerge: ["https://example.com/b.yaml"]',
    'openapi: { path: "https://example.com/b.json" }',
  ])('is an error with %s', async (text) => {
    await expect(render(text)).rejects.toThrow(`${text.replace(/:.*/, '')}: `);
  });

  it('may have URLs in its objects, and kustomize calls no server', async () => {
    const text = `commonAnnotations: { docs: "https://example.com" }
configMapGenerator: [{ name: a, literals: ["URL=https://example.com"] }]
patches:
  - patch: "- { op: add, path: /a, value: https://example.com }"
`;
    expect(await render(text)).toBe('http://127.0.0.1:1,http://127.0.0.1:1,file\n');
  });
});
