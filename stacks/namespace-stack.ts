import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { AccessPoint } from '../constructs/aws/storage/access-point';
import { useAws } from '../constructs/aws/account/aws-provider';
import { useKubernetes } from '../constructs/kubernetes/provider/kubernetes-provider';
import { LimitRange } from '../constructs/kubernetes/namespaces/limit-range';
import { Namespace } from '../constructs/kubernetes/namespaces/namespace';
import { NetworkPolicy } from '../constructs/kubernetes/network/network-policy';
import { Cpu, Size } from '../constructs/kubernetes/pods/quantity';
import { ResourceQuota } from '../constructs/kubernetes/namespaces/resource-quota';
import { BaseStack } from '../constructs/terraform/base-stack';
import { Storefront } from '../workloads/storefront/storefront';
import { databaseLoginName, mediaName } from '../workloads/storefront/storefront-backing';
import { stateOf } from './stack-state';

/** A namespace with its guard rails, and the workloads that `platform.yaml` gives it. */
export class NamespaceStack extends BaseStack {
  constructor(app: App, name: string, platform: Platform) {
    super(app, name, stateOf(platform));
    useAws(this, { region: platform.region, platform: platform.name });
    useKubernetes(this, { cluster: platform.name, region: platform.region });
    const settings = platform.namespaces[name];
    if (!settings) throw new Error(`no namespace "${name}" in the platform`);
    const { nodes, podSecurity, quota, workloads } = settings;

    new Namespace(this, 'namespace', { name, nodes, podSecurity });
    NetworkPolicy.denyAll(this, 'default-deny');
    NetworkPolicy.allowDns(this, 'allow-dns');
    new ResourceQuota(this, 'quota', {
      hard: { 'requests.cpu': quota.cpu, 'requests.memory': quota.memory, pods: String(quota.pods) },
    });
    new LimitRange(this, 'limits', {
      defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
      defaultMemoryLimit: Size.mebibytes(256),
    });
    if (workloads.storefront) {
      const { loginRevision, ...storefront } = workloads.storefront;
      new Storefront(this, 'storefront', {
        ...storefront,
        imageRegistry: platform.imageRegistry,
        protect: platform.protect,
        databaseLogin: { secretName: databaseLoginName(platform.name, name), revision: loginRevision },
        media: AccessPoint.lookup(this, 'storefront-media', mediaName(platform.name, name)),
        mailHost: `email-smtp.${platform.region}.amazonaws.com`,
        vpcCidrs: [
          platform.network.cidr,
          ...(platform.network.secondaryCidr === undefined ? [] : [platform.network.secondaryCidr]),
        ],
      });
    }
  }
}
