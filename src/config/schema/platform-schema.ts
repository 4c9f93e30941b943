import * as z from 'zod/mini';
import { checks } from './checks-schema';
import { cluster } from './cluster-schema';
import { byName, described, mapping, text } from './form';
import { iam } from './iam-schema';
import { images } from './images-schema';
import type { WorkloadKeys } from '../workload-keys';
import { NAMESPACE_NAME, namespaceSchema } from './namespace-schema';
import { network } from './network-schema';
import { node, NODE_NAME } from './node-schema';
import { pipeline } from './pipeline-schema';
import { platformName } from './platform-name';
import { region } from './region-schema';
import { state } from './state-schema';
import { tags } from './tags-schema';

/**
 * The form of `platform.yaml`. What two values must be to each other is the rules' concern.
 *
 * @param workloads those that a namespace may run
 */
export const platformSchema = (workloads: readonly WorkloadKeys[]) =>
  described(
    mapping({
      name: described(platformName, 'Name of the EKS cluster and prefix of every AWS name.'),
      region: described(region(), 'AWS region.'),
      account: z.exactOptional(
        described(
          text('an AWS account of 12 digits, in quotes', /^\d{12}$/),
          'AWS account. Plan and apply refuse the credentials of any other account. Left out: the account of the first admin.',
        ),
      ),
      extends: z.exactOptional(
        described(
          text('a file, relative to this one, such as base.yaml', /./),
          'A file that this one extends: mappings merge key by key, lists and scalars are replaced, null removes a key. Left out: none.',
        ),
      ),
      state: z.exactOptional(described(state, 'Where Terraform keeps its state. Left out: local files.')),
      imageRegistry: z.exactOptional(
        described(
          text(
            'a registry with its path, such as registry.example.com/shop',
            /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
            (got) => {
              const bare = got.replace(/^https?:\/\//, '').replace(/\/+$/, '');
              return bare === got || bare === '' ? undefined : `write ${bare}`;
            },
          ),
          'Registry, with its path, that images are pulled from. Left out: the ECR registry of the first admin’s account.',
        ),
      ),
      images: z.prefault(described(images, 'Where nodes pull images from.'), {}),
      tags: z._default(described(tags, 'Tags of every AWS resource, besides Platform and ManagedBy.'), {}),
      protect: z._default(
        described(
          z.boolean('expected true or false'),
          'Whether Terraform refuses to destroy or replace the VPC, the cluster, a KMS key, a file system or a database.',
        ),
        true,
      ),
      pipeline: z.prefault(
        described(
          pipeline,
          'The roles that plan and apply from the repository, and what their guard allows.',
        ),
        {},
      ),
      checks: z.prefault(described(checks, 'Findings that npm run check allows.'), {}),
      iam: z.prefault(described(iam, 'What all IAM roles of the platform have in common.'), {}),
      network: z.prefault(described(network, 'The VPC.'), {}),
      cluster: described(cluster, 'The EKS control plane.'),
      nodes: described(
        byName(node, 'nodes', NODE_NAME),
        'The managed node groups by name, at least one: each in one zone.',
      ),
      namespaces: described(
        byName(namespaceSchema(workloads), 'namespaces', NAMESPACE_NAME),
        'The namespaces by name: one stack each.',
      ),
    }),
    'The platform: one VPC, one EKS cluster, its node groups, and what runs in each namespace.',
  );

/** What the schema makes of a file without mistakes. */
export type PlatformFile = z.output<ReturnType<typeof platformSchema>>;
