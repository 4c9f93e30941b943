import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';
import { Job, type JobOptions } from '../../../../constructs/kubernetes/workloads/job';
import { findings, inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const containers = { migrate: plain };

const migrate = (scope: Construct, options: Partial<JobOptions> = {}): Job =>
  new Job(scope, 'migrate', { containers, ...options });

describe('a Job', () => {
  const resourceOf = (options: Partial<JobOptions> = {}): unknown =>
    inNamespace((stack) => migrate(stack, options)).document.resource?.['kubernetes_job_v1']?.['migrate'];

  it('is not waited for by default', () => {
    expect(resourceOf()).toMatchObject({
      wait_for_completion: false,
      timeouts: { create: '30m', update: '30m' },
    });
    expect(resourceOf({ wait: true })).toMatchObject({ wait_for_completion: true });
  });

  it.each([60, 1800, 7200])('is waited for until it has failed by its deadline of %d seconds', (seconds) => {
    const { timeouts, spec } = resourceOf({ wait: true, activeDeadlineSeconds: seconds }) as {
      timeouts: Record<'create' | 'update', string>;
      spec: { active_deadline_seconds: number };
    };
    expect(spec.active_deadline_seconds).toBe(seconds);
    for (const wait of [timeouts.create, timeouts.update]) {
      expect(wait).toMatch(/^\d+m$/);
      expect(Number.parseInt(wait) * 60).toBeGreaterThan(seconds);
    }
  });

  it('fails without a retry when a container exits with a listed status', () => {
    const failJob = (containerName: string): object => ({
      action: 'FailJob',
      onExitCodes: { containerName, operator: 'In', values: [2, 3] },
    });
    const shop = inNamespace((stack) => {
      migrate(stack, { failOnExitCodes: [2, 3] }).addInitContainer('wait', plain);
    });
    // A rule without a name would be for all of them, and the provider crashes over it.
    expect(shop.object('Job')['spec']).toMatchObject({
      podFailurePolicy: { rules: [{ action: 'Ignore' }, failJob('wait'), failJob('migrate')] },
    });
  });

  it('has no time to live, because the next apply would run it again', () => {
    expect(resourceOf()).not.toHaveProperty('spec.ttl_seconds_after_finished');
    const refused =
      'spec.ttlSecondsAfterFinished: got 60, after which Kubernetes deletes the Job, and the next apply runs it again. Leave it out (YAML: by edit), or make a CronJob';
    expect(
      findings((stack) => migrate(stack).customize((spec) => ({ ...spec, ttlSecondsAfterFinished: '60' }))),
    ).toEqual([`shop/migrate (kubernetes_job_v1.migrate): ${refused}`]);
    expect(
      findings((stack) =>
        migrate(stack).patch(({ spec }) => {
          spec.ttlSecondsAfterFinished = 60;
        }),
      ),
    ).toEqual([`shop/migrate (kubernetes_job_v1.migrate): ${refused}`]);
  });

  it('cannot be suspended while Terraform waits for its end', () => {
    const suspended = (wait: boolean): string[] =>
      findings((stack) =>
        migrate(stack, { wait, via: 'manifest' }).patch(({ spec }) => {
          spec.suspend = true;
        }),
      );
    expect(suspended(false)).toEqual([]);
    expect(suspended(true)).toEqual([
      'shop/migrate (kubernetes_manifest.migrate): spec.suspend: got true. A suspended Job starts no Pod, and wait lets Terraform wait for its end; remove one of the two',
    ]);
  });

  it('tries twice more, ends by a deadline, and does not count Pods that a drain removed', () => {
    expect(inNamespace((stack) => migrate(stack)).object('Job')['spec']).toMatchObject({
      backoffLimit: 2,
      activeDeadlineSeconds: 1800,
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      template: { spec: { restartPolicy: 'Never' } },
    });
  });

  it('has another name if it runs something else, and the same one otherwise', () => {
    const named = (image: string, before = 0): string | undefined =>
      inNamespace((stack) => {
        const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
        // Other constructs before it shift the numbers of CDKTF's tokens.
        for (let index = 0; index < before; index += 1) {
          new ConfigMap(stack, `other-${index}`, { data: { name: settings.name } });
        }
        const env = { LEVEL: EnvValue.fromConfigMap(settings, 'level') };
        migrate(stack, { containers: { migrate: { ...plain, image, env } } });
      }).object('Job').metadata.name;
    expect(named('shop/migrate:1')).toMatch(/^migrate-[0-9a-f]{8}$/);
    expect(named('shop/migrate:2')).not.toBe(named('shop/migrate:1'));
    expect(named('shop/migrate:1', 3)).toBe(named('shop/migrate:1'));
  });

  it('states the limits of each index, which would be sent as 0', () => {
    const { spec } = resourceOf({ indexed: true, completions: 3 }) as { spec: unknown };
    expect(spec).toMatchObject({
      completion_mode: 'Indexed',
      backoff_limit: 2147483647,
      backoff_limit_per_index: 2,
      max_failed_indexes: 0,
    });
  });

  it('reports what would keep it from its end', () => {
    expect(() =>
      inNamespace((stack) =>
        migrate(stack, {
          maxFailedIndexes: 1,
        }).addSidecar('proxy', plain),
      ),
    ).toThrow(
      [
        'shop/migrate: maxFailedIndexes: only an indexed Job has indexes; set indexed: true, or leave it out',
        'shop/migrate: sidecar "proxy" is an ordinary container and would keep the Job from completing; set via: \'manifest\', which makes it a native sidecar',
      ].join('\n'),
    );
  });
});

it('a Job refuses a status that no process ends with', () => {
  expect(() => inNamespace((stack) => migrate(stack, { failOnExitCodes: [256] }))).toThrow(
    'failOnExitCodes: got 256; whole numbers from 1 to 255 are allowed',
  );
});
