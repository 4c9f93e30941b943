import { setTimeout as wait } from 'node:timers/promises';
import { followed } from '../../../src/pipeline/health/follow-workloads';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import type { StackHealth } from '../../../src/pipeline/health/platform-health';

const DEPLOYMENTS: TerraformDocument = {
  resource: {
    kubernetes_deployment_v1: {
      web: { metadata: { name: 'web', namespace: 'dev' }, spec: {} },
      api: { metadata: { name: 'api', namespace: 'dev' }, spec: {} },
    },
  },
};
const WEB = 'kubernetes_deployment_v1.web';

/** What is not told by a test. */
const quiet = { stack: { document: {} }, terraform: { underWay: new Set<string>(), end: () => undefined } };

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
    ...quiet,
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
    const options = { ...quiet, every: 1, report: () => undefined, ask };
    await expect(followed(Promise.reject(new Error('refused')), options)).rejects.toThrow('refused');
    const before = asked;
    await wait(20);
    expect(asked).toBe(before);
  });
});

describe('Terraform that waits for workloads', () => {
  /** For what it is ended within some questions, if it has these addresses under way and a cause stays. */
  async function ended(underWay: readonly string[], hopelessAfter?: number): Promise<string | undefined> {
    const [stuck] = health('stuck', 'exceeded quota: pods');
    const workloads = (stuck?.workloads ?? []).map((each) => ({
      ...each,
      ...(hopelessAfter !== undefined && { hopelessAfter }),
    }));
    let reason: string | undefined;
    let asked = 0;
    let end: (text: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      end = resolve;
    });
    await followed(work, {
      stack: { document: DEPLOYMENTS },
      terraform: {
        underWay: new Set(underWay),
        end: (text) => {
          reason = text;
        },
      },
      every: 5,
      report: () => undefined,
      ask: () => {
        asked += 1;
        if (asked > 10) end('done');
        return Promise.resolve([{ stack: 'dev', workloads }]);
      },
    });
    return reason;
  }

  it('is ended where a cause stays that waiting does not cure, and the error has cause and remedy', async () => {
    expect(await ended([WEB], 0.02)).toBe(
      'waiting cures nothing here:\nDeployment dev/web: stuck: 0 of 1 Pods are ready\n  exceeded quota: pods\n  To fix it: raise the quota',
    );
  });

  it.each([
    ['another workload is under way', [WEB, 'kubernetes_deployment_v1.api'], 0.02],
    ['an object that is no workload is under way', [WEB, 'aws_eks_addon.dns'], 0.02],
    ['nothing is under way', [], 0.02],
    ['the cause is too new', [WEB], 60],
    ['waiting may cure it', [WEB], undefined],
  ])('continues if %s', async (_, underWay, hopelessAfter) => {
    expect(await ended(underWay, hopelessAfter)).toBeUndefined();
  });
});
