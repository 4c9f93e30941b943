import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { Construct } from 'constructs';
import { DevicePlugin, groupsWithoutPlugin } from '../constructs/kubernetes/devices/device-plugin';
import { EventCollector } from '../constructs/kubernetes/observability/event-collector';
import { LogCollector } from '../constructs/kubernetes/observability/log-collector';
import { Namespace } from '../constructs/kubernetes/namespaces/namespace';
import { PlacementPolicy } from '../constructs/kubernetes/admission/placement-policy';
import { StorageClass } from '../constructs/kubernetes/storage/storage-class';
import { loggedNamespaces, logGroupPrefix } from './log-groups';
import { DEVICES_NAMESPACE, LOGGING_NAMESPACE, STACK } from '../src/facts/stack-names';
import { Stack } from './stack';

/**
 * What belongs to the whole cluster: the default StorageClass, the collectors of logs and Events, and device plug-ins. It also has
 * the policy that holds each namespace to its node groups.
 */
export class PlatformStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, STACK.platform, platform, { kubernetes: true });

    new StorageClass(this, 'gp3', { name: 'gp3', default: true });
    const namespaces = Object.entries(platform.namespaces);
    if (namespaces.length > 0) {
      new PlacementPolicy(this, 'placement', {
        nodeGroups: Object.fromEntries(namespaces.map(([name, { nodes }]) => [name, nodes])),
      });
    }
    this.devicePlugins(platform);
    // The collector reads the nodes' log files, which no standard but `privileged` allows.
    new Namespace(this, 'namespace', { name: LOGGING_NAMESPACE, podSecurity: 'privileged' });
    const destination = { region: platform.region, namespaces: loggedNamespaces(platform) };
    new LogCollector(this, 'log-collector', {
      ...destination,
      logGroupPrefix: logGroupPrefix(platform.name, 'pod'),
    });
    new EventCollector(this, 'event-collector', {
      ...destination,
      logGroupPrefix: logGroupPrefix(platform.name, 'event'),
    });
  }

  /** The device plug-ins of the node groups whose image has none. */
  private devicePlugins({ nodes, cluster }: Platform): void {
    const groups = groupsWithoutPlugin(nodes);
    if (!cluster.controllers.devicePlugins || groups.size === 0) return;
    const scope = new Construct(this, 'devices');
    new Namespace(scope, 'namespace', { name: DEVICES_NAMESPACE, podSecurity: 'privileged' });
    for (const [accelerator, nodeGroups] of groups) {
      new DevicePlugin(scope, accelerator, { accelerator, nodeGroups });
    }
  }
}
