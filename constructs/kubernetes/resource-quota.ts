import { ResourceQuotaV1 } from '@cdktf/provider-kubernetes/lib/resource-quota-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { Namespace } from './namespace';
import { objectName } from './names';

export interface ResourceQuotaOptions {
  /** The most that all Pods of the namespace together may ask for or hold, such as `{ 'requests.cpu': '4', pods: '50' }`. */
  readonly hard: Readonly<Record<string, string>>;
}

/** The ceiling of a namespace. @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
export class ResourceQuota extends Construct {
  readonly resource: ResourceQuotaV1;

  constructor(scope: Construct, id: string, options: ResourceQuotaOptions) {
    super(scope, id);
    this.resource = new ResourceQuotaV1(this, MAIN_CHILD, {
      metadata: { name: objectName(this), namespace: Namespace.of(this).name },
      spec: { hard: { ...options.hard } },
    });
  }
}
