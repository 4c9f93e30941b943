import type { Construct } from 'constructs';
import { ClusterRole } from '../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../constructs/kubernetes/access/cluster-role-binding';
import { ConfigMap } from '../../constructs/kubernetes/configuration/config-map';
import { CronJob } from '../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../constructs/kubernetes/workloads/daemon-set';
import { Deployment } from '../../constructs/kubernetes/workloads/deployment';
import { EndpointSlice } from '../../constructs/kubernetes/network/endpoint-slice';
import { Endpoints } from '../../constructs/kubernetes/network/endpoints';
import { Ingress } from '../../constructs/kubernetes/network/ingress';
import { Job } from '../../constructs/kubernetes/workloads/job';
import { LimitRange } from '../../constructs/kubernetes/namespaces/limit-range';
import { NetworkPolicy } from '../../constructs/kubernetes/network/network-policy';
import { PersistentVolume } from '../../constructs/kubernetes/storage/persistent-volume';
import { PersistentVolumeClaim } from '../../constructs/kubernetes/storage/persistent-volume-claim';
import { Pod } from '../../constructs/kubernetes/workloads/pod';
import { PriorityClass } from '../../constructs/kubernetes/pods/priority-class';
import { Cpu, Size } from '../../constructs/kubernetes/pods/quantity';
import { ReplicaSet } from '../../constructs/kubernetes/workloads/replica-set';
import { ResourceQuota } from '../../constructs/kubernetes/namespaces/resource-quota';
import { Role } from '../../constructs/kubernetes/access/role';
import { Schedule } from '../../constructs/kubernetes/workloads/schedule';
import { Secret } from '../../constructs/kubernetes/configuration/secret';
import { Service } from '../../constructs/kubernetes/network/service';
import { ServiceAccount } from '../../constructs/kubernetes/access/service-account';
import { StatefulSet } from '../../constructs/kubernetes/workloads/stateful-set';
import { StorageClass } from '../../constructs/kubernetes/storage/storage-class';
import { MutatingAdmissionPolicy } from '../../constructs/kubernetes/admission/mutating-admission-policy';
import { ValidatingAdmissionPolicy } from '../../constructs/kubernetes/admission/validating-admission-policy';

/** Every kind, told only what it cannot do without. */
export function smallest(scope: Construct): void {
  const app = { image: 'registry.example.com/app:1', ports: { http: 8080 } };
  const deployment = new Deployment(scope, 'deployment', app);
  new ReplicaSet(scope, 'replica-set', app);
  new StatefulSet(scope, 'stateful-set', app).autoscale({
    max: 4,
    cpu: { targetUtilization: 70 },
  });
  new DaemonSet(scope, 'daemon-set', app);
  new Pod(scope, 'pod', app);
  new Job(scope, 'job', app);
  new CronJob(scope, 'cron-job', { ...app, schedule: Schedule.hourly() });
  new PriorityClass(scope, 'priority-class', { value: 1 });

  const service = deployment.expose();
  new Service(scope, 'load-balancer', {
    type: 'LoadBalancer',
    workload: deployment,
  });
  new Ingress(scope, 'ingress').route('example.com', '/', service);
  NetworkPolicy.denyAll(scope, 'network-policy');
  const outside = new Service(scope, 'outside', { ports: { http: 80 } });
  new EndpointSlice(scope, 'endpoint-slice', { service: outside, addresses: ['192.0.2.10'] });
  const older = new Service(scope, 'older', { ports: { http: 80 } });
  new Endpoints(scope, 'endpoints', { service: older, addresses: ['192.0.2.10'] });

  new ConfigMap(scope, 'config-map', { data: { key: 'value' } });
  Secret.fromSecretsManager(scope, 'secret', { secretName: 'shop', keys: ['key'], revision: 1 });
  new StorageClass(scope, 'storage-class');
  const volume = PersistentVolume.fromEfs(scope, 'volume', { fileSystemId: 'fs-0123456789abcdef0' });
  new PersistentVolumeClaim(scope, 'static-claim', { volume });
  new PersistentVolumeClaim(scope, 'claim', { size: Size.gibibytes(1) });

  const account = new ServiceAccount(scope, 'service-account');
  new Role(scope, 'role').allowRead('pods').bindTo(account);
  const clusterRole = new ClusterRole(scope, 'cluster-role').allowRead('nodes');
  new ClusterRoleBinding(scope, 'cluster-role-binding', { role: clusterRole, subjects: [account] });
  new ResourceQuota(scope, 'resource-quota', { hard: { pods: 10 } });
  new LimitRange(scope, 'limit-range', {
    defaultRequest: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
    defaultMemoryLimit: Size.mebibytes(128),
  });
  new MutatingAdmissionPolicy(scope, 'mutation', {
    namespaces: ['shop'],
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    patches: ['[JSONPatch{op: "add", path: "/spec/enableServiceLinks", value: false}]'],
  });
  new ValidatingAdmissionPolicy(scope, 'policy', {
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    namespaces: ['shop'],
    validations: [{ expression: 'true', messageExpression: "''" }],
  });
}
