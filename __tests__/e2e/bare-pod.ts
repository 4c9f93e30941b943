import { stringify } from 'yaml';

/** A Pod that Pod Security admits, as YAML, with the node affinity that a test wants. */
export const pod = (name: string, affinity?: object): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'shell',
          image: 'busybox',
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
      ...affinity,
    },
  });

/** A required node affinity: each term names the nodes of the platform that it allows. */
export const affinityTo = (...terms: string[][]): object => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map((values) => ({
          matchExpressions: [{ key: 'platform/node', operator: 'In', values }],
        })),
      },
    },
  },
});
