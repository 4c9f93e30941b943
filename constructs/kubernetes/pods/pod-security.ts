import type { Container } from './container';
import { type Namespace, type PodSecurity } from '../namespaces/namespace';
import { nameOf } from './placement';
import type { Volume } from '../storage/volume';

interface Standard {
  /** Whether a container may run as root. */
  readonly root: boolean;
  /** Capabilities that may be added; undefined is any. */
  readonly capabilities: readonly string[] | undefined;
  /** Whether a volume may be a folder of the node. */
  readonly hostPath: boolean;
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const STANDARDS: Readonly<Record<PodSecurity, Standard>> = {
  restricted: { root: false, capabilities: ['NET_BIND_SERVICE'], hostPath: false },
  baseline: {
    root: true,
    capabilities: [
      'AUDIT_WRITE',
      'CHOWN',
      'DAC_OVERRIDE',
      'FOWNER',
      'FSETID',
      'KILL',
      'MKNOD',
      'NET_BIND_SERVICE',
      'SETFCAP',
      'SETGID',
      'SETPCAP',
      'SETUID',
      'SYS_CHROOT',
    ],
    hostPath: false,
  },
  privileged: { root: true, capabilities: undefined, hostPath: true },
};

/**
 * What the namespace's Pod Security Standard would refuse. The API server refuses the Pods and not their workload, so that
 * an apply would wait for its whole timeout with nothing said.
 */
export function refusedByPodSecurity(
  namespace: Namespace,
  containers: readonly Container[],
  volumes: Iterable<Volume>,
): string[] {
  const standard = STANDARDS[namespace.podSecurity];
  const errors: string[] = [];
  const refuse = (what: string, remedy: string): void => {
    errors.push(
      `${what}, which Pod Security ${namespace.podSecurity} of namespace ${nameOf(namespace)} refuses; ${remedy}`,
    );
  };
  for (const container of containers) {
    if (container.root && !standard.root) {
      refuse(
        `container "${container.name}" runs as root`,
        'leave root out, or say podSecurity on the Namespace',
      );
    }
    const allowed = standard.capabilities;
    const tooMuch = allowed ? container.capabilities.filter((each) => !allowed.includes(each)) : [];
    if (tooMuch.length > 0) {
      refuse(
        `container "${container.name}" adds the capabilities ${tooMuch.join(', ')}`,
        `it admits: ${allowed?.join(', ') ?? ''}`,
      );
    }
  }
  for (const volume of volumes) {
    if (volume.toTerraform().hostPath !== undefined && !standard.hostPath) {
      refuse(
        `volume "${volume.name}" is a folder of the node`,
        'take another volume, or say podSecurity on the Namespace',
      );
    }
  }
  return errors;
}
