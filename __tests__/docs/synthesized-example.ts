import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { useAws } from '../../constructs/aws/account/aws-provider';
import { useKubernetes } from '../../constructs/kubernetes/provider/kubernetes-provider';
import { Namespace } from '../../constructs/kubernetes/namespaces/namespace';
import { BaseStack } from '../../constructs/terraform/base-stack';
import { synthesize } from '../../constructs/terraform/synthesize';
import { type AddressedObject, type KubernetesObject, kubernetesObjects } from '../../src/manifests/objects';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import type { Block, Page } from './page';

/** What a function puts into a stack. */
export type Example = (stack: BaseStack) => void;

/** The examples of each page, which are compiled once. */
const compiled = new WeakMap<Page, Readonly<Record<string, Example>>>();

/** A synthesized stack: its Terraform JSON, and the Kubernetes objects of it. */
export interface Synthesized {
  readonly document: TerraformDocument;
  readonly objects: readonly AddressedObject[];
}

/**
 * Synthesizes a stack with the Kubernetes provider and the namespace `shop`, whose Pods run on node-1 and node-2.
 *
 * @throws SynthesisError with what is wrong with it
 */
export function synthesized(example: Example): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'shop');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(stack, { cluster: 'seed', region: 'eu-west-1' });
    new Namespace(stack, 'namespace', { name: 'shop', nodeGroups: ['node-1', 'node-2'] });
    example(stack);
    synthesize(app);
    const file = join(outdir, 'stacks/shop/cdk.tf.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as TerraformDocument;
    // The value of an expression is unknown here. The comparison holds the expression itself.
    return { document, objects: kubernetesObjects(document, { resolve: (expression) => expression }) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The Kubernetes objects of an example, by kind and name, as `synthesized` puts them into a stack. */
export const objectsOf = (page: Page, block: Block): KubernetesObject[] => sorted(exampleOf(page, block));

/** The Kubernetes objects that `synthesized` gets of an example, by kind and name. */
export function sorted(example: Example): KubernetesObject[] {
  const nameOf = ({ kind, metadata: { name = '' } }: KubernetesObject): string => `${kind} ${name}`;
  return synthesized(example)
    .objects.map(({ object }) => object)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

/** What an example of a page puts into a stack. */
export function exampleOf(page: Page, { line }: Block): Example {
  const example = examplesOf(page)[`example${line}`];
  if (!example) throw new Error(`${page.path}:${line} is no example`);
  return example;
}

function examplesOf(page: Page): Readonly<Record<string, Example>> {
  let examples = compiled.get(page);
  if (!examples) {
    const { outputText } = ts.transpileModule(page.module, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    const load = (module: string): unknown =>
      jest.requireActual(module.startsWith('.') ? resolve(page.folder, module) : module);
    const exported: Record<string, Example> = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the pages are the project's own
    const run = new Function('require', 'exports', outputText) as (
      require: typeof load,
      exports: typeof exported,
    ) => void;
    run(load, exported);
    compiled.set(page, (examples = exported));
  }
  return examples;
}
