import type { Finding } from './config-error';
import { LayeredDocument } from './layered-document';
import { readPlatform } from './read-platform';

/**
 * The warning that no controller serves the Ingresses and load balancers of some namespaces, unless the file decides it: they get no
 * address then.
 *
 * @param file the platform's file
 * @param namespaces those that have an Ingress or a Service of the type LoadBalancer
 */
export function unservedWarning(file: string, namespaces: readonly string[]): Finding | undefined {
  if (namespaces.length === 0) return undefined;
  const document = new LayeredDocument(readPlatform(file), file);
  const controllers = ['cluster', 'controllers'];
  if (document.has([...controllers, 'loadBalancer'])) return undefined;
  return document.finding(
    document.has(controllers) ? controllers : ['cluster'],
    `no controller serves the Ingresses and Services of the type LoadBalancer in ${namespaces.join(', ')}. Set ` +
      'cluster.controllers.loadBalancer to true, or to false if another controller serves them or none is needed',
    'key',
  );
}
