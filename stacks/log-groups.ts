import type { Platform } from '../src/config/platform';

/** The namespace of the collectors. */
export const LOGGING_NAMESPACE = 'logging';

/** What is collected, each in log groups of its own. */
export type Collected = 'pod' | 'event';

/** Prefix of the log groups that a collector writes to. */
export function logGroupPrefix(platform: string, collected: Collected): string {
  return `/${platform}/${collected}s`;
}

/** The namespaces that have a log group of their own; what belongs to another goes to that of `default`. */
export function loggedNamespaces({ namespaces }: Platform): string[] {
  return ['kube-system', LOGGING_NAMESPACE, 'default', ...Object.keys(namespaces)];
}
