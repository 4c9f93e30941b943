import type { App } from 'cdktf';
import { Construct } from 'constructs';
import { LimitRange } from '../constructs/kubernetes/namespaces/limit-range';
import { Namespace } from '../constructs/kubernetes/namespaces/namespace';
import { NetworkPolicy } from '../constructs/kubernetes/network/network-policy';
import { Cpu, Size } from '../constructs/kubernetes/pods/quantity';
import { ResourceQuota } from '../constructs/kubernetes/namespaces/resource-quota';
import type { NamespaceSettings, Platform } from '../src/config/platform';
import { Cidr } from '../src/facts/cidr';
import { describeThrown } from '../src/facts/thrown';
import type { RegisteredWorkload } from '../src/platform/registry';
import { Stack } from './stack';

/** A namespace with its guard rails, and the workloads that `platform.yaml` gives it: their objects in Kubernetes and in AWS. */
export class NamespaceStack extends Stack {
  /** @param registered the platform's workloads, each after those that it uses */
  constructor(app: App, name: string, platform: Platform, registered: readonly RegisteredWorkload[]) {
    super(app, name, platform, { kubernetes: true });
    const settings = platform.namespaces[name];
    if (!settings) throw new Error(`no namespace "${name}" in the platform`);
    const { nodes, podSecurity, quota } = settings;

    new Namespace(this, 'namespace', {
      name,
      nodeGroups: nodes,
      podSecurity,
    });
    NetworkPolicy.denyAll(this, 'default-deny');
    NetworkPolicy.allowDns(this, 'allow-dns');
    new ResourceQuota(this, 'quota', {
      hard: { 'requests.cpu': quota.cpu, 'requests.memory': quota.memory, pods: String(quota.pods) },
    });
    new LimitRange(this, 'limits', {
      defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
      defaultMemoryLimit: Size.mebibytes(256),
    });
    this.build(registered, { ...settings, name });
  }

  /** Builds the workloads of the namespace. One that throws is a finding, and does not hide those of the others. */
  private build(
    registered: readonly RegisteredWorkload[],
    namespace: NamespaceSettings & { readonly name: string },
  ): void {
    const { platform } = this;
    const { network } = platform;
    const parts = new Map<RegisteredWorkload, unknown>();
    const failed = new Set<RegisteredWorkload>();
    for (const workload of registered) {
      const options = namespace.workloads[workload.name];
      if (options === undefined) continue;
      const scope = new Construct(this, workload.name);
      // What is wrong with a used one is told there.
      if (Object.values(workload.uses).some((used) => failed.has(used))) {
        failed.add(workload);
        continue;
      }
      try {
        const built = workload.build(scope, options, {
          platform,
          namespace,
          vpcRanges: [network.cidr, ...(network.secondaryCidr === undefined ? [] : [network.secondaryCidr])],
          // The first address of the Services is that of the Service `kubernetes`.
          apiServerRange: `${new Cidr(platform.cluster.serviceCidr).at(1)}/32`,
          image: (name, tag) => `${platform.imageRegistry}/${name}:${tag}`,
          uses: Object.fromEntries(
            Object.entries(workload.uses).map(([key, used]) => [key, parts.get(used)]),
          ),
        });
        if (built instanceof Promise) {
          // What it declares later would be in no stack.
          built.catch(() => undefined);
          throw new TypeError('build() returned a promise, and must declare everything before it returns');
        }
        parts.set(workload, built);
      } catch (error) {
        failed.add(workload);
        const finding =
          `build() of the workload failed with ${describeThrown(error)}; ` +
          `correct it, or remove ${workload.name} from the workloads of the namespace`;
        scope.node.addValidation({ validate: () => [finding] });
      }
    }
  }
}
