import type { PortReference } from './probe';

/** Where a Pod shows its metrics. */
export interface ScrapeOptions {
  /** Port by the container's name for it, or by number. */
  readonly port: PortReference;
  /** @default /metrics */
  readonly path?: string;
  /** @default http */
  readonly scheme?: 'http' | 'https';
}

/** The annotations by which Prometheus finds a Pod's metrics. */
export function scrapeAnnotations(scrape: ScrapeOptions, port: number): Record<string, string> {
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(port),
    'prometheus.io/path': scrape.path ?? '/metrics',
    'prometheus.io/scheme': scrape.scheme ?? 'http',
  };
}
