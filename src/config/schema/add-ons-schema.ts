import * as z from 'zod/mini';
import { ADD_ON_VERSION, ADD_ONS, type AddOnName, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { described, mapping, oneOf, text } from './form';

const ADD_ON_VERSION_OR_DEFAULT = new RegExp(`${ADD_ON_VERSION.source}|^default$`);

const EXAMPLE = pinnedVersion('coredns', DEFAULT_KUBERNETES_VERSION) ?? '';

const KEYS = {
  version: z.exactOptional(
    described(
      text(`a version of the add-on, such as ${EXAMPLE}, or default`, ADD_ON_VERSION_OR_DEFAULT),
      'Version, or default: EKS chooses it. Left out: the one that this program pins for the Kubernetes version.',
    ),
  ),
  policy: z.exactOptional(
    described(
      oneOf(['cluster', 'account']),
      "What its role reaches: volumes, snapshots and instances with this cluster's tag, or those of the whole account. Left out: account.",
    ),
  ),
};

/** @param scoped whether the role of the add-on can be held to the cluster */
const addOn = (scoped: boolean) => mapping(scoped ? KEYS : ({ version: KEYS.version } as typeof KEYS));

/** Every add-on by its name, each of them optional. */
export const addOns = mapping(
  Object.fromEntries(
    Object.entries(ADD_ONS).map(([name, { purpose, default: always, clusterPolicy }]) => [
      name,
      z.exactOptional(
        described(addOn(clusterPolicy !== undefined), `${purpose}${always ? '; every cluster has it' : ''}.`),
      ),
    ]),
  ) as Record<AddOnName, z.ZodMiniExactOptional<ReturnType<typeof addOn>>>,
);
