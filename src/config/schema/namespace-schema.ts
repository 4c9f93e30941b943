import * as z from 'zod/mini';
import { described, listOf, mapping, oneOf, wholeNumber } from './form';
import type { WorkloadKeys } from '../workload-keys';
import { PRINCIPAL_ARN } from './principal-schema';
import { BYTES, CPU, quantity } from './quantity-schema';

/** DNS-1123 label. */
export const NAMESPACE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const quota = mapping({
  cpu: z._default(
    described(
      quantity('an amount of CPU in quotes, such as "4" or "500m"', CPU),
      'CPU that all Pods together may request.',
    ),
    '4',
  ),
  memory: z._default(
    described(
      quantity('an amount of memory, such as 8Gi or 512Mi', BYTES),
      'Memory that all Pods together may request.',
    ),
    '8Gi',
  ),
  pods: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      'Number of Pods that are not finished.',
    ),
    50,
  ),
});

/** The options of each workload of a namespace, by the workload's name. */
type Workloads = z.ZodMiniType<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;

/** `namespaces.<name>.workloads`: each workload by its name, with the keys that it declares. */
function workloadsSchema(workloads: readonly WorkloadKeys[]): Workloads {
  const shape = Object.fromEntries(
    workloads.map(({ name, description, options }) => [
      name,
      z.exactOptional(described(mapping(options), description)),
    ]),
  );
  return mapping(shape);
}

/** `namespaces.<name>`. */
export const namespaceSchema = (workloads: readonly WorkloadKeys[]) =>
  mapping({
    nodes: described(
      listOf(
        z.string('expected the name of a node'),
        1,
        'a list of at least one name of a node, such as [node-1]',
      ),
      'Node groups that the Pods may run on: names under nodes.',
    ),
    podSecurity: z._default(
      described(oneOf(['restricted', 'baseline']), 'Pod Security Standard that the namespace enforces.'),
      'restricted',
    ),
    adopt: z._default(
      described(
        z.boolean('expected true or false'),
        'Whether the plan imports the objects of the namespace that the cluster has already, instead of creating them.',
      ),
      false,
    ),
    quota: z.prefault(described(quota, 'The most that all Pods may request together.'), {}),
    teams: z._default(
      described(
        z
          .record(
            z.string(),
            oneOf(['view', 'edit', 'admin']),
            'expected a mapping from ARNs of IAM roles or users to view, edit or admin',
          )
          .register(z.globalRegistry, { propertyNames: { pattern: PRINCIPAL_ARN.source } }),
        'What IAM roles and users may do in the namespace, by their ARN: view, edit, or admin.',
      ),
      {},
    ),
    workloads: z._default(described(workloadsSchema(workloads), 'What runs in the namespace.'), {}),
  });
