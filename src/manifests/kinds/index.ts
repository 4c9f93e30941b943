import { ACCESS } from './rbac-kinds';
import { CONFIGURATION } from './configuration-kinds';
import type { Kind } from './kind';
import { NETWORKING } from './networking-kinds';
import { POLICY } from './policy-kinds';
import { STORAGE } from './storage-kinds';
import { WORKLOADS } from './workload-kinds';

/** The Terraform types that stand for one Kubernetes object each, as hashicorp/kubernetes 2.38 has them. */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...CONFIGURATION,
  ...WORKLOADS,
  ...NETWORKING,
  ...STORAGE,
  ...ACCESS,
  ...POLICY,
};

/** The type whose attribute `manifest` is the object itself. */
export const MANIFEST = 'kubernetes_manifest';

const CHANGES_ANOTHERS = 'changes an object that something else creates, so there is no manifest of it';

/** Types of the provider that are known and have no manifest, each with the reason. */
export const WITHOUT_MANIFEST: Readonly<Record<string, string>> = {
  kubernetes_labels: CHANGES_ANOTHERS,
  kubernetes_annotations: CHANGES_ANOTHERS,
  kubernetes_env: CHANGES_ANOTHERS,
  kubernetes_node_taint: CHANGES_ANOTHERS,
  kubernetes_config_map_v1_data: CHANGES_ANOTHERS,
  kubernetes_secret_v1_data: CHANGES_ANOTHERS,
  kubernetes_token_request_v1: 'asks for a token and creates no object',
};

/** Why a Terraform type cannot be converted, and what to use instead. */
export function whyNot(type: string): string {
  const known = WITHOUT_MANIFEST[type];
  if (known !== undefined) return known;
  const named = type.replace('daemonset', 'daemon_set');
  const versioned = [`${named}_v1`, `${named}_v2`].find((name) => name in KINDS);
  return versioned === undefined
    ? `no conversion is known for this type; known: ${[...Object.keys(KINDS), MANIFEST].sort().join(', ')}`
    : `unversioned types are not supported: use ${versioned}`;
}
