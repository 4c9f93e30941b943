import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { Namespace } from './namespace';
import { objectName } from './names';

export interface ServiceAccountOptions {
  /**
   * Name of the account.
   * @default - from the path of the construct
   */
  readonly name?: string;
  /**
   * Whether its Pods get a token for the Kubernetes API.
   * @default false
   */
  readonly automountToken?: boolean;
}

/** The identity of a workload's Pods, with no token of the Kubernetes API unless asked for. */
export class ServiceAccount extends Construct {
  readonly resource: ServiceAccountV1;
  readonly automountToken: boolean;
  readonly namespace: Namespace;

  constructor(scope: Construct, id: string, options: ServiceAccountOptions = {}) {
    super(scope, id);
    this.automountToken = options.automountToken ?? false;
    this.namespace = Namespace.of(this);
    this.resource = new ServiceAccountV1(this, MAIN_CHILD, {
      metadata: { name: options.name ?? objectName(this), namespace: this.namespace.name },
      automountServiceAccountToken: this.automountToken,
    });
  }

  get name(): string {
    return this.resource.metadata.name;
  }
}
