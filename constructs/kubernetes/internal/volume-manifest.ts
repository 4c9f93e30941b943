import type {
  DeploymentV1SpecTemplateSpecVolume,
  DeploymentV1SpecTemplateSpecVolumeProjectedSources,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { labelSelector } from './affinity-manifest';
import { as, type Fields, flag, list, map, number, object, octal, pointer, text } from './manifest-fields';

const fieldRef = object({ apiVersion: text, fieldPath: text });
const resourceFieldRef = object({ containerName: text, resource: text, divisor: text });
const keyItems = list({ key: text, path: text, mode: octal });
const fieldItems = list({ path: text, mode: octal, fieldRef, resourceFieldRef });

const projected = object({
  defaultMode: octal,
  sources: list<DeploymentV1SpecTemplateSpecVolumeProjectedSources>({
    configMap: object({ name: text, items: keyItems, optional: pointer }),
    secret: object({ name: text, items: keyItems, optional: pointer }),
    downwardApi: as('downwardAPI', object({ items: fieldItems })),
    serviceAccountToken: object({ audience: text, expirationSeconds: number, path: text }),
  }),
});

/**
 * The volumes of a Pod that the constructs make, and those of EKS beside them. The others are volumes of other clouds and of
 * plugins that Kubernetes has taken out.
 */
export const volume: Fields<DeploymentV1SpecTemplateSpecVolume> = {
  name: text,
  configMap: object({ name: text, items: keyItems, defaultMode: octal, optional: pointer }),
  secret: object({ secretName: text, items: keyItems, defaultMode: octal, optional: pointer }),
  projected,
  downwardApi: as('downwardAPI', object({ items: fieldItems, defaultMode: octal })),
  emptyDir: object({ medium: text, sizeLimit: text }),
  hostPath: object({ path: text, type: pointer }),
  persistentVolumeClaim: object({ claimName: text, readOnly: flag }),
  ephemeral: object({
    volumeClaimTemplate: object({
      metadata: object({ labels: map, annotations: map }),
      spec: object({
        accessModes: pointer,
        storageClassName: text,
        volumeMode: text,
        volumeName: text,
        resources: object({ requests: map, limits: map }),
        selector: labelSelector,
      }),
    }),
  }),
  csi: object({
    driver: text,
    fsType: text,
    readOnly: pointer,
    volumeAttributes: map,
    nodePublishSecretRef: object({ name: text }),
  }),
  nfs: object({ server: text, path: text, readOnly: flag }),
};
