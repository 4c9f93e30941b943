import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { Manifests, type ManifestsOptions } from '../../constructs/kubernetes/manifests';
import type { BaseStack } from '../../constructs/terraform/base-stack';
import { digestOf, inputsOf, RENDERED, type RenderRequest } from '../../src/manifests/rendered';
import { renderKustomization } from '../../src/rendering/render-kustomization';
import { renderChart } from '../../src/rendering/render-chart';
import { getRenderer, type Renderer } from '../../src/rendering/renderers';
import { inNamespace } from '../constructs/kubernetes/namespace-of';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

/** A folder with a folder for each public chart, and for the charts that they depend on. */
const CHARTS = process.env['PUBLIC_CHARTS'];
/** A folder with a folder for each public kustomization, which has all of its bases. */
const KUSTOMIZATIONS = process.env['PUBLIC_KUSTOMIZATIONS'];

/** What is built of a kustomization. @default - the folder itself */
const OVERLAYS: Readonly<Record<string, string>> = {
  'argo-cd': 'namespace-install',
  'metrics-server': 'overlays/release',
};

/** What a program would say of what has more than a namespace takes. */
const ALLOWED: ManifestsOptions = {
  leaveOut: ['hooks', 'definitions'],
  clusterWide: [
    ...['ClusterRole', 'ClusterRoleBinding', 'IngressClass', 'PriorityClass', 'APIService'],
    ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ],
  select: ({ kind, data, stringData }) =>
    kind !== 'Secret' || (data === undefined && stringData === undefined),
};

/** The words by which the table names what a finding is about. */
const ABOUT: readonly (readonly [RegExp, string])[] = [
  [/PodSecurity|hostProcess|runAsNonRoot|hostPath|hostNetwork|privileged/, 'podSecurity, or edit'],
  [/automountServiceAccountToken/, 'automountServiceAccountToken by edit'],
  [/is a hook/, "leaveOut: ['hooks']"],
  [/for the whole cluster|leaveOut: \['definitions'\]/, 'clusterWide or leaveOut'],
  [/metadata\.namespace/, 'objects of another namespace: edit or select'],
  [/would be in cdktf\.out/, 'Secrets by select'],
  [/asks the cluster|something else each time/, 'values for what it makes up'],
  [/execution error at \(|meet the specifications of the schema/, 'values that it requires'],
  [/ttlSecondsAfterFinished/, 'edit of a Job'],
];

const project = process.cwd();
const PINS = resolve('src/rendering/tools');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charts-'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(project);
  if (folder) rmSync(folder, { recursive: true });
});

const renderer = (name: Renderer['name']): Promise<Renderer> => getRenderer(name, PINS, () => undefined);

/** @throws Error where the variable names no folder */
function namesIn(variable: string, from: string | undefined): string[] {
  if (from !== undefined && existsSync(from)) return readdirSync(from);
  throw new Error(`${variable}: expected a folder with a folder for each; got "${from ?? ''}"`);
}

interface ChartFile {
  readonly type?: 'application' | 'library';
  readonly dependencies?: readonly { readonly name: string }[];
}

const chartFile = (folder: string): ChartFile =>
  parse(readFileSync(join(folder, 'Chart.yaml'), 'utf8')) as ChartFile;

/** Copies a chart, and what it depends on, which is in the same folder. */
function copyChart(name: string, into: string): void {
  cpSync(join(CHARTS ?? '', name), into, { recursive: true, dereference: true });
  const { dependencies = [] } = chartFile(into);
  for (const { name: other } of dependencies) {
    const place = join(into, 'charts', other);
    if (!existsSync(place) && existsSync(join(CHARTS ?? '', other, 'Chart.yaml'))) copyChart(other, place);
  }
}

/** What is found in objects as they are, and with what they may have beyond a namespace. */
interface Found {
  readonly asItIs: readonly string[];
  readonly allowed: readonly string[];
}

