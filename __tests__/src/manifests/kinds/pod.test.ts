import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

/** The Pod template of a Deployment. */
const template = (spec: JsonObject) =>
  (converted('kubernetes_deployment_v1', { spec: { template: { spec } } })?.['spec'] as JsonObject)[
    'template'
  ];

describe('a Pod', () => {
  it('has containers with every conversion of their own', () => {
    const container = {
      name: 'web',
      image: 'web:1',
      env: [
        { name: 'EMPTY', value: '' },
        { name: 'NODE', value_from: { field_ref: { field_path: 'spec.nodeName' } } },
      ],
      env_from: { config_map_ref: { name: 'config' } },
      port: { name: 'http', container_port: 80, host_ip: '10.0.0.1' },
      resources: { requests: { cpu: '0.5', memory: 1024 }, limits: {} },
      readiness_probe: { http_get: { path: '/', port: '8080' }, period_seconds: 5 },
      liveness_probe: { tcp_socket: [{ port: 'http' }] },
      startup_probe: { grpc: [{ port: 9000, service: '' }] },
      lifecycle: { pre_stop: [{ exec: { command: ['sleep', '5', null] } }] },
      security_context: { run_as_user: '0', capabilities: { drop: ['ALL'] }, seccomp_profile: {} },
      volume_mount: [{ name: 'data', mount_path: '/data', read_only: false }],
      volume_device: [{ name: 'disk', device_path: '/dev/xvda' }],
    };
    expect(template({ init_container: { name: 'init', args: [] }, container: [container] })).toStrictEqual({
      spec: {
        automountServiceAccountToken: true,
        initContainers: [{ name: 'init' }],
        containers: [
          {
            name: 'web',
            image: 'web:1',
            ports: [{ name: 'http', containerPort: 80, hostIP: '10.0.0.1' }],
            envFrom: [{ configMapRef: { name: 'config' } }],
            env: [
              { name: 'EMPTY' },
              { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
            ],
            resources: { requests: { cpu: '0.5', memory: '1024' } },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
            volumeDevices: [{ name: 'disk', devicePath: '/dev/xvda' }],
            startupProbe: { grpc: { port: 9000 } },
            readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 },
            livenessProbe: { tcpSocket: { port: 'http' } },
            lifecycle: { preStop: { exec: { command: ['sleep', '5', ''] } } },
            securityContext: {
              allowPrivilegeEscalation: true,
              privileged: false,
              readOnlyRootFilesystem: false,
              runAsNonRoot: false,
              runAsUser: 0,
              capabilities: { drop: ['ALL'] },
              seccompProfile: { type: 'Unconfined' },
            },
          },
        ],
      },
    });
  });

  it('has a security context that says less when it is empty', () => {
    expect(
      template({ security_context: { fs_group: '2000', sysctl: { name: 'a', value: '' } } }),
    ).toStrictEqual({
      spec: {
        automountServiceAccountToken: true,
        securityContext: { runAsNonRoot: false, fsGroup: 2000, sysctls: [{ name: 'a', value: '' }] },
      },
    });
    expect(template({ security_context: {} })).toStrictEqual({
      spec: { automountServiceAccountToken: true, securityContext: {} },
    });
  });

  it('has volumes with octal modes, and projected sources with one kind each', () => {
    const volume = [
      {
        name: 'config',
        config_map: { name: 'config', default_mode: '0440', items: { key: 'a', path: 'a', mode: '0400' } },
      },
      {
        name: 'all',
        projected: [
          {
            sources: [
              { secret: [{ name: 'a' }, { name: 'b' }], config_map: [{ name: 'c' }] },
              { service_account_token: { path: 'token' }, downward_api: { items: [{ path: 'labels' }] } },
            ],
          },
        ],
      },
      {
        name: 'disk',
        rbd: { ceph_monitors: ['m'], rbd_image: 'i', secret_ref: { name: 's', namespace: 'n' } },
      },
      { name: 'claim', ephemeral: { volume_claim_template: { spec: { access_modes: ['ReadWriteOnce'] } } } },
      { name: 'tmp', empty_dir: {} },
    ];
    expect(template({ volume })).toStrictEqual({
      spec: {
        automountServiceAccountToken: true,
        volumes: [
          {
            name: 'config',
            configMap: { name: 'config', items: [{ key: 'a', path: 'a', mode: 256 }], defaultMode: 288 },
          },
          {
            name: 'all',
            projected: {
              sources: [
                { secret: { name: 'a' } },
                { secret: { name: 'b' } },
                { configMap: { name: 'c' } },
                { downwardAPI: { items: [{ path: 'labels' }] } },
                { serviceAccountToken: { path: 'token' } },
              ],
            },
          },
          { name: 'disk', rbd: { monitors: ['m'], image: 'i', secretRef: { name: 's' } } },
          { name: 'claim', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } },
          { name: 'tmp', emptyDir: {} },
        ],
      },
    });
  });

  it('has the placement of its template', () => {
    const term = { label_selector: [{ match_labels: { app: 'it' } }], topology_key: 'zone' };
    expect(
      template({
        toleration: { key: 'a', operator: 'Exists', toleration_seconds: '30' },
        topology_spread_constraint: { topology_key: 'zone', label_selector: [{}] },
        affinity: {
          node_affinity: {
            required_during_scheduling_ignored_during_execution: {
              node_selector_term: { match_expressions: [{ key: 'node', operator: 'Exists', values: [] }] },
            },
          },
          pod_anti_affinity: {
            preferred_during_scheduling_ignored_during_execution: { weight: 1, pod_affinity_term: term },
          },
        },
      }),
    ).toStrictEqual({
      spec: {
        automountServiceAccountToken: true,
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'node', operator: 'Exists' }] }],
            },
          },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'it' } } },
              },
            ],
          },
        },
        tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 30 }],
        topologySpreadConstraints: [
          { topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
      },
    });
  });
});
