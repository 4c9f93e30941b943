import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/aws-provider';
import { useKubernetes } from '../../../constructs/kubernetes/kubernetes-provider';
import { Namespace, type NamespaceOptions } from '../../../constructs/kubernetes/namespace';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesise } from '../../../constructs/terraform/synthesise';
import { kubernetesObjects, type KubernetesObject } from '../../../manifests/objects';
import type { TerraformDocument } from '../../../manifests/terraform-document';

/** What stands in for a value of AWS Secrets Manager, which nothing but Terraform may ever see. */
export const SECRET_VALUE = 'marked-secret-value';

export interface SynthesisedWithSecrets {
  /** Every file of the synthesised app, one after another. */
  readonly bytes: string;
  readonly document: TerraformDocument;
  object(kind: string): KubernetesObject | undefined;
}

/** What `build` puts into the namespace `shop`, with every value of AWS Secrets Manager read as `SECRET_VALUE`. */
export function withSecrets(
  build: (stack: BaseStack) => void,
  options: Partial<NamespaceOptions> = {},
): SynthesisedWithSecrets {
  const outdir = mkdtempSync(join(tmpdir(), 'secrets-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'shop');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(stack, { cluster: 'seed', region: 'eu-west-1' });
    new Namespace(stack, 'namespace', { name: 'shop', ...options });
    build(stack);
    synthesise(app);
    const bytes = ['manifest.json', 'stacks/shop/cdk.tf.json']
      .map((file) => readFileSync(join(outdir, file), 'utf8'))
      .join('\n');
    const document = JSON.parse(
      readFileSync(join(outdir, 'stacks/shop/cdk.tf.json'), 'utf8'),
    ) as TerraformDocument;
    const objects = kubernetesObjects(document, { resolve: () => SECRET_VALUE });
    return { bytes, document, object: (kind) => objects.find(({ object }) => object.kind === kind)?.object };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
