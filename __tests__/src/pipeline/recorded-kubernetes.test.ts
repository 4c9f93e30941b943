import { readFileSync } from 'node:fs';
import type { Stack } from '../../../src/manifests/stacks';
import { synthesizedStacks } from '../checks/synthesized-stacks';
import { recordedPlan, stopped } from './recorded-plan';

let documents: Stack[];

beforeAll(() => {
  documents = synthesizedStacks(readFileSync('platform.yaml', 'utf8'));
}, 120_000);

const UNPROTECTED = 'takes away its prevent_destroy: Terraform would no longer refuse to destroy it';

describe('a loss of data', () => {
  it('is reported for what keeps it, and for a Namespace, which removes its protections', () => {
    const { plan } = recordedPlan('stack-destroyed');
    const kinds = plan.resource_changes?.map(({ type }) => type);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'kubernetes_resource_quota_v1',
        'kubernetes_network_policy_v1',
        'kubernetes_deployment_v1',
      ]),
    );
    expect(stopped('stack-destroyed')).toEqual({
      'data-loss dev/kubernetes_namespace_v1.namespace':
        'destroys the Namespace dev, with all that runs and is kept in it',
      'data-loss dev/kubernetes_persistent_volume_claim_v1.storefront_media':
        'destroys the PersistentVolumeClaim dev/storefront-media, with the data of its volume',
      'data-loss dev/kubernetes_persistent_volume_v1.storefront_pictures':
        'destroys the PersistentVolume dev-storefront-pictures, by which a claim finds its data',
      'data-loss dev/kubernetes_stateful_set_v1.storefront_database':
        'destroys the StatefulSet dev/storefront-database, with its Pods, and with what keeps their data',
      'protection dev/kubernetes_stateful_set_v1.storefront_database': UNPROTECTED,
    });
  });

  it('is reported for a StatefulSet that would be replaced', () => {
    expect(stopped('database-replaced')).toEqual({
      'data-loss dev/kubernetes_stateful_set_v1.storefront_database':
        'replaces the StatefulSet dev/storefront-database, with its Pods, and with what keeps their data: ' +
        'its spec.selector.match_labels changes',
      'protection dev/kubernetes_stateful_set_v1.storefront_database': UNPROTECTED,
    });
  });

  it('is reported for the StorageClass of claims that name none', () => {
    expect(stopped('admission-weakened', 'data-loss')).toEqual({
      'platform/kubernetes_storage_class_v1.gp3':
        'destroys the StorageClass gp3, by which every claim that names no class gets volumes',
    });
  });
});

describe('the opening of a network', () => {
  it('is reported for load balancers, isolation, sources', () => {
    const lost = (way: string): string =>
      `takes away the isolation of Pods for ${way}: no other NetworkPolicy isolates every Pod of dev`;
    expect(stopped('workload-opened')).toEqual({
      'exposure dev/kubernetes_ingress_v1.storefront_shop':
        'puts the load balancer of the Ingress on the internet, for 0.0.0.0/0, ::/0',
      'exposure dev/kubernetes_service_v1.storefront_partners':
        'puts the load balancer of the Service on the internet, for 0.0.0.0/0',
      'exposure dev/kubernetes_network_policy_v1.default_deny': `${lost('ingress')}; ${lost('egress')}`,
      'exposure dev/kubernetes_network_policy_v1.storefront_api_from_10_0_0_0_16':
        'lets 198.51.100.0/24 reach TCP 8080 of the Pods that it selects',
      'exposure dev/kubernetes_network_policy_v1.storefront_web_from_10_0_0_0_16':
        'allows all ingress of the Pods that it selects',
    });
  });

  it('is not reported for an exception to a denial that is removed; without the denial it is', () => {
    const { plan } = recordedPlan('exception-to-denial-destroyed');
    expect(plan.resource_changes?.map(({ change }) => change.actions)).toEqual([['delete']]);
    expect(stopped('exception-to-denial-destroyed', undefined, { documents })).toEqual({});
    expect(stopped('exception-to-denial-destroyed', undefined, { documents: [] })).toEqual({
      'exposure dev/kubernetes_network_policy_v1.storefront_api_from_storefront_web':
        'takes away the isolation of Pods for ingress: no other NetworkPolicy isolates every Pod of dev',
    });
  });
});

