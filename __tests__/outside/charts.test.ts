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
import { digestOf, inputsOf, RENDERED } from '../../src/manifests/rendered';
import { renderChart } from '../../src/rendering/render-chart';
import { getRenderer, type Renderer } from '../../src/rendering/renderers';
import { inNamespace } from '../constructs/kubernetes/namespace-of';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

/** A folder with a folder for each public chart, and for the charts that they depend on. */
const CHARTS = process.env['PUBLIC_CHARTS'];

/** What a program would say of a chart that has more than a namespace takes. */
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
  [/ttlSecondsAfterFinished/, 'edit of a Job'],
];

const project = process.cwd();
let folder: string;
let helm: Renderer;

beforeAll(async () => {
  if (CHARTS === undefined || !existsSync(CHARTS)) {
    throw new Error(
      'these tests need public charts, each in a folder of its name: put them into a folder, and name it by PUBLIC_CHARTS',
    );
  }
  helm = await getRenderer('helm', resolve('src/rendering/tools'), () => undefined);
  folder = mkdtempSync(join(tmpdir(), 'charts-'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(project);
  if (folder) rmSync(folder, { recursive: true });
});

interface Dependencies {
  readonly dependencies?: readonly { readonly name: string }[];
}

/** Copies a chart, and what it depends on, which is in the same folder. */
function copyChart(name: string, into: string): void {
  cpSync(join(CHARTS ?? '', name), into, { recursive: true, dereference: true });
  const { dependencies = [] } = parse(readFileSync(join(into, 'Chart.yaml'), 'utf8')) as Dependencies;
  for (const { name: other } of dependencies) {
    const place = join(into, 'charts', other);
    if (!existsSync(place) && existsSync(join(CHARTS ?? '', other, 'Chart.yaml'))) copyChart(other, place);
  }
}

/** What is found in a chart as it is, and with what it may have beyond a namespace. */
interface Found {
  readonly asItIs: readonly string[];
  readonly allowed: readonly string[];
}

async function findingsOf(name: string): Promise<Found> {
  const chart = join('charts', name);
  copyChart(name, chart);
  const source = { chart, values: {}, release: name, namespace: 'shop', kubernetes: '1.36', apiVersions: [] };
  const work = mkdtempSync(join(folder, 'work-'));
  let objects: string;
  try {
    ({ objects } = await renderChart(helm, source, undefined, work));
  } catch (error) {
    const message = [(error as Error).message];
    return { asItIs: message, allowed: message };
  }
  const into = join('rendered', 'shop', name);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, RENDERED.objects), objects);
  const lock = { renderer: 'helm', inputs: inputsOf(source), charts: [], objects: digestOf(objects) };
  writeFileSync(join(into, RENDERED.lock), JSON.stringify(lock));
  const findings = (options: ManifestsOptions): string[] => {
    try {
      inNamespace((stack) => Manifests.fromChart(stack, name, { chart, ...options }));
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };
  return { asItIs: findings({}), allowed: findings(ALLOWED) };
}

it('public charts install into a namespace, or every finding says where it is and what it is about', async () => {
  const names = readdirSync(CHARTS ?? '').filter((name) =>
    existsSync(join(CHARTS ?? '', name, 'Chart.yaml')),
  );
  const unclear: string[] = [];
  const rows: string[] = [];
  for (const name of names.filter((each) => (process.env['CHART'] ?? each) === each)) {
    const { asItIs, allowed } = await findingsOf(name);
    const about = (findings: readonly string[]): string =>
      [...new Set(findings.map((each) => ABOUT.find(([words]) => words.test(each))?.[1] ?? each))].join(', ');
    unclear.push(
      ...[...asItIs, ...allowed].filter(
        (each) => !/objects\.yaml:\d+:\d+|asks the cluster|each time/.test(each),
      ),
    );
    const options = asItIs.length === 0 ? 'unchanged' : `by options for: ${about(asItIs)}`;
    rows.push(`${name}: ${options}${allowed.length === 0 ? '' : ` | then needs: ${about(allowed)}`}`);
  }
  process.stdout.write(`${rows.join('\n')}\n`);
  expect(rows.length).toBeGreaterThan(0);
  expect(unclear).toEqual([]);
});
