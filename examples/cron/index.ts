import { defineWorkload, described, imageTag } from 'kubernetes-on-aws';
import { Bucket } from 'kubernetes-on-aws/aws';
import { CronJob, EnvValue, Schedule } from 'kubernetes-on-aws/kubernetes';

/** A job that runs each night and writes to a bucket. */
export const exampleWorkload = defineWorkload({
  name: 'example',
  description: 'A job that runs each night and writes to a bucket.',
  options: {
    version: described(imageTag(), 'Tag of the image.'),
  },
  build(scope, { version }, { image }) {
    const results = new Bucket(scope, 'results');
    const job = new CronJob(scope, 'nightly', { schedule: Schedule.daily({ hour: 3 }) });
    job.addContainer('nightly', {
      image: image('example', version),
      env: { BUCKET: EnvValue.fromValue(results.name) },
    });
    results.grantReadWrite(job);
    return { results };
  },
});
