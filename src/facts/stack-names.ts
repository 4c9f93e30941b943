/** Names of the platform's own stacks; a namespace's stack has the namespace's name, which may be none of these. */
export const STACK = {
  pipeline: 'pipeline',
  network: 'network',
  cluster: 'cluster',
  platform: 'platform',
  loadBalancerController: 'load-balancer-controller',
} as const;

/** All of them. */
export const STACK_NAMES: readonly string[] = Object.values(STACK);

/** The namespace of the platform's own collectors of logs, Events and metrics. */
export const LOGGING_NAMESPACE = 'logging';

/** The namespace of the plug-ins that offer a node's devices to Pods. */
export const DEVICES_NAMESPACE = 'device-plugins';

/** Namespaces of the platform's own agents, which read the files of their node. */
export const AGENT_NAMESPACES: readonly string[] = [LOGGING_NAMESPACE, DEVICES_NAMESPACE];
