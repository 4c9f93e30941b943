import type { App } from 'cdktf';
import type { Platform, StateSettings } from '../src/config/platform';
import { PipelineRoles } from '../constructs/aws/pipeline/pipeline-roles';
import { pipelineNames } from '../constructs/aws/pipeline/pipeline-scope';
import { StateBucket } from '../constructs/aws/pipeline/state-bucket';
import { partitionOf } from '../src/facts/partitions';
import { STACK } from '../src/facts/stack-names';
import { Stack } from './stack';

/**
 * What must exist before anything else of a platform: the bucket of all states, and the roles of its pipeline. A user creates it by
 * `npm run state:bootstrap`; the pipeline itself may not change it.
 */
export class PipelineStack extends Stack {
  /** What bounds the roles of the other stacks; undefined where nothing does, or the policy of an organization. */
  readonly roleBoundary: PipelineRoles['boundary'];

  constructor(app: App, platform: Platform, { bucket, region = platform.region }: StateSettings) {
    super(app, STACK.pipeline, platform, { region });
    new StateBucket(this, 'state', { name: bucket });
    const { repository, ownerId, repositoryId, oidcProvider, otherPlatforms } = platform.pipeline;
    if (repository === undefined) return;
    const { permissionsBoundary, path, boundary } = platform.iam;
    const { externalDns } = platform.cluster.controllers;
    const roles = new PipelineRoles(this, 'pipeline', {
      platform: platform.name,
      region: platform.region,
      state: { bucket, region },
      repository,
      ...(ownerId !== undefined &&
        repositoryId !== undefined && { repositoryIds: { owner: ownerId, repository: repositoryId } }),
      existingProvider: oidcProvider === 'existing',
      rolePath: path,
      others: otherPlatforms,
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      boundary: { zones: externalDns?.zones ?? [], allow: boundary?.allow ?? [] },
    });
    this.roleBoundary = roles.boundary;
  }
}

/** ARNs of what a pipeline has in IAM. */
export interface PipelineArns {
  /** The role that plans. */
  readonly plan: string;
  /** The role that applies. */
  readonly apply: string;
  /** The policy that bounds the roles of the platform, unless `iam.permissionsBoundary` does. */
  readonly roleBoundary: string;
}

/** Where a pipeline's roles are; undefined without a pipeline. */
export function pipelineArns({
  name,
  region,
  account,
  pipeline,
  state,
  iam,
}: Platform): PipelineArns | undefined {
  if (pipeline.repository === undefined || state === undefined) return undefined;
  const arn = (kind: string, named: string): string =>
    `arn:${partitionOf(region)}:iam::${account}:${kind}${iam.path}${named}`;
  const names = pipelineNames(name);
  return {
    plan: arn('role', names.plan),
    apply: arn('role', names.apply),
    roleBoundary: arn('policy', names.roleBoundary),
  };
}
