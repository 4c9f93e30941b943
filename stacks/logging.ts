/** The namespace of the log collector. */
export const LOGGING_NAMESPACE = 'logging';

/** Prefix of the log groups that the log collector writes to. */
export function podLogPrefix(platform: string): string {
  return `/${platform}/pods`;
}

/** The log group of a namespace's Pods. */
export function podLogGroup(platform: string, namespace: string): string {
  return `${podLogPrefix(platform)}/${namespace}`;
}
