import { IngressV1, type IngressV1SpecRule } from '@cdktf/provider-kubernetes/lib/ingress-v1';
import { atSynthesis } from '../../terraform/at-synthesis';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { rangeError } from './ip-range';
import { Namespace } from '../namespaces/namespace';
import { objectName } from '../internal/names';
import type { ServiceReference } from './service-reference';
import { MANAGED, metadata, type ObjectOptions } from '../internal/metadata';

/**
 * Where the certificate comes from: certificates of AWS Certificate Manager, or a Secret of type `kubernetes.io/tls`. A Secret is
 * read by other controllers; an Application Load Balancer looks for a certificate of the hosts in ACM instead.
 */
export type IngressTls =
  { readonly certificateArns: readonly [string, ...string[]] } | { readonly secretName: string };

/** How the load balancer finds out which Pods are well. */
export interface HealthCheckOptions {
  /** @default / */
  readonly path?: string;
  /**
   * Seconds between two checks, 5 to 300.
   * @default 15
   */
  readonly intervalSeconds?: number;
  /**
   * Status codes of a Pod that is well, such as `200` or `200-399`.
   * @default 200
   */
  readonly successCodes?: string;
}

interface BaseOptions extends ObjectOptions {
  /**
   * Name of the IngressClass.
   * @default alb
   */
  readonly className?: string;
  /**
   * Ingresses of one group share a load balancer.
   * @default - a load balancer of its own
   */
  readonly group?: string;
  readonly healthCheck?: HealthCheckOptions;
}

/** Reached from within the VPC and the networks that are connected to it. */
export interface InternalIngressOptions extends BaseOptions {
  /** @default internal */
  readonly scheme?: 'internal';
  /** @default - HTTP without TLS */
  readonly tls?: IngressTls;
  /**
   * Ranges of addresses that may connect, such as `10.0.0.0/16`.
   * @default - all that reach it
   */
  readonly sourceRanges?: readonly string[];
}

/** Reached from the internet: by whom, and by which certificate, has to be said. */
export interface InternetFacingIngressOptions extends BaseOptions {
  readonly scheme: 'internet-facing';
  /** `false` for HTTP without TLS. */
  readonly tls: IngressTls | false;
  /** Ranges of addresses that may connect; `0.0.0.0/0` is everyone. */
  readonly sourceRanges: readonly [string, ...string[]];
}

/** An Ingress, internal or facing the internet. */
export type IngressOptions = InternalIngressOptions | InternetFacingIngressOptions;

/** How the path of a route matches. */
export interface RouteOptions {
  /**
   * Whether paths below the path are meant too, or what the Ingress's class makes of it, such as the wildcards of an Application Load
   * Balancer.
   * @default Prefix
   */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';
}

interface Route {
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly service: ServiceReference;
  readonly port: string | undefined;
}

/** Any host. */
const ANY = '*';
const ALB = 'alb.ingress.kubernetes.io';

/**
 * An Ingress: hosts and paths that lead to Services, by an Application Load Balancer of the AWS Load Balancer Controller. It is
 * internal unless said otherwise and leads to the Pods' own addresses; the Pods' `connections` have to let its subnets in. With
 * TLS, HTTP only redirects to HTTPS.
 *
 * With each change, the provider removes the finalizer that gives the controller time to delete the load balancer. The controller
 * adds it again: destroy an Ingress only after that. A new version of a workload does not change its Ingress.
 *
 * @example
 * ingress.route('shop.example.com', '/', shop, 'http');
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
export class Ingress extends Construct {
  readonly resource: IngressV1;
  readonly namespace: Namespace;
  private readonly routes: Route[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly options: IngressOptions = {},
  ) {
    super(scope, id);
    const { className = 'alb' } = options;
    this.namespace = Namespace.of(this);
    this.node.addValidation({ validate: () => [...this.routeErrors(), ...optionErrors(options)] });
    this.resource = new IngressV1(this, MAIN_CHILD, {
      metadata: metadata(options, {
        name: objectName(this),
        namespace: this.namespace.name,
        labels: MANAGED,
        ...(className === 'alb' && { annotations: albAnnotations(options) }),
      }),
      spec: { ingressClassName: className },
      waitForLoadBalancer: false,
    });
    // The ports of a Service may be those of containers that are added later.
    atSynthesis(this.resource, () => {
      if (this.routes.length > 0) this.resource.spec.putRule(this.rules());
      this.putTls();
    });
  }

  /**
   * Leads a path of a host to a Service.
   *
   * @param host such as `shop.example.com` or `*.example.com`; `*` is any host
   * @param path such as `/` or `/api`
   * @param service a Service of the same namespace
   * @param port name of the Service's port; left out: its first
   */
  route(
    host: string,
    path: string,
    service: ServiceReference,
    port?: string,
    options: RouteOptions = {},
  ): this {
    this.routes.push({ host, path, pathType: options.pathType ?? 'Prefix', service, port });
    return this;
  }

  /** Also without a route, as with a default backend that `resource` gets. */
  private putTls(): void {
    const { tls } = this.options;
    const hosts = this.hosts.filter((each) => each !== ANY);
    if (!tls || (!('secretName' in tls) && hosts.length === 0)) return;
    this.resource.spec.putTls([
      {
        ...(hosts.length > 0 && { hosts }),
        ...('secretName' in tls && { secretName: tls.secretName }),
      },
    ]);
  }

  private get hosts(): string[] {
    return [...new Set(this.routes.map(({ host }) => host))];
  }

  private rules(): IngressV1SpecRule[] {
    return this.hosts.map((host) => ({
      ...(host !== ANY && { host }),
      http: {
        path: this.routes
          .filter((route) => route.host === host)
          .map((route) => ({
            path: route.path,
            pathType: route.pathType,
            backend: { service: { name: route.service.name, port: { name: portOf(route) } } },
          })),
      },
    }));
  }

  private routeErrors(): string[] {
    const errors: string[] = [];
    const taken = new Map<string, ServiceReference>();
    for (const each of this.routes) {
      const { host, path, pathType, service } = each;
      const route = `route "${host}${path}"`;
      const key = `${host}${path} ${pathType}`;
      const first = taken.get(key);
      if (first) {
        errors.push(
          `${route} leads to ${first.node.path} and to ${service.node.path}; give one of them another path`,
        );
      }
      taken.set(key, service);
      // The API server refuses a Service without ports, unless it is headless: npm run check reports that one.
      const unknown = service.ports.length > 0 ? service.unknownPort(portOf(each)) : undefined;
      if (unknown !== undefined) errors.push(`${route}: ${unknown}`);
      if (service.namespace !== this.namespace) {
        errors.push(
          `${route}: ${service.node.path} is in another namespace; an Ingress leads to Services of its own: make one beside it`,
        );
      }
    }
    return errors;
  }
}

