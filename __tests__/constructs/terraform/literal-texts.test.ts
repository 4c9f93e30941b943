import { App, Fn, TerraformElement, TerraformLocal, TerraformVariable } from 'cdktf';
import { DataResource } from 'cdktf/lib/terraform-data-resource';
import type { Construct as AnyConstruct } from 'constructs';
import { type IConstruct } from 'constructs';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { Construct, verbatim } from '../../../constructs/terraform/construct';
import { resolveLiterally } from '../../../constructs/terraform/fast-tokens';
import { expression } from '../../../constructs/terraform/literal';
import { synthesize } from '../../../constructs/terraform/synthesize';
import { PlatformApp } from '../../../src/platform/platform-app';
import main from '../../../main';
import { EVERY_OPTION } from '../../iam/every-option';
import { parsePlatform } from '../../own-platform';
import { SAMPLE_SETS, SampleStack } from '../kubernetes/sample-stack';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env.CI === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'literal-texts-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A construct of the library, whose one element gets what a test gives it. */
class Holder extends Construct {
  readonly resource: DataResource;

  constructor(scope: AnyConstruct, id: string, input: unknown) {
    super(scope, id);
    this.resource = new DataResource(this, 'Resource', { input: input as Record<string, unknown> });
  }
}

/** Terraform's answer to what `terraform_data.it` has as its input. */
function asTerraformReadsIt(build: (stack: BaseStack) => void): unknown {
  const app = new App({ outdir: folder });
  build(new BaseStack(app, 'it'));
  synthesize(app);
  const cwd = join(folder, 'stacks', 'it');
  const terraform = (...args: string[]): string =>
    execFileSync('terraform', args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1e9,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  terraform('init');
  terraform('plan', '-out=plan');
  const { planned_values: planned } = JSON.parse(terraform('show', '-json', 'plan')) as {
    planned_values: { root_module: { resources: { address: string; values: { input: unknown } }[] } };
  };
  return planned.root_module.resources.find(({ address }) => address === 'terraform_data.it')?.values.input;
}

/** Texts that are full of what Terraform could take for a template. */
const text = fc
  .array(fc.constantFrom('${', '%{', '$', '%', '{', '}', '$${', '"', '\\', '\n', 'x', ' ', '~}', 'é'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));
/** The arguments of CDKTF's functions take no quotes and backslashes. */
const plainer = text.map((given) => given.replaceAll(/["\\\n]/g, ''));

/** A value of an option, and what it has to be in the end; `red` is what its token stands for. */
type Case = (token: string) => { readonly value: unknown; readonly expected: unknown };

const strings: fc.Arbitrary<(token: string) => readonly [string, string]> = fc.oneof(
  text.map((given) => () => [given, given] as const),
  fc.tuple(text, text, text).map(
    ([a, b, c]) =>
      (token: string) =>
        [`${a}${token}${b}${token}${c}`, `${a}red${b}red${c}`] as const,
  ),
  fc.tuple(plainer, plainer).map(
    ([a, b]) =>
      (token: string) =>
        [Fn.join('+', [a, Fn.upper(token), Fn.join('', [token, b])]), `${a}+RED+red${b}`] as const,
  ),
  text.map((a) => () => [`${a}${expression('upper("red")')}`, `${a}RED`] as const),
);

const cases: fc.Arbitrary<Case> = fc.oneof(
  strings.map((make) => (token: string) => {
    const [value, expected] = make(token);
    return { value, expected };
  }),
  fc.tuple(strings, strings).map(([key, each]) => (token: string) => {
    const [name, became] = key(token);
    const [value, expected] = each(token);
    return { value: { [`k${name}`]: [value] }, expected: { [`k${became}`]: [expected] } };
  }),
);

(hasTerraform ? describe : describe.skip)('Terraform (skipped where terraform is missing)', () => {
  it('reads each text of an option as written, beside tokens, in keys, in functions, and resolved twice', () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 150, maxLength: 150 }), (all) => {
        let expected: unknown[] = [];
        const found = asTerraformReadsIt((stack) => {
          const token = new TerraformVariable(stack, 'color', { default: 'red' }).stringValue;
          const made = all.map((each) => each(token));
          expected = made.map((each) => each.expected);
          const values = made.map((each) => each.value);
          const twice = verbatim(resolveLiterally(stack, values) as unknown[]);
          new Holder(stack, 'it', { values, twice });
        });
        expect(found).toEqual({ values: expected, twice: expected });
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('evaluates templates of addOverride(), and those of elements of a CDKTF class', () => {
    const found = asTerraformReadsIt((stack) => {
      new TerraformLocal(stack, 'color', 'red');
      const { resource } = new Holder(stack, 'it', { kept: '${local.color}', list: ['%{a}'] });
      resource.addOverride('input.overridden', '${local.color}');
      resource.addOverride('input.list', ['$${b}', { '${local.color}': '%{ if true }c%{ endif }' }]);
    });
    expect(found).toEqual({
      kept: '${local.color}',
      overridden: 'red',
      list: ['%{a}', '${b}', { red: 'c' }],
    });
    rmSync(folder, { recursive: true });
    const own = asTerraformReadsIt((stack) => {
      new TerraformLocal(stack, 'color', 'red');
      new DataResource(stack, 'it', { input: { text: '${local.color}' } });
    });
    expect(own).toEqual({ text: 'red' });
  });
});

/** Adds to each text of each argument what Terraform would take for a template. */
function withTemplates(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('TfToken') ? value : `${value}\${x}%{y}`;
  if (typeof value !== 'object' || value === null || 'resolve' in value) return value;
  if (Array.isArray(value)) return value.map(withTemplates);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withTemplates(each)]));
}

/** The paths of elements that have a text with a template in it. */
function withTemplateIn(tree: IConstruct): string[] {
  for (const element of tree.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    const toTerraform = element.toTerraform.bind(element) as () => Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    element.toTerraform = () => {
      const block = toTerraform();
      for (const kind of ['resource', 'data', 'ephemeral', 'provider']) {
        const found = block[kind];
        if (found) return { [kind]: withTemplates(found) };
      }
      return block;
    };
  }
  const stacks = tree.node.findAll().filter((each) => each instanceof BaseStack);
  return stacks.flatMap((stack) => {
    const document = stack.toTerraform();
    return Object.entries(document)
      .flatMap(([kind, types]) =>
        Object.entries(types as object).flatMap(([type, named]) =>
          Object.entries(named as object).map(([name, body]) => [
            `${kind}.${type}.${name}`,
            JSON.stringify(body),
          ]),
        ),
      )
      .filter(([, body]) => /(?<!\$)\$\{x\}/.test(body ?? '') || /(?<!%)%\{y\}/.test(body ?? ''))
      .map(([path = '']) => path);
  });
}

it('each argument of each Kubernetes object of the library is escaped', () => {
  const app = new App({ outdir: folder });
  for (const set of SAMPLE_SETS) new SampleStack(app, set, 'kubeconfig');
  // The sample's own provider, which is CDKTF's own class.
  expect(withTemplateIn(app)).toEqual(['provider.kubernetes.0', 'provider.kubernetes.0']);
});

it('each argument of the AWS resources of the platform is escaped', () => {
  const platform = parsePlatform(EVERY_OPTION, 'platform.yaml', { today: new Date('2026-11-23') });
  const app = new PlatformApp(platform, { workloads: main.workloads, outdir: folder });
  expect(withTemplateIn(app)).toEqual([]);
});

it('an expression with the braces of a template is refused', () => {
  expect(() => expression('${var.region}')).toThrow(
    'expression(): got "${var.region}"; write only what is between ${ and }',
  );
  const stack = new BaseStack(new App({ outdir: folder }), 'it');
  const region = new TerraformVariable(stack, 'region', {}).stringValue;
  new Holder(stack, 'it', { upper: expression(`upper(${region})`), same: expression(region) });
  expect(stack.toTerraform().resource?.['terraform_data']?.['it']?.['input']).toEqual({
    upper: '${upper(var.region)}',
    same: '${var.region}',
  });
});
