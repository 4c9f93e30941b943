import { ResourceQuotaV1 } from '@cdktf/provider-kubernetes/lib/resource-quota-v1';
import { canonicalQuantity } from '@kubernetes-on-aws/eks-facts/quantity';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { Namespace } from './namespace';
import { objectName } from '../internal/names';
import { type Cpu, quantityError, type Size } from '../pods/quantity';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** Which Pods count. @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes */
export type QuotaScope = 'Terminating' | 'NotTerminating' | 'BestEffort' | 'NotBestEffort';

/** What a namespace may have in total, and which Pods count. */
export interface ResourceQuotaOptions extends ObjectOptions {
  /**
   * The most that all Pods of the namespace together may ask for or hold, such as
   * `{ 'requests.cpu': Cpu.units(4), 'requests.memory': Size.gibibytes(8), pods: 50 }`. A text has to be spelled as the API
   * server spells it: `500m`, `8Gi`.
   */
  readonly hard: Readonly<Record<string, Cpu | Size | number | string>>;
  /**
   * Only Pods to which all of them apply count. `BestEffort` can limit `pods` only.
   * @default - every Pod counts
   */
  readonly scopes?: readonly QuotaScope[];
  /** Only Pods of these PriorityClasses count. @default - Pods of every priority */
  readonly priorityClasses?: readonly string[];
}

/**
 * The ceiling of a namespace. Pods that do not say what it counts are refused: a LimitRange says it for them.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export class ResourceQuota extends Construct {
  readonly resource: ResourceQuotaV1;

  constructor(scope: Construct, id: string, options: ResourceQuotaOptions) {
    super(scope, id);
    const { hard, scopes = [], priorityClasses = [] } = options;
    this.node.addValidation({ validate: () => errors(options) });
    this.resource = new ResourceQuotaV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: objectName(this), namespace: Namespace.of(this).name }),
      spec: {
        hard: Object.fromEntries(Object.entries(hard).map(([key, amount]) => [key, spelled(amount)])),
        ...(scopes.length > 0 && { scopes: [...scopes] }),
        ...(priorityClasses.length > 0 && {
          scopeSelector: {
            matchExpression: [{ scopeName: 'PriorityClass', operator: 'In', values: [...priorityClasses] }],
          },
        }),
      },
    });
  }
}

/** An amount as it is sent. Of a number, digits only too, there is but one meaning: 1000 is sent as `1k`. */
function spelled(amount: Cpu | Size | number | string): string {
  const text = amount.toString();
  return /^\d+$/.test(text) ? (canonicalQuantity(text) ?? text) : text;
}

function errors({ hard }: ResourceQuotaOptions): string[] {
  const errors: string[] = [];
  if (Object.keys(hard).length === 0)
    errors.push('hard: got nothing, so that nothing is limited; name an amount');
  for (const [key, amount] of Object.entries(hard)) {
    const error = quantityError(`hard.${key}`, spelled(amount));
    if (error !== undefined) errors.push(error);
  }
  return errors;
}
