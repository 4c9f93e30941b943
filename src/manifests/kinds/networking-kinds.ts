import {
  array,
  as,
  type Block,
  byDefault,
  dropped,
  flag,
  integer,
  intOrString,
  kept,
  number,
  object,
  text,
  textMap,
  texts,
  where,
  zeroIfUnset,
} from '../field';
import type { Kind } from './kind';
import { clusterMetadata, metadata, typedReference } from './metadata-fields';
import { labelSelector } from './selector-fields';

const LOAD_BALANCER = ['LoadBalancer'];

const service: Kind = {
  apiVersion: 'v1',
  kind: 'Service',
  fields: {
    metadata,
    spec: object({
      type: text,
      selector: textMap,
      port: as(
        'ports',
        array({
          name: text,
          port: number,
          target_port: intOrString,
          protocol: text,
          app_protocol: text,
          node_port: number,
        }),
      ),
      cluster_ip: as('clusterIP', text),
      cluster_ips: as('clusterIPs', texts),
      external_ips: as('externalIPs', texts),
      external_name: text,
      external_traffic_policy: text,
      internal_traffic_policy: text,
      ip_families: texts,
      ip_family_policy: text,
      allocate_load_balancer_node_ports: where('type', LOAD_BALANCER, kept(flag)),
      load_balancer_class: where('type', LOAD_BALANCER, text),
      load_balancer_ip: as('loadBalancerIP', text),
      load_balancer_source_ranges: texts,
      health_check_node_port: number,
      publish_not_ready_addresses: flag,
      session_affinity: text,
      session_affinity_config: object({ client_ip: as('clientIP', object({ timeout_seconds: number })) }),
    }),
    wait_for_load_balancer: dropped,
    status: dropped,
  },
};

const ingressBackend = object({
  service: object({ name: text, port: object({ name: text, number }) }),
  resource: object(typedReference),
});

const ingress: Kind = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  fields: {
    metadata,
    spec: object({
      ingress_class_name: text,
      default_backend: ingressBackend,
      tls: array({ hosts: texts, secret_name: text }),
      rule: as(
        'rules',
        array({
          host: text,
          http: object({
            path: as(
              'paths',
              array({
                path: text,
                path_type: byDefault('ImplementationSpecific', text),
                backend: ingressBackend,
              }),
            ),
          }),
        }),
      ),
    }),
    wait_for_load_balancer: dropped,
    status: dropped,
  },
};

const ingressClass: Kind = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  fields: {
    metadata: clusterMetadata,
    spec: object({
      controller: text,
      parameters: object({ ...typedReference, scope: text, namespace: text }),
    }),
  },
};

const peer: Block = {
  pod_selector: labelSelector,
  namespace_selector: labelSelector,
  ip_block: object({ cidr: text, except: texts }),
};
const policyPorts = array({ port: intOrString, end_port: number, protocol: text });

const networkPolicy: Kind = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  fields: {
    metadata,
    spec: object({
      pod_selector: labelSelector,
      policy_types: texts,
      // A rule without peers and ports allows everything, so that it has to stay, however empty it is.
      ingress: array({ from: array(peer), ports: policyPorts }),
      egress: array({ to: array(peer), ports: policyPorts }),
    }),
  },
};

const endpointAddresses = array({ ip: text, hostname: text, node_name: text });

const endpoints: Kind = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  fields: {
    metadata,
    subset: as(
      'subsets',
      array({
        address: as('addresses', endpointAddresses),
        not_ready_address: as('notReadyAddresses', endpointAddresses),
        port: as('ports', array({ name: text, port: number, protocol: text })),
      }),
    ),
  },
};

const endpointSlice: Kind = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  fields: {
    metadata,
    address_type: text,
    endpoint: as(
      'endpoints',
      array({
        addresses: texts,
        condition: as(
          'conditions',
          object({
            ready: zeroIfUnset(false, flag),
            serving: zeroIfUnset(false, flag),
            terminating: zeroIfUnset(false, flag),
          }),
        ),
        hostname: text,
        node_name: text,
        zone: text,
        target_ref: object({
          name: text,
          namespace: byDefault('default', text),
          uid: text,
          resource_version: text,
          field_path: text,
        }),
      }),
    ),
    port: as(
      'ports',
      // The provider reads the protocol and does not send it: every port is TCP.
      array({ name: text, port: integer, protocol: dropped, app_protocol: text }),
    ),
  },
};

export const NETWORKING = {
  kubernetes_service_v1: service,
  kubernetes_ingress_v1: ingress,
  kubernetes_ingress_class_v1: ingressClass,
  kubernetes_network_policy_v1: networkPolicy,
  kubernetes_endpoints_v1: endpoints,
  kubernetes_endpoint_slice_v1: endpointSlice,
} satisfies Record<string, Kind>;
