import { setTimeout as wait } from 'node:timers/promises';
import { followed } from '../../../src/pipeline/health/follow-workloads';
import type { StackHealth } from '../../../src/pipeline/health/platform-health';

const health = (state: 'progressing' | 'stuck', cause: string): StackHealth[] => [
  {
    stack: 'dev',
    workloads: [
      {
        workload: 'Deployment dev/web',
        state,
        found: '0 of 1 Pods are ready',
        cause,
        remedy: 'raise the quota',
      },
    ],
  },
];

/** What is reported while work goes on for some questions. */
async function reports(answers: readonly (StackHealth[] | Error)[]): Promise<string[]> {
  const told: string[] = [];
  let asked = 0;
  let end: () => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    end = () => {
      resolve('done');
    };
  });
  const result = followed(work, {
    every: 1,
    report: (text) => told.push(text),
    ask: () => {
      const answer = answers[asked++];
      if (asked >= answers.length) end();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? []);
    },
  });
  expect(await result).toBe('done');
  return told;
}

describe('workloads that an apply waits for', () => {
  it('are reported once for each cause that waiting does not cure', async () => {
    const quota = health('stuck', 'exceeded quota: pods');
    expect(
      await reports([health('progressing', ''), quota, quota, health('stuck', 'ImagePullBackOff')]),
    ).toEqual([
      'Deployment dev/web: stuck: 0 of 1 Pods are ready\n  exceeded quota: pods\n  To fix it: raise the quota',
      'Deployment dev/web: stuck: 0 of 1 Pods are ready\n  ImagePullBackOff\n  To fix it: raise the quota',
    ]);
  });

  it('are read again if the cluster does not answer', async () => {
    expect(await reports([new Error('no answer'), new Error('no answer'), health('stuck', 'quota')])).toEqual(
      ['workloads cannot be followed: no answer', expect.stringContaining('stuck')],
    );
  });

  it('are read no more after the work has ended or failed', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      return Promise.resolve([]);
    };
    const options = { every: 1, report: () => undefined, ask };
    await expect(followed(Promise.reject(new Error('refused')), options)).rejects.toThrow('refused');
    const before = asked;
    await wait(20);
    expect(asked).toBe(before);
  });
});
