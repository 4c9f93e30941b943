import * as z from 'zod/mini';
import { ADD_ON_PURPOSES, ADD_ON_VERSION, type AddOnName } from '@kubernetes-on-aws/eks-facts/add-ons';
import { described, mapping, text } from './form';

const ADD_ON_VERSION_OR_DEFAULT = new RegExp(`${ADD_ON_VERSION.source}|^default$`);

const addOn = () =>
  mapping({
    version: z.exactOptional(
      described(
        text('a version of the add-on, such as v1.13.2-eksbuild.11, or default', ADD_ON_VERSION_OR_DEFAULT),
        'Version, or default: EKS chooses it. Left out: the one that this program pins for the Kubernetes version.',
      ),
    ),
  });

/** Every add-on by its name, each of them optional. */
export const addOns = mapping(
  Object.fromEntries(
    Object.entries(ADD_ON_PURPOSES).map(([name, purpose]) => [
      name,
      z.exactOptional(described(addOn(), purpose)),
    ]),
  ) as Record<AddOnName, z.ZodMiniExactOptional<ReturnType<typeof addOn>>>,
);
