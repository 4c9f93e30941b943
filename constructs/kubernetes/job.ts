import { JobV1, type JobV1Spec } from '@cdktf/provider-kubernetes/lib/job-v1';
import { DefaultTokenResolver, StringConcat, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { MAIN_CHILD } from '../terraform/address';
import { atSynthesis } from '../terraform/at-synthesis';
import { invalidJob, jobSpec, type JobSpecOptions } from './job-spec';
import { Workload } from './workload';

export interface JobOptions extends JobSpecOptions {
  /**
   * Whether Terraform waits until the Job has ended well, for up to 30 minutes.
   * @default false
   */
  readonly wait?: boolean;
}

/** Length of the hash and its dash. */
const SUFFIX = 9;

/**
 * A Job: Pods that run to their end, once. Its object's name ends in a hash of what it runs: a change is another Job, which
 * runs; without one nothing runs again. A Job that has ended stays until then.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
 */
export class Job extends Workload<JobV1Spec> {
  readonly resource: JobV1;

  constructor(scope: Construct, id: string, options: JobOptions) {
    super(scope, id, options, 63 - SUFFIX);
    this.node.addValidation({ validate: () => invalidJob(options, this.template.sidecarNames) });
    this.resource = new JobV1(this, MAIN_CHILD, {
      metadata: { name: this.name },
      spec: { template: { metadata: {}, spec: {} } },
      waitForCompletion: options.wait ?? false,
      // The provider's own wait of one minute would fail most of them.
      timeouts: { create: '30m', update: '30m', delete: '5m' },
    });
    atSynthesis(this.resource, () => {
      const template = this.podTemplate({ several: false, restartPolicy: 'Never' });
      const spec = this.customised(jobSpec(options, template));
      this.resource.putMetadata({
        name: `${this.name}-${this.hashOf(spec)}`,
        namespace: this.namespace.name,
        labels: { ...this.labels },
      });
      this.resource.putSpec(spec);
    });
  }

  private hashOf(spec: JobV1Spec): string {
    // Tokens are numbered as they come; what they stand for is the same in every synthesis.
    const resolved: unknown = Tokenization.resolve(spec, {
      scope: this,
      resolver: new DefaultTokenResolver(new StringConcat()),
      preparing: false,
    });
    const content = JSON.stringify(resolved);
    return createHash('sha256')
      .update(content)
      .digest('hex')
      .slice(0, SUFFIX - 1);
  }
}