describe('new rights in the cluster', () => {
  it('are reported, each with its subject and its rights', () => {
    expect(stopped('cluster-rights-widened')).toEqual({
      'rights dev/kubernetes_cluster_role_binding_v1.storefront_report_reads_nodes':
        'gives the ClusterRole dev-storefront-node-reader to Group system:authenticated in the whole cluster',
      'rights dev/kubernetes_cluster_role_binding_v1.worker_is_admin':
        'gives the ClusterRole cluster-admin to ServiceAccount dev/storefront-worker in the whole cluster',
      'rights dev/kubernetes_cluster_role_v1.storefront_node_reader': 'allows * on *.*',
      'rights dev/kubernetes_namespace_v1.namespace':
        'loosens the Pod Security Standard of dev from restricted to baseline',
      'rights dev/kubernetes_role_v1.storefront_worker_account_reader': 'allows get, list on secrets',
    });
  });

  it('of a new workload pass if they are named, and not if they cover all', () => {
    expect(recordedPlan('workload-added').plan.resource_changes?.map(({ address }) => address)).toEqual(
      expect.arrayContaining([
        'kubernetes_role_v1.mailer',
        'kubernetes_role_binding_v1.mailer',
        'kubernetes_service_account_v1.mailer',
      ]),
    );
    expect(stopped('workload-added')).toEqual({
      'rights dev/kubernetes_role_v1.mailer_all': 'allows list on secrets; allows * on *.*',
    });
  });
});

describe('the removal of a protection', () => {
  it('is reported for budgets while their Pods stay, quotas, limits, retention', () => {
    const others = {
      'protection dev/kubernetes_limit_range_v1.limits':
        'lets Pods of the namespace run without requests and limits',
      'protection dev/kubernetes_resource_quota_v1.quota': 'lets the namespace take all of the cluster',
      'protection dev/kubernetes_persistent_volume_v1.storefront_pictures':
        'deletes the data together with the claim, and keeps it no longer',
      'protection dev/kubernetes_stateful_set_v1.storefront_database':
        'deletes the data of its Pods together with it, and keeps it no longer',
    };
    expect(stopped('protections-removed', undefined, { documents })).toEqual({
      ...others,
      'protection dev/kubernetes_pod_disruption_budget_v1.storefront_web_budget':
        'lets all Pods that it selects be evicted at once',
    });
    expect(stopped('protections-removed', undefined, { documents: [] })).toEqual(others);
  });

  it('is reported for policies of admission', () => {
    expect(stopped('admission-weakened', 'protection')).toEqual({
      'platform/kubernetes_manifest.placement_daemon_sets': expect.stringMatching(
        /^no longer refuses what does not meet: variables\.terms\.size\(\) > 0 && /,
      ) as string,
      'platform/kubernetes_manifest.placement_pods': 'lets in what the policy fails on',
      'platform/kubernetes_manifest.placement_pods_binding': 'no longer does: Deny',
    });
  });

  it('is not reported for a policy that covers one more namespace', () => {
    expect(recordedPlan('namespace-admitted').plan.resource_changes).toHaveLength(2);
    expect(stopped('namespace-admitted')).toEqual({});
  });
});

describe('the exposure of a secret', () => {
  it('is reported with its place, and without its value', () => {
    const literal = 'whose name says that it is a secret; take it from a Secret';
    expect(stopped('secrets-shown')).toEqual({
      'secret dev/kubernetes_config_map_v1.storefront_settings': `holds a literal in the key db-password, ${literal}`,
      'secret dev/kubernetes_deployment_v1.storefront_web': `holds a literal in the variable SHOP_API_TOKEN of the container web, ${literal}`,
      'secret dev/kubernetes_secret_v1.storefront_database_login':
        'writes the secret value of data into the state, where data_wo keeps it out',
    });
  });
});

describe('a new stack', () => {
  it('stops the plan for what reaches beyond it', () => {
    const created = recordedPlan('stack-created');
    expect(created.plan.resource_changes?.length).toBeGreaterThan(10);
    expect(Object.keys(stopped('stack-created')).sort()).toEqual([
      'exposure dev/kubernetes_ingress_v1.storefront_shop',
      'rights dev/kubernetes_cluster_role_binding_v1.everybody',
      // The recording leaves its ServiceAccount out.
      'rights dev/kubernetes_cluster_role_binding_v1.storefront_report_reads_nodes',
    ]);
  });
});
