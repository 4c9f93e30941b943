import type { PortReference } from '../pods/probe';

/** Where a Pod shows its metrics. */
export interface ScrapeOptions {
  /** Port by the container's name for it, or by number. */
  readonly port: PortReference;
  /** @default /metrics */
  readonly path?: `/${string}`;
  /** @default http */
  readonly scheme?: 'http' | 'https';
}

/**
 * The annotations by which metrics are found, each a text. Kubernetes does not know them: they are a convention that the
 * collector has to be told, as the job `kubernetes-pods` of Prometheus' Helm chart is.
 *
 * | annotation             | holds                                             |
 * | ---------------------- | ------------------------------------------------- |
 * | `prometheus.io/scrape` | `true`; without it the Pod is passed over         |
 * | `prometheus.io/port`   | number of the port: the collector knows no names  |
 * | `prometheus.io/path`   | path of the metrics                               |
 * | `prometheus.io/scheme` | `http` or `https`                                 |
 *
 * A NetworkPolicy that isolates the Pod has to let the collector in.
 *
 * @param port number of the port
 * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus#scraping-pod-metrics-via-annotations
 */
export function scrapeAnnotations(scrape: ScrapeOptions, port: number): Record<string, string> {
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(port),
    'prometheus.io/path': scrape.path ?? '/metrics',
    'prometheus.io/scheme': scrape.scheme ?? 'http',
  };
}
