import type { Platform } from '../src/config/platform';
import { LOGGING_NAMESPACE } from '../src/facts/stack-names';

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
