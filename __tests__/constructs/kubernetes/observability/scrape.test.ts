import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import type { ScrapeOptions } from '../../../../constructs/kubernetes/observability/scrape';
import { podTemplateOf } from '../fluent-bit-configuration';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const annotations = (scrape?: ScrapeOptions, own?: Record<string, string>): unknown =>
  podTemplateOf(
    inNamespace((stack) => {
      new Deployment(stack, 'web', {
        containers: {
          web: { ...plain, ports: { http: 8080 } },
          exporter: { ...plain, ports: { metrics: 9102 } },
        },
        ...(scrape && { scrape }),
        ...(own && { annotations: own }),
      });
    }),
    'Deployment',
  ).metadata.annotations;

it('scrape annotates a named port of any container by its number, with the usual path and scheme', () => {
  expect(annotations({ port: 'metrics' })).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '9102',
    'prometheus.io/path': '/metrics',
    'prometheus.io/scheme': 'http',
  });
});

it('scrape annotates a port number, a path and a scheme of the user', () => {
  expect(annotations({ port: 15020, path: '/stats/prometheus', scheme: 'https' })).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '15020',
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/scheme': 'https',
  });
});

it('scrape keeps other annotations, and is off by default', () => {
  expect(annotations({ port: 'http' }, { team: 'shop' })).toMatchObject({
    team: 'shop',
    'prometheus.io/port': '8080',
  });
  expect(annotations(undefined, { team: 'shop' })).toEqual({ team: 'shop' });
  expect(annotations()).toBeUndefined();
});

it('scrape refuses a port that no container has, and does not compile without a slash before the path', () => {
  expect(() => annotations({ port: 'metrisc' })).toThrow(
    'shop/web: scrape: got the port "metrisc"; its containers have: http, metrics',
  );
  // @ts-expect-error the path is not one
  const wrong: ScrapeOptions = { port: 'http', path: 'metrics' };
  expect(wrong.path).toBe('metrics');
});
