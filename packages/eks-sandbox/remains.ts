import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AwsQuery } from './aws-emulator/aws-query';
import type { Kubectl } from './kubectl';
import type { SandboxRecord } from './sandbox-record';

/** Kinds of which a cluster without a platform has none, or only those that Kubernetes and EKS make themselves. */
const KINDS = [
  'namespaces',
  'storageclasses',
  'persistentvolumes',
  'persistentvolumeclaims',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'networkpolicies',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
  'cronjobs',
  'services',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'ingresses',
  'clusterroles',
  'clusterrolebindings',
  'priorityclasses',
];

interface Remaining {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
}

/** Field managers of what is deployed: the Kubernetes provider's typed resources, its manifests, and server-side apply. */
const OUR_MANAGERS = ['HashiCorp', 'Terraform', 'sandbox'];

/** What Terraform, or server-side apply in its place, has made in the cluster and is still there. */
export async function remainsInCluster(kubectl: Kubectl): Promise<string[]> {
  const text = await kubectl.run([
    'get',
    KINDS.join(','),
    '--all-namespaces',
    '--show-managed-fields',
    '--output',
    'json',
  ]);
  const { items } = JSON.parse(text) as { items: Remaining[] };
  return items
    .filter(({ metadata }) =>
      metadata.managedFields?.some(({ manager }) => OUR_MANAGERS.includes(manager ?? '')),
    )
    .map(
      ({ kind, metadata: { namespace, name } }) =>
        `left in the cluster: ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
    );
}

type Inventory = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What is in the emulated account now and was not when it was new. */
export async function remainsInAccount(directory: string, record: SandboxRecord): Promise<string[]> {
  const before = baseline(directory);
  const aws = new AwsQuery(record.endpoint, record.region, record.credentials);
  const { status, body } = await aws.rest('sandbox', 'GET', '/__sandbox/inventory');
  if (status !== 200) throw new Error(`the sandbox does not list its inventory: ${status} ${body}`);
  const now = JSON.parse(body) as Inventory;
  if (isDeepStrictEqual(before, now)) return [];
  return Object.entries(now).flatMap(([service, models]) =>
    Object.entries(models).flatMap(([model, ids]) => {
      const known = new Set(before[service]?.[model]);
      return ids.filter((id) => !known.has(id)).map((id) => `left in the account: ${service} ${model} ${id}`);
    }),
  );
}

/** Takes IAM roles and users for what was there before any platform: they do not count as left behind. */
export function foundFromNowOn(directory: string, principals: readonly string[]): void {
  const before = baseline(directory);
  const iam = { ...before['iam'] };
  for (const arn of principals) {
    const kind = arn.includes(':user/') ? 'User' : 'Role';
    iam[kind] = [...(iam[kind] ?? []), arn];
  }
  writeFileSync(baselineFile(directory), `${JSON.stringify({ ...before, iam }, null, 2)}\n`);
}

function baseline(directory: string): Inventory {
  return JSON.parse(readFileSync(baselineFile(directory), 'utf8')) as Inventory;
}

/** What the account had when it was new. */
function baselineFile(directory: string): string {
  return join(directory, 'baseline.json');
}
