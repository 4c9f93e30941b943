import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App } from 'cdktf';
import { Construct } from 'constructs';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import * as namespace from './samples/namespace';

const SAMPLES = join(__dirname, 'samples');

const WORKLOAD_OPTIONS = join(__dirname, 'workload-options.ts');

/** Options that change nothing where they are given, each with the reason. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'cron-job.ts suspend: true': 'customize() sets it again',
  'deployment.ts min: 2': 'the default',
  "ingress.ts className: 'alb'": 'the default',
  "ingress.ts pathType: 'Prefix'": 'the default',
  "ingress.ts scheme: 'internal'": 'the default',
  'ingress.ts tls: false': 'the default, which is to be said of what the internet reaches',
  "persistent-volume.ts accessMode: 'ReadWriteOnce'": 'the default',
  "persistent-volume.ts reclaimPolicy: 'Retain'": 'the default',
  'pod-disruption-budget.ts budget: { maxUnavailable: 1 }': 'the default',
  'priority-class.ts preempts: true': 'the default',
  'replica-set.ts budget: false': 'the default of no replica',
  'replica-set.ts budget: { maxUnavailable: 1 }': 'the default',
  "secret.ts type: 'Opaque'": 'the default',
  'secret.ts arn: SECRET_NAME': 'the name of the secret once more',
  "service.ts protocol: 'TCP'": 'the default',
  "service.ts type: 'ClusterIP'": 'the default',
  "service.ts scheme: 'internal'": 'the default',
  'stateful-set.ts minReadySeconds: 2': 'customize() sets it again',
  'validating-admission-policy.ts validations: [': 'of the sample with the defaults',
  "validating-admission-policy.ts expression: '!object.spec.?hostNetwork.orValue(false)'":
    'of the sample with the defaults',
  'validating-admission-policy.ts messageExpression: \'"no Pod on the network of its node"\'':
    'of the sample with the defaults',
  'workload-options.ts resources': 'the defaults',
  "workload-options.ts imagePullPolicy: 'IfNotPresent'": 'the default',
  "workload-options.ts scheme: 'HTTP'": 'the default',
};

interface Module {
  everything: (scope: Construct) => unknown;
}

/**
 * A module of this text, in the place of the file.
 *
 * @param replaced modules of others, by their paths without an extension
 */
function moduleOf(file: string, text: string, replaced: Readonly<Record<string, unknown>> = {}): Module {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const exported = {};
  const load = (name: string): unknown => {
    const path = name.startsWith('.') ? resolve(dirname(file), name) : name;
    return replaced[path] ?? jest.requireActual<object>(path);
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is that of a file of this folder
  const run = new Function('exports', 'require', '__dirname', outputText) as (...args: unknown[]) => void;
  run(exported, load, dirname(file));
  return exported as Module;
}

let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'options-'));
});

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

/** The Terraform JSON of a sample, or what is wrong with it. */
function bytesOf({ everything }: Module): string {
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'everything');
  useAws(stack, { region: 'eu-west-1', platform: 'samples' });
  new KubernetesProvider(stack, 'kubernetes', { configPath: 'kubeconfig' });
  try {
    namespace.everything(stack);
    everything(new Construct(stack, 'sample'));
    const errors = stack.node.findAll().flatMap(({ node }) => node.validate());
    return errors.length > 0 ? `errors: ${errors.join('\n')}` : JSON.stringify(stack.toTerraform());
  } catch (error) {
    return `thrown: ${String(error)}`;
  }
}

interface Option {
  /** The file and the option as it is written there. */
  readonly name: string;
  /** The text of the file without it. */
  readonly without: string;
}

/** Every option that is given in object literals of any depth, but for those of the sample with the defaults. */
function optionsIn(file: string, text: string): Option[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Option[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === 'defaults') return;
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const [first = ''] = node.getText().split('\n');
      const rest = text.slice(node.end).replace(/^\s*,/, '');
      found.push({ name: `${basename(file)} ${first}`, without: text.slice(0, node.getStart()) + rest });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The text, in which no method is called on what `new` makes. */
function withoutCalls(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const constructed = (node: ts.Node): ts.Node | undefined => {
    if (ts.isNewExpression(node)) return node;
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
    return constructed(node.expression.expression);
  };
  const print = (node: ts.Node): string => {
    const made = ts.isCallExpression(node) ? constructed(node) : undefined;
    if (made) return print(made);
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    let [printed, at] = ['', node.getFullStart()];
    for (const child of children) {
      printed += text.slice(at, child.getFullStart()) + print(child);
      at = child.end;
    }
    return printed + text.slice(at, node.end);
  };
  return print(source);
}

/** The options whose absence changes nothing, without a reason. */
function silent(file: string, text: string, bytes: (text: string) => string): string[] {
  const whole = bytes(text);
  return optionsIn(file, text)
    .filter(({ name, without }) => !(name in WITHOUT_EFFECT) && bytes(without) === whole)
    .map(({ name }) => name);
}

const samples = readdirSync(SAMPLES)
  .filter((file) => file.endsWith('.ts') && file !== 'namespace.ts')
  .map((file) => join(SAMPLES, file));

describe('every option changes the bytes, or its absence is an error,', () => {
  it.each(samples.map((file) => [basename(file), file]))('in %s', (_, file) => {
    const text = readFileSync(file, 'utf8');
    const bytes = (each: string): string => bytesOf(moduleOf(file, each));
    expect(bytes(text)).toMatch(/^\{/);
    expect(silent(file, text, bytes)).toEqual([]);
  });

  it.each(samples.map((file) => [basename(file), file]))('in %s, if no method is called', (_, file) => {
    const text = withoutCalls(file, readFileSync(file, 'utf8'));
    const bytes = (each: string): string => bytesOf(moduleOf(file, each));
    // Where a method has to be called, its absence is the error.
    expect(bytes(text).startsWith('{') ? silent(file, text, bytes) : []).toEqual([]);
  });

  it('of a container and of Pods', () => {
    const file = join(SAMPLES, 'deployment.ts');
    const sample = readFileSync(file, 'utf8');
    const path = WORKLOAD_OPTIONS.replace(/\.ts$/, '');
    const found = silent(WORKLOAD_OPTIONS, readFileSync(WORKLOAD_OPTIONS, 'utf8'), (text) =>
      bytesOf(moduleOf(file, sample, { [path]: moduleOf(WORKLOAD_OPTIONS, text) })),
    );
    expect(found).toEqual([]);
  });
});
