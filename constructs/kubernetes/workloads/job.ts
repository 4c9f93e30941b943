import { JobV1, type JobV1Spec } from '@cdktf/provider-kubernetes/lib/job-v1';
import type { Construct } from 'constructs';
import type { Job as ApiJob } from 'kubernetes-types/batch/v1';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { objectAt } from '../../../src/rules/workload-pods';
import { MAIN_CHILD } from '../../terraform/construct';
import { revisionOf } from '../internal/content-hash';
import { ACTIVE_DEADLINE_SECONDS, invalidJob, jobSpec, type JobSpecOptions } from './job-spec';
import { Workload } from './workload';

/** How long Terraform waits for a Job without a deadline. */
const DAY_SECONDS = 86_400;

/** A Job, and whether Terraform waits for its end. */
export interface JobOptions extends JobSpecOptions {
  /**
   * Whether Terraform waits until the Job has ended: it fails when the Job does, at the latest after
   * `activeDeadlineSeconds`, or a day without a deadline.
   * @default false
   */
  readonly wait?: boolean;
}

/**
 * A Job: Pods that run to their end, once. Its name ends in a hash of what it runs: images, commands, arguments, variables, volumes,
 * and the content of its ConfigMaps and Secrets. A change of these is another Job, which runs. Any other change, such as of resources
 * or node groups, reaches the Job that runs next. A Job that has ended stays until then.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
 */
export class Job extends Workload<JobV1Spec, ApiJob> {
  readonly resource: JobV1;

  constructor(
    scope: Construct,
    id: string,
    private readonly options: JobOptions = {},
  ) {
    super(scope, id, options);
    this.node.addValidation({
      validate: () => invalidJob(options, this.template.sidecarNames),
    });
    const wait = timeout(options);
    this.resource = new JobV1(this, MAIN_CHILD, {
      metadata: { name: this.name },
      spec: { template: { metadata: {}, spec: {} } },
      waitForCompletion: options.wait ?? false,
      // The API server changes no Pod template of a Job. It takes effect with the next name.
      lifecycle: { ignoreChanges: ['spec'] },
      timeouts: { create: wait, update: wait, delete: '5m' },
    });
    this.complete(this.resource, () => {
      const spec = this.spec();
      this.resource.putMetadata(this.objectMetadata(`${this.name}-${revisionOf(this, this.program(spec))}`));
      this.resource.putSpec(spec);
    });
  }

  /** What the Pods run, by value, and nothing of where and how they run. */
  private program({ template }: JobV1Spec): object {
    const containers = [template.spec?.initContainer, template.spec?.container].flatMap((list) =>
      Array.isArray(list) ? list : [],
    );
    return {
      containers: containers.map(({ image, command, args, workingDir, env, envFrom, volumeMount }) => ({
        ...{ image, command, args, workingDir, env, envFrom, volumeMount },
      })),
      volumes: template.spec?.volume,
      configuration: [...this.template.configuration].map(({ revision }) => revision).sort(),
    };
  }

  private spec(): JobV1Spec {
    const { restartPolicy = 'Never' } = this.options;
    const template = this.podTemplate({ several: false, restartPolicy, runsOnce: true });
    return this.customized(jobSpec(this.options, template));
  }

  override brokenPromises(object: KubernetesObject): string[] {
    const errors = super.brokenPromises(object);
    if (this.options.wait === true && objectAt(object, 'spec')['suspend'] === true) {
      errors.push(
        'spec.suspend: got true. A suspended Job starts no Pod, and wait lets Terraform wait for its end; remove one of the two',
      );
    }
    return errors;
  }
}

/**
 * How long Terraform waits. The provider's own minute would fail most Jobs; with less than the Job itself has, Terraform would
 * give up on a Job that it could have seen fail.
 */
function timeout({ wait, activeDeadlineSeconds, terminationGracePeriodSeconds }: JobOptions): string {
  if (!wait) return '30m';
  const deadline = activeDeadlineSeconds === 'none' ? DAY_SECONDS : activeDeadlineSeconds;
  const longest = (deadline ?? ACTIVE_DEADLINE_SECONDS) + (terminationGracePeriodSeconds ?? 30);
  return `${Math.ceil(longest / 60) + 1}m`;
}
