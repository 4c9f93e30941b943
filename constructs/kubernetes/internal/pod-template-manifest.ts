import type {
  DeploymentV1SpecTemplate,
  DeploymentV1SpecTemplateMetadata,
  DeploymentV1SpecTemplateSpec,
  DeploymentV1SpecTemplateSpecContainer,
  DeploymentV1SpecTemplateSpecContainerEnv,
  DeploymentV1SpecTemplateSpecContainerEnvFrom,
  DeploymentV1SpecTemplateSpecContainerEnvValueFrom,
  DeploymentV1SpecTemplateSpecContainerLifecycle,
  DeploymentV1SpecTemplateSpecContainerLifecyclePreStop,
  DeploymentV1SpecTemplateSpecContainerLivenessProbe,
  DeploymentV1SpecTemplateSpecContainerLivenessProbeHttpGet,
  DeploymentV1SpecTemplateSpecContainerPort,
  DeploymentV1SpecTemplateSpecContainerSecurityContext,
  DeploymentV1SpecTemplateSpecContainerVolumeMount,
  DeploymentV1SpecTemplateSpecSecurityContext,
  DeploymentV1SpecTemplateSpecToleration,
  DeploymentV1SpecTemplateSpecTopologySpreadConstraint,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { affinity, labelSelector } from './affinity-manifest';
import {
  as,
  convert,
  flag,
  type Fields,
  integer,
  intOrString,
  list,
  map,
  number,
  object,
  pointer,
  text,
} from './manifest-fields';
import { volume } from './volume-manifest';

const httpGet = object<DeploymentV1SpecTemplateSpecContainerLivenessProbeHttpGet>({
  host: text,
  path: text,
  port: intOrString,
  scheme: text,
  httpHeader: as('httpHeaders', list({ name: text, value: pointer })),
});
const exec = object({ command: pointer });
const tcpSocket = object({ port: intOrString });

const probe = object<DeploymentV1SpecTemplateSpecContainerLivenessProbe>({
  exec,
  httpGet,
  tcpSocket,
  grpc: object({ port: number, service: pointer }),
  initialDelaySeconds: number,
  periodSeconds: number,
  timeoutSeconds: number,
  successThreshold: number,
  failureThreshold: number,
});

const handler = object<DeploymentV1SpecTemplateSpecContainerLifecyclePreStop>({ exec, httpGet, tcpSocket });
const seccompProfile = object({ type: text, localhostProfile: text });
const seLinuxOptions = object({ level: text, role: text, type: text, user: text });
const keyReference = object({ name: text, key: text, optional: pointer });
const nameReference = object({ name: text, optional: pointer });

const valueFrom: Fields<DeploymentV1SpecTemplateSpecContainerEnvValueFrom> = {
  configMapKeyRef: keyReference,
  secretKeyRef: keyReference,
  fieldRef: object({ apiVersion: text, fieldPath: text }),
  resourceFieldRef: object({ containerName: text, resource: text, divisor: text }),
};

const container: Required<Fields<DeploymentV1SpecTemplateSpecContainer>> = {
  name: text,
  image: text,
  imagePullPolicy: text,
  command: pointer,
  args: pointer,
  workingDir: text,
  port: as(
    'ports',
    list<DeploymentV1SpecTemplateSpecContainerPort>({
      name: text,
      containerPort: number,
      protocol: text,
      hostIp: as('hostIP', text),
      hostPort: number,
    }),
  ),
  env: list<DeploymentV1SpecTemplateSpecContainerEnv>({
    name: text,
    value: text,
    valueFrom: object(valueFrom),
  }),
  envFrom: list<DeploymentV1SpecTemplateSpecContainerEnvFrom>({
    prefix: text,
    configMapRef: nameReference,
    secretRef: nameReference,
  }),
  resources: object({ requests: map, limits: map }),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: object<DeploymentV1SpecTemplateSpecContainerLifecycle>({ postStart: handler, preStop: handler }),
  securityContext: object<DeploymentV1SpecTemplateSpecContainerSecurityContext>({
    allowPrivilegeEscalation: pointer,
    privileged: pointer,
    readOnlyRootFilesystem: pointer,
    runAsNonRoot: pointer,
    runAsUser: integer,
    runAsGroup: integer,
    capabilities: object({ add: pointer, drop: pointer }),
    seccompProfile,
    seLinuxOptions,
  }),
  volumeMount: as(
    'volumeMounts',
    list<DeploymentV1SpecTemplateSpecContainerVolumeMount>({
      name: text,
      mountPath: text,
      mountPropagation: text,
      readOnly: flag,
      subPath: text,
      subPathExpr: text,
    }),
  ),
  volumeDevice: as('volumeDevices', list({ name: text, devicePath: text })),
  stdin: flag,
  stdinOnce: flag,
  tty: flag,
  terminationMessagePath: text,
  terminationMessagePolicy: text,
};

const securityContext = object<DeploymentV1SpecTemplateSpecSecurityContext>({
  runAsNonRoot: pointer,
  runAsUser: integer,
  runAsGroup: integer,
  fsGroup: integer,
  fsGroupChangePolicy: text,
  supplementalGroups: pointer,
  seccompProfile,
  seLinuxOptions,
  sysctl: as('sysctls', list({ name: text, value: pointer })),
  windowsOptions: object({
    gmsaCredentialSpec: text,
    gmsaCredentialSpecName: text,
    hostProcess: pointer,
    runAsUsername: as('runAsUserName', text),
  }),
});

const spec: Required<Fields<DeploymentV1SpecTemplateSpec>> = {
  activeDeadlineSeconds: number,
  affinity,
  automountServiceAccountToken: pointer,
  container: as('containers', list(container)),
  dnsConfig: object({
    nameservers: pointer,
    searches: pointer,
    option: as('options', list({ name: text, value: text })),
  }),
  dnsPolicy: text,
  enableServiceLinks: pointer,
  hostAliases: list({ ip: text, hostnames: pointer }),
  hostIpc: as('hostIPC', flag),
  hostNetwork: flag,
  hostPid: as('hostPID', flag),
  hostname: text,
  imagePullSecrets: list({ name: text }),
  initContainer: as('initContainers', list({ ...container, restartPolicy: text })),
  nodeName: text,
  nodeSelector: map,
  os: object({ name: text }),
  priorityClassName: text,
  readinessGate: as('readinessGates', list({ conditionType: text })),
  restartPolicy: text,
  runtimeClassName: text,
  schedulerName: text,
  securityContext,
  serviceAccountName: text,
  shareProcessNamespace: pointer,
  subdomain: text,
  terminationGracePeriodSeconds: pointer,
  toleration: as(
    'tolerations',
    list<DeploymentV1SpecTemplateSpecToleration>({
      key: text,
      operator: text,
      value: text,
      effect: text,
      tolerationSeconds: integer,
    }),
  ),
  topologySpreadConstraint: as(
    'topologySpreadConstraints',
    list<DeploymentV1SpecTemplateSpecTopologySpreadConstraint>({
      labelSelector,
      matchLabelKeys: pointer,
      maxSkew: number,
      minDomains: number,
      nodeAffinityPolicy: text,
      nodeTaintsPolicy: text,
      topologyKey: text,
      whenUnsatisfiable: text,
    }),
  ),
  volume: as('volumes', list(volume)),
};

const metadata: Fields<DeploymentV1SpecTemplateMetadata> = {
  labels: map,
  annotations: map,
  name: text,
  generateName: text,
  namespace: text,
};

/** A Pod template of the API, and what of the provider's has no place in it. */
export interface PodTemplateManifest {
  readonly template: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

/**
 * The API's form of a Pod template of the provider, for a `kubernetes_manifest`. What the API server would leave out is left
 * out: an empty list, and a zero or an empty text that is as good as none; the provider takes each for an inconsistent
 * result.
 *
 * @param nativeSidecars names of the init containers that run beside the others, for which the provider has no word
 */
export function podTemplateManifest(
  template: DeploymentV1SpecTemplate,
  nativeSidecars: readonly string[] = [],
): PodTemplateManifest {
  const errors: string[] = [];
  const { initContainer } = template.spec;
  const marked = Array.isArray(initContainer)
    ? {
        initContainer: initContainer.map((each) =>
          nativeSidecars.includes(each.name) ? { ...each, restartPolicy: 'Always' } : each,
        ),
      }
    : {};
  const converted = convert(
    { metadata: object(metadata), spec: object(spec) },
    { ...template, spec: { ...template.spec, ...marked } },
    'template',
    errors,
  );
  return { template: converted, errors };
}
