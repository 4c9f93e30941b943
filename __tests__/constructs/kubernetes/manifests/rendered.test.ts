import { TerraformVariable } from 'cdktf';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChartSource,
  Manifests,
  type ManifestsOptions,
} from '../../../../constructs/kubernetes/manifests';
import { digestOf, inputsOf } from '../../../../src/manifests/rendered';
import { findings, inNamespace } from '../namespace-of';

const INTO = 'rendered/shop/rendered-test';
const CHART = { repository: 'https://charts.example.com', name: 'web', version: '1.2.3' };
const OBJECTS = `apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: shop }
data: { a: b }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: once, annotations: { helm.sh/hook: post-install } }
`;

/** Writes what the command render writes for a chart with these values. */
function rendered(values: object): void {
  mkdirSync(INTO, { recursive: true });
  const inputs = inputsOf({
    ...{ chart: CHART, values: { ...values }, release: 'rendered-test', namespace: 'shop' },
    ...{ kubernetes: '1.36', apiVersions: [] },
  });
  const lock = { renderer: 'helm v3.22.0', inputs, charts: [], objects: digestOf(OBJECTS) };
  writeFileSync(join(INTO, 'objects.yaml'), OBJECTS);
  writeFileSync(join(INTO, 'lock.json'), JSON.stringify(lock));
}

const errors = (options: Partial<ChartSource & ManifestsOptions>): string[] =>
  findings((stack) => {
    Manifests.fromChart(stack, 'rendered-test', { chart: CHART, ...options });
  });

const project = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rendered-'));
  process.chdir(folder);
  rendered({ a: { b: 1, c: 2 } });
});

afterEach(() => {
  process.chdir(project);
  rmSync(folder, { recursive: true });
});

it('a rendered chart is read if its values are the same, in any order', () => {
  const { objects } = inNamespace((stack) => {
    Manifests.fromChart(stack, 'rendered-test', {
      ...{ chart: CHART, values: { a: { c: 2, b: 1, d: undefined } }, leaveOut: ['hooks'] },
    });
  });
  expect(objects('ConfigMap').map(({ metadata, data }) => [metadata.name, data])).toEqual([
    ['web', { a: 'b' }],
  ]);
});

describe('a Secret that is rendered', () => {
  const SECRETS = `${OBJECTS}---
# Source: web/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: sec
  labels: { app: web }
  annotations: { kubectl.kubernetes.io/last-applied-configuration: hunter2 }
data:
  PASSWORD: aHVudGVyMg==
---
{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"two"},"stringData":{"a":"hunter2"}}]}
---
apiVersion: v1
kind: Secret
metadata: { name: empty }
`;
  const committed = (options: ManifestsOptions): string => {
    let text: string | undefined;
    inNamespace((stack) => {
      const made = Manifests.fromChart(stack, 'rendered-test', {
        ...{ chart: CHART, values: { a: { b: 1, c: 2 } }, leaveOut: ['hooks'], ...options },
      });
      text = made.renderRequest?.committed(SECRETS);
    });
    return text ?? '';
  };

  it('is committed without its values if select leaves it out, and taking it later is an error', () => {
    const text = committed({ select: ({ kind }) => kind !== 'Secret' });
    expect(text).not.toMatch(/hunter2|aHVudGVyMg/);
    expect(text).toContain(`${OBJECTS}---\n# Source: web/secret.yaml\n`);
    expect(
      findings((stack) => {
        Manifests.fromYaml(stack, 'app', { text, leaveOut: ['hooks'] });
      }),
    ).toEqual([
      expect.stringContaining('data: Secret sec: its values would be'),
      expect.stringContaining('data: Secret two: its values would be'),
    ]);
  });

  it('is an error if it is taken', () => {
    const remedy =
      'its values would be in cdktf.out and in the state; leave it out (YAML: by select), and make a Secret.fromSecretsManager() with the same name';
    expect(() => committed({})).toThrow(`Secret sec: ${remedy}\nSecret two: ${remedy}`);
  });
});

it.each([
  [
    'other values',
    { values: { a: 1 } },
    /was rendered with values sha256:\w+, which is now sha256:\w+; run npm run render, and commit rendered\/shop\/rendered-test$/,
  ],
  [
    'another version',
    { chart: { ...CHART, version: '1.2.4' } },
    /was rendered with version 1\.2\.3, which is now 1\.2\.4; run npm run render/,
  ],
  [
    'another release',
    { release: 'b', values: { a: { b: 1, c: 2 } } },
    /was rendered with release rendered-test, which is now b;/,
  ],
  [
    'more kinds of the cluster',
    { apiVersions: ['example.com/v1'], values: { a: { b: 1, c: 2 } } },
    /was rendered with apiVersions nothing, which is now example\.com\/v1;/,
  ],
  ['a folder that is not there', { chart: 'charts/none' }, /no such file or directory.*charts\/none/],
])('a rendered chart is refused for %s', (_, options, message) => {
  expect(errors(options)).toEqual([expect.stringMatching(message)]);
});

it.each([
  [
    'a range',
    { chart: { ...CHART, version: '1.x' } },
    'chart.version: "1.x" of chart web is not exact; write one such as 3.5.0',
  ],
  [
    'a repository without encryption',
    { chart: { ...CHART, repository: 'http://charts.example.com' } },
    'chart.repository: got "http://charts.example.com"; expected https://… or oci://…',
  ],
])('a rendered chart is refused for %s', (_, options, message) => {
  expect(errors(options)).toEqual([`shop/rendered-test: ${message}`]);
});

it('a rendered chart refuses a value that only Terraform knows, and names it', () => {
  expect(
    findings((stack) => {
      const { stringValue } = new TerraformVariable(stack, 'host', { type: 'string' });
      Manifests.fromChart(stack, 'rendered-test', {
        chart: CHART,
        values: { hosts: [{ name: `a.${stringValue}` }] },
      });
    }),
  ).toEqual([
    'shop/rendered-test: values.hosts[0].name: is known only when Terraform runs, and objects are rendered before; write it as text, or set it by edit',
  ]);
});

it('a rendered chart is refused for a hook that is not left out, and for a file that changed after rendering', () => {
  const values = { a: { b: 1, c: 2 } };
  expect(errors({ values })).toEqual([
    expect.stringMatching(/objects\.yaml:8:.* metadata\.annotations: ConfigMap once: is a hook/),
  ]);
  writeFileSync(join(INTO, 'objects.yaml'), OBJECTS.replace('a: b', 'a: c'));
  expect(errors({ values })).toEqual([
    `shop/rendered-test: ${INTO}/objects.yaml was changed after it was rendered; change the objects by edit, or run npm run render, and commit ${INTO}`,
  ]);
  writeFileSync(join(INTO, 'lock.json'), '{');
  expect(errors({ values })).toEqual([expect.stringContaining(`${INTO}/lock.json is not JSON`)]);
  rmSync(join(INTO, 'lock.json'));
  expect(errors({ values })).toEqual([
    `shop/rendered-test: is not rendered; run npm run render, and commit ${INTO}`,
  ]);
});