type Make = (stack: BaseStack, options: ManifestsOptions) => unknown;

/** Keeps what was rendered, as `platform render` does, and puts it into a namespace. */
function findingsOf(name: string, source: RenderRequest['source'], objects: string, make: Make): Found {
  const into = join('rendered', 'shop', name);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, RENDERED.objects), objects);
  const lock = { renderer: 'test', inputs: inputsOf(source), charts: [], objects: digestOf(objects) };
  writeFileSync(join(into, RENDERED.lock), JSON.stringify(lock));
  const findings = (options: ManifestsOptions): string[] => {
    try {
      inNamespace((stack) => void make(stack, options));
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };
  return { asItIs: findings({}), allowed: findings(ALLOWED) };
}

async function chartFindings(name: string): Promise<Found> {
  const chart = join('charts', name);
  copyChart(name, chart);
  const source = { chart, values: {}, release: name, namespace: 'shop', kubernetes: '1.36', apiVersions: [] };
  const work = mkdtempSync(join(folder, 'work-'));
  try {
    const { objects } = await renderChart(await renderer('helm'), source, undefined, work);
    return findingsOf(name, source, objects, (stack, options) =>
      Manifests.fromChart(stack, name, { chart, ...options }),
    );
  } catch (error) {
    const message = [(error as Error).message];
    return { asItIs: message, allowed: message };
  }
}

async function kustomizationFindings(name: string): Promise<Found> {
  const source = { folder: join('kustomizations', name), overlay: OVERLAYS[name] ?? '.' };
  cpSync(join(KUSTOMIZATIONS ?? '', name), source.folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'work-'));
  const objects = await renderKustomization(await renderer('kustomize'), source, work);
  return findingsOf(name, source, objects, (stack, options) =>
    Manifests.fromKustomization(stack, name, { ...source, ...options }),
  );
}

/** A row for each name, of what works unchanged and what needs what; and the findings that say neither where nor what about. */
async function tableOf(
  names: readonly string[],
  findingsIn: (name: string) => Promise<Found>,
): Promise<{ readonly rows: readonly string[]; readonly unclear: readonly string[] }> {
  const unclear: string[] = [];
  const rows: string[] = [];
  for (const name of names) {
    const { asItIs, allowed } = await findingsIn(name);
    const about = (findings: readonly string[]): string =>
      [...new Set(findings.map((each) => ABOUT.find(([words]) => words.test(each))?.[1] ?? each))].join(', ');
    unclear.push(
      ...[...asItIs, ...allowed].filter(
        (each) => !/objects\.yaml:\d+:\d+|asks the cluster|each time|templates\/\S+:\d+|- at '\//.test(each),
      ),
    );
    const options = asItIs.length === 0 ? 'unchanged' : `by options for: ${about(asItIs)}`;
    rows.push(`${name}: ${options}${allowed.length === 0 ? '' : ` | then needs: ${about(allowed)}`}`);
  }
  process.stdout.write(`${rows.join('\n')}\n`);
  return { rows, unclear };
}

it('public charts install into a namespace, or every finding says where it is and what it is about', async () => {
  const names = namesIn('PUBLIC_CHARTS', CHARTS).filter(
    (name) => chartFile(join(CHARTS ?? '', name)).type !== 'library',
  );
  const wanted = names.filter((each) => (process.env['CHART'] ?? each) === each);
  const { rows, unclear } = await tableOf(wanted, chartFindings);
  expect(rows.length).toBeGreaterThan(0);
  expect(unclear).toEqual([]);
});

it('public kustomizations install into a namespace, or every finding says where it is and what it is about', async () => {
  const names = namesIn('PUBLIC_KUSTOMIZATIONS', KUSTOMIZATIONS);
  const { rows, unclear } = await tableOf(names, kustomizationFindings);
  expect(rows.length).toBeGreaterThan(2);
  expect(unclear).toEqual([]);
});
