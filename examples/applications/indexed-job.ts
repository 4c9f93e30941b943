import type { Construct } from 'constructs';
import { Job, Volume } from 'kubernetes-on-aws/kubernetes';

/** Five pieces of work, three at a time. Each Pod has the number of its piece. */
export function indexedJob(scope: Construct): Job {
  const input = Volume.fromEmptyDir('input', { sizeLimit: 'unlimited' });
  const words = 'items=(foo bar baz qux xyz); echo ${items[$JOB_COMPLETION_INDEX]} > /input/data.txt';
  const job = new Job(scope, 'indexed-job', { completions: 5, parallelism: 3, indexed: true });
  job
    .addInitContainer('input', { image: 'docker.io/library/bash:5.2', command: ['bash', '-c', words] })
    .mount('/input', input);
  job
    .addContainer('worker', { image: 'docker.io/library/busybox:1.37', command: ['rev', '/input/data.txt'] })
    .mount('/input', input, { readOnly: true });
  return job;
}
