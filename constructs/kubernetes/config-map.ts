import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { MAIN_CHILD } from '../terraform/address';
import { literal } from '../terraform/literal';
import { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { Namespace } from './namespace';
import { objectName } from './names';

export interface ConfigMapOptions {
  /** Values by key; together under 1 MiB. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * A ConfigMap. It is immutable and its name ends in a hash of its content: a change makes a new one, and every Pod that uses
 * it is rolled, while the old one stays until the new Pods run.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export class ConfigMap extends Construct {
  readonly resource: ConfigMapV1;

  constructor(scope: Construct, id: string, options: ConfigMapOptions) {
    super(scope, id);
    const content = JSON.stringify(Object.entries(options.data).sort());
    this.node.addValidation({
      validate: () =>
        Buffer.byteLength(content) > 1024 * 1024
          ? [`data has ${Buffer.byteLength(content)} bytes; a ConfigMap holds 1048576`]
          : [],
    });
    this.resource = new ConfigMapV1(this, MAIN_CHILD, {
      metadata: {
        name: `${objectName(this)}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`,
        namespace: Namespace.of(this).name,
      },
      data: Object.fromEntries(Object.entries(options.data).map(([key, value]) => [key, literal(value)])),
      immutable: true,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  get name(): string {
    return this.resource.metadata.name;
  }
}
