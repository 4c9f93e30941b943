import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Token } from 'cdktf';
import { isIP } from 'node:net';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { NamedObject, objectName } from '../internal/names';
import { Namespace } from '../namespaces/namespace';
import { MANAGED, metadata, type ObjectOptions } from '../internal/metadata';

/** The host that a Service is another name for. */
export interface ExternalNameOptions extends ObjectOptions {
  /** DNS name of the host, such as `database.example.com`. */
  readonly externalName: string;
}

/**
 * A Service of type ExternalName: another DNS name for a host outside the cluster. Nothing listens on it, so that it has no
 * ports and nothing can be routed to it; the DNS answers with the other name.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#externalname
 */
export class ExternalName extends NamedObject<ServiceV1> {
  constructor(scope: Construct, id: string, options: ExternalNameOptions) {
    super(scope, id);
    const { externalName, name = objectName(this) } = options;
    this.node.addValidation({
      validate: () =>
        !Token.isUnresolved(externalName) && isIP(externalName) !== 0
          ? [
              `externalName "${externalName}" is an address, which the DNS would look up as a name; use a Service and its backedBy()`,
            ]
          : [],
    });
    this.resource = new ServiceV1(this, MAIN_CHILD, {
      metadata: metadata(options, {
        name,
        namespace: Namespace.of(this).name,
        labels: { 'app.kubernetes.io/name': name, ...MANAGED },
      }),
      spec: { type: 'ExternalName', externalName },
    });
  }
}
