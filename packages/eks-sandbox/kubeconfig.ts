/**
 * A kubeconfig with one cluster and one user, as JSON, which is YAML.
 *
 * @param name of the user, the cluster and the context
 * @param trust base64 of the cluster's certificate, and what the user signs in with
 */
export function kubeconfigOf(
  server: string,
  name: string,
  trust: { readonly ca?: string; readonly user?: Readonly<Record<string, unknown>> } = {},
): string {
  const cluster = trust.ca ? { server, 'certificate-authority-data': trust.ca } : { server };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user: trust.user ?? {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