/** The name of the Service's port that a route leads to. */
function portOf({ service, port }: Route): string {
  return port ?? service.ports[0]?.name ?? '';
}

/** All that the load balancer is, said: the controller's defaults change with its flags and its IngressClass. */
function albAnnotations(options: IngressOptions): Record<string, string> {
  const { scheme = 'internal', tls, sourceRanges = [], group, healthCheck = {} } = options;
  const said: Record<string, string> = {
    scheme,
    'target-type': 'ip',
    'listen-ports': JSON.stringify(tls ? [{ HTTP: 80 }, { HTTPS: 443 }] : [{ HTTP: 80 }]),
    'healthcheck-path': healthCheck.path ?? '/',
    'healthcheck-interval-seconds': String(healthCheck.intervalSeconds ?? 15),
    'success-codes': healthCheck.successCodes ?? '200',
    ...(tls && { 'ssl-redirect': '443', 'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06' }),
    ...(tls && 'certificateArns' in tls && { 'certificate-arn': tls.certificateArns.join(',') }),
    ...(sourceRanges.length > 0 && { 'inbound-cidrs': sourceRanges.join(',') }),
    ...(group !== undefined && { 'group.name': group }),
  };
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [`${ALB}/${key}`, value]));
}

/** What only annotations say, which other controllers do not read. */
function albOnly({
  className = 'alb',
  scheme,
  sourceRanges,
  group,
  healthCheck,
  tls,
}: IngressOptions): string[] {
  if (className === 'alb') return [];
  const given = {
    scheme,
    sourceRanges,
    group,
    healthCheck,
    'tls.certificateArns': tls && 'certificateArns' in tls,
  };
  return Object.entries(given).flatMap(([option, value]) =>
    value === undefined || value === false
      ? []
      : `${option}: has no effect, because the class "${className}" does not read the annotations of alb; remove it, and write ` +
        `those of the class in annotations${option.startsWith('tls') ? '; a certificate is a Secret there: tls.secretName' : ''}`,
  );
}

function optionErrors(options: IngressOptions): string[] {
  const { scheme, sourceRanges, healthCheck } = options;
  const ranges: readonly string[] = sourceRanges ?? [];
  const errors = ranges
    .map(rangeError)
    .filter((error) => error !== undefined)
    .map((error) => `sourceRanges: ${error}`);
  if (scheme === 'internet-facing' && ranges.length === 0) {
    errors.push(
      'sourceRanges: required for an internet-facing load balancer: the ranges that may connect. 0.0.0.0/0 is everyone',
    );
  }
  errors.push(...albOnly(options));
  const { path = '/', intervalSeconds: seconds = 15 } = healthCheck ?? {};
  if (!path.startsWith('/')) errors.push(`healthCheck: path "${path}" has to begin with /`);
  if (!Number.isInteger(seconds) || seconds < 5 || seconds > 300) {
    errors.push(`healthCheck: got ${seconds} seconds; a whole number from 5 to 300 is allowed`);
  }
  return errors;
}
