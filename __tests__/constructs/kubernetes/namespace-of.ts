import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { useKubernetes } from '../../../constructs/kubernetes/provider/kubernetes-provider';
import { Namespace, type NamespaceOptions } from '../../../constructs/kubernetes/namespaces/namespace';
import { type AppContext, contextOf } from '../../../constructs/terraform/app-context';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';
import { kubernetesObjects, type KubernetesObject } from '../../../src/manifests/objects';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';

/** What stands in for a value of a Secret, which nothing but Terraform may ever see. */
export const SECRET_VALUE = 'marked-secret-value';

/** A synthesized stack: its Terraform JSON, and the Kubernetes objects that the provider would send for it. */
export interface Synthesized {
  /** Every file of the synthesized app, one after another. */
  readonly bytes: string;
  readonly document: TerraformDocument;
  object(kind: string, name?: string): KubernetesObject;
  /** All of a kind. */
  objects(kind: string): readonly KubernetesObject[];
}

/**
 * Synthesizes what `build` puts into the namespace `shop`, whose Pods run on node-1 and node-2. Values of Secrets
 * read as `SECRET_VALUE`.
 *
 * @param context what the app says; default: a cluster of the default version
 */
export function inNamespace(
  build: (stack: BaseStack) => void,
  options: Partial<NamespaceOptions> = {},
  context?: AppContext,
): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'namespace-'));
  try {
    const app = new App({ outdir, ...(context && { context: contextOf(context) }) });
    const stack = new BaseStack(app, 'shop');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(stack, { cluster: 'seed', region: 'eu-west-1' });
    new Namespace(stack, 'namespace', { name: 'shop', nodeGroups: ['node-1', 'node-2'], ...options });
    build(stack);
    synthesize(app);
    const [manifest = '', stackJson = ''] = ['manifest.json', 'stacks/shop/cdk.tf.json'].map((file) =>
      readFileSync(join(outdir, file), 'utf8'),
    );
    const document = JSON.parse(stackJson) as TerraformDocument;
    const resolve = (expression: string): string | undefined =>
      /ephemeral\.|^var\./.test(expression) ? SECRET_VALUE : undefined;
    const objects = kubernetesObjects(document, { resolve }).map(({ object }) => object);
    return {
      bytes: `${manifest}\n${stackJson}`,
      document,
      objects: (kind) => objects.filter((object) => object.kind === kind),
      object: (kind, name) => {
        const found = objects.filter(
          (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
        );
        const [first] = found;
        if (!first || found.length > 1) {
          throw new Error(`${found.length} objects are a ${kind} ${name ?? ''}; one is expected`);
        }
        return first;
      },
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** What synthesis finds wrong with what `build` puts into the namespace `shop`, a line each. */
export function findings(build: (stack: BaseStack) => void): string[] {
  try {
    inNamespace(build);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}
