import { kubernetesObjects } from '../../../src/manifests/objects';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { findings, refusal } from './converted';

describe('a resource that is no object', () => {
  it('is left out if it is of another provider, or only Terraform reads it', () => {
    const document = {
      resource: {
        aws_eks_cluster: { it: { name: 'seed' } },
        kubernetes_namespace_v1: {
          it: {
            '//': {},
            metadata: [{ name: 'dev' }],
            depends_on: ['aws_x.y'],
            lifecycle: { prevent_destroy: true },
            provider: 'k.a',
          },
        },
      },
      data: { kubernetes_service_v1: { it: {} } },
    };
    expect(kubernetesObjects(document)).toStrictEqual([
      {
        address: 'kubernetes_namespace_v1.it',
        object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dev' } },
      },
    ]);
    expect(kubernetesObjects({})).toEqual([]);
  });

  it.each([
    ['kubernetes_labels', {}, 'kubernetes_labels.it: changes an object that something else creates'],
    [
      'kubernetes_deployment',
      {},
      'kubernetes_deployment.it: unversioned types are not supported: use kubernetes_deployment_v1',
    ],
    ['kubernetes_daemonset', {}, 'use kubernetes_daemon_set_v1'],
    [
      'kubernetes_cron_tab',
      {},
      'kubernetes_cron_tab.it: no conversion is known for this type; known: kubernetes_cluster_role',
    ],
    [
      'kubernetes_manifest',
      { manifest: { kind: 'X' } },
      'kubernetes_manifest.it.manifest: a manifest has an apiVersion',
    ],
    ['kubernetes_service_v1', { count: 2 }, 'kubernetes_service_v1.it.count: how many objects'],
    [
      'kubernetes_secret_v1',
      { data_wo: { a: 'b' } },
      'kubernetes_secret_v1.it.data_wo: is ignored without data_wo_revision',
    ],
    ['kubernetes_service_v1', { spec: [{}, {}] }, 'kubernetes_service_v1.it.spec: only one is sent, got 2'],
    ['kubernetes_service_v1', { spec: 'x' }, 'kubernetes_service_v1.it.spec: expected a block, got "x"'],
    ['kubernetes_service_v1', { spec: { selector: ['x'] } }, 'it.spec.selector: expected a map, got ["x"]'],
    [
      'kubernetes_service_v1',
      { spec: { cluster_ips: 'x' } },
      'it.spec.cluster_ips: expected a list, got "x"',
    ],
    [
      'kubernetes_deployment_v1',
      { spec: { replicas: 'two' } },
      'it.spec.replicas: expected an integer, got "two"',
    ],
    [
      'kubernetes_deployment_v1',
      { spec: { template: { spec: { container: [{}, { restart_policy: 'Always' }] } } } },
      'kubernetes_deployment_v1.it.spec.template.spec.container[1].restart_policy: hashicorp/kubernetes 2.38 has no such attribute',
    ],
    [
      'kubernetes_pod_v1',
      { spec: { volume: { name: 'x', ceph_fs: {}, secret: { default_mode: '0888' } } } },
      'kubernetes_pod_v1.it.spec.volume.secret.default_mode: expected an octal file mode',
    ],
    [
      'kubernetes_pod_v1',
      { spec: { volume: { name: 'x', ceph_fs: {} } } },
      'the Pod would get an empty directory',
    ],
    ['kubernetes_pod_v1', { spec: { host_pid: 'x' } }, 'expected true or false, got "x"'],
    ['kubernetes_config_map_v1', { data: { a: ['x'] } }, 'it.data["a"]: expected a string, got ["x"]'],
  ] as [string, JsonObject, string][])('is refused: %s %j', (type, attributes, message) => {
    expect(refusal(type, attributes)).toContain(message);
  });

  it('is reported together with all others', () => {
    const document = {
      resource: {
        kubernetes_labels: { a: {} },
        kubernetes_service_v1: {
          b: { spec: { port: [{ port: 'x', color: 1 }] } },
          c: { metadata: { name: '${data.x.y.z}' } },
        },
      },
    };
    expect(findings(document)).toEqual([
      expect.objectContaining({ address: 'kubernetes_labels.a', path: '' }),
      expect.objectContaining({ address: 'kubernetes_service_v1.b', path: 'spec.port[0].color' }),
      {
        address: 'kubernetes_service_v1.b',
        path: 'spec.port[0].port',
        message: 'expected a number, got "x"',
      },
      {
        address: 'kubernetes_service_v1.c',
        path: 'metadata.name',
        message: 'cannot resolve ${data.x.y.z}: its value is known only when Terraform runs',
      },
    ]);
  });
});

it('objects have the order in which they can be applied, then that of their addresses', () => {
  const named = { metadata: { name: 'it' } };
  const manifest = (kind: string) => ({ manifest: { apiVersion: 'x/v1', kind, metadata: {} } });
  const document = {
    resource: {
      kubernetes_ingress_v1: { i: named },
      kubernetes_deployment_v1: { b: named, a: named },
      kubernetes_manifest: {
        custom: manifest('Widget'),
        binding: manifest('ValidatingAdmissionPolicyBinding'),
        policy: manifest('ValidatingAdmissionPolicy'),
        crd: manifest('CustomResourceDefinition'),
      },
      kubernetes_service_v1: { s: named },
      kubernetes_role_binding_v1: { r: named },
      kubernetes_role_v1: { r: named },
      kubernetes_secret_v1: { s: named },
      kubernetes_horizontal_pod_autoscaler_v2: { h: named },
      kubernetes_service_account_v1: { s: named },
      kubernetes_namespace_v1: { n: named },
    },
  };
  expect(kubernetesObjects(document).map(({ address }) => address)).toEqual([
    'kubernetes_namespace_v1.n',
    'kubernetes_manifest.crd',
    'kubernetes_service_account_v1.s',
    'kubernetes_secret_v1.s',
    'kubernetes_role_v1.r',
    'kubernetes_role_binding_v1.r',
    'kubernetes_manifest.policy',
    'kubernetes_manifest.binding',
    'kubernetes_service_v1.s',
    'kubernetes_deployment_v1.a',
    'kubernetes_deployment_v1.b',
    'kubernetes_horizontal_pod_autoscaler_v2.h',
    'kubernetes_ingress_v1.i',
    'kubernetes_manifest.custom',
  ]);
});
