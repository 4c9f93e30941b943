import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_service_v1',
    {
      metadata,
      wait_for_load_balancer: false,
      spec: {
        type: 'LoadBalancer',
        selector: { app_name: 'it' },
        cluster_ip: 'None',
        load_balancer_class: 'service.k8s.aws/nlb',
        allocate_load_balancer_node_ports: false,
        session_affinity_config: { client_ip: { timeout_seconds: 60 } },
        port: { name: 'http', port: 80, target_port: 'http' },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'LoadBalancer',
        selector: { app_name: 'it' },
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
        clusterIP: 'None',
        allocateLoadBalancerNodePorts: false,
        loadBalancerClass: 'service.k8s.aws/nlb',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      },
    },
  ],
  [
    // What only a LoadBalancer may have is not sent for another type.
    'kubernetes_service_v1',
    {
      metadata,
      spec: { allocate_load_balancer_node_ports: true, port: [{ port: 80, target_port: '8080' }] },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80, targetPort: 8080 }] } },
  ],
  [
    'kubernetes_ingress_v1',
    {
      metadata,
      spec: {
        ingress_class_name: 'alb',
        rule: {
          host: 'example.com',
          http: { path: { path: '/', backend: { service: { name: 'web', port: { number: 80 } } } } },
        },
        tls: [{ hosts: ['example.com'], secret_name: 'tls' }],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata,
      spec: {
        ingressClassName: 'alb',
        tls: [{ hosts: ['example.com'], secretName: 'tls' }],
        rules: [
          {
            host: 'example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'ImplementationSpecific',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ],
  [
    'kubernetes_ingress_class_v1',
    {
      metadata: { name: 'alb' },
      spec: { controller: 'x/alb', parameters: [{ api_group: 'x', kind: 'P', name: 'p' }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'alb' },
      spec: { controller: 'x/alb', parameters: { apiGroup: 'x', kind: 'P', name: 'p' } },
    },
  ],
  [
    'kubernetes_network_policy_v1',
    {
      metadata,
      spec: {
        pod_selector: {},
        policy_types: ['Ingress', 'Egress'],
        ingress: [{}],
        egress: [
          {
            to: [{ ip_block: { cidr: '10.0.0.0/16', except: [] } }, { namespace_selector: {} }],
            ports: [
              { port: '53', protocol: 'UDP' },
              { port: 'https', end_port: 0 },
            ],
          },
        ],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{}],
        egress: [
          {
            to: [{ ipBlock: { cidr: '10.0.0.0/16' } }, { namespaceSelector: {} }],
            ports: [{ port: 53, protocol: 'UDP' }, { port: 'https' }],
          },
        ],
      },
    },
  ],
  [
    'kubernetes_endpoints_v1',
    {
      metadata,
      subset: { address: { ip: '10.0.0.1' }, not_ready_address: [], port: { name: 'db', port: 5432 } },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'db', port: 5432 }] }],
    },
  ],
  [
    'kubernetes_endpoint_slice_v1',
    {
      metadata,
      address_type: 'IPv4',
      endpoint: [{ addresses: ['10.0.0.1'], condition: { ready: true }, target_ref: { name: 'db-0' } }],
      port: [{ name: 'db', port: '5432', app_protocol: 'postgres', protocol: 'UDP' }],
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true, serving: false, terminating: false },
          targetRef: { name: 'db-0', namespace: 'default' },
        },
      ],
      ports: [{ name: 'db', port: 5432, appProtocol: 'postgres' }],
    },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
