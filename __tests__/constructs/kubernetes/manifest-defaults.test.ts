import { writeManifestDefaults } from '../../../constructs/kubernetes/internal/manifest-defaults';

const pod = () => ({
  serviceAccountName: 'web',
  containers: [
    {
      name: 'web',
      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
      env: [
        { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
      ],
    },
  ],
  volumes: [
    { name: 'settings', configMap: { name: 'settings' } },
    { name: 'login', secret: { secretName: 'login', defaultMode: 0o400 } },
    { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
    { name: 'machine', hostPath: { path: '/data' } },
  ],
});

const WHOLE = {
  serviceAccountName: 'web',
  serviceAccount: 'web',
  containers: [
    {
      name: 'web',
      ports: [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 53, protocol: 'UDP' },
      ],
      env: [
        { name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
      ],
    },
  ],
  volumes: [
    { name: 'settings', configMap: { name: 'settings', defaultMode: 0o644 } },
    { name: 'login', secret: { secretName: 'login', defaultMode: 0o400 } },
    {
      name: 'token',
      projected: {
        defaultMode: 0o644,
        sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }],
      },
    },
    { name: 'machine', hostPath: { path: '/data', type: '' } },
  ],
};

const written = (object: Record<string, unknown>): unknown => {
  writeManifestDefaults(object);
  return object['spec'];
};

it('the Pods of a manifest have what the API server adds, and keep what is set', () => {
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']) {
    expect(written({ kind, spec: { template: { spec: pod() } } })).toEqual({ template: { spec: WHOLE } });
  }
  const jobTemplate = { spec: { template: { spec: pod() } } };
  expect(written({ kind: 'CronJob', spec: { jobTemplate } })).toEqual({
    jobTemplate: { spec: { template: { spec: WHOLE } } },
  });
});

it('the Pods of a Job stay as they are, since they never change', () => {
  expect(written({ kind: 'Job', spec: { template: { spec: pod() } } })).toEqual({
    template: { spec: pod() },
  });
});
