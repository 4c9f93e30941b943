import fc from 'fast-check';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import type { Verdict } from '../../src/rules/kubernetes-oracle';
import { BareCluster } from '../e2e/bare-cluster';
import { contradicts, drawnPlatform, pendingOf, verdictOf } from './drawn-capacity';

const MINUTE = 60_000;
const RUNS = 200;

describe('the verdict on capacity', () => {
  let cluster: BareCluster;

  beforeAll(async () => {
    cluster = await BareCluster.start();
  }, 60 * MINUTE);

  afterAll(() => cluster.stop());

  it(
    `agrees with the real scheduler on ${RUNS} platforms`,
    async () => {
      const kubectl = new Kubectl(cluster.kubeconfig);
      const verdicts: Verdict[] = [];
      const fills: number[] = [];
      let number = 0;
      await fc.assert(
        fc.asyncProperty(drawnPlatform, async (platform) => {
          const verdict = verdictOf(platform, DEFAULT_KUBERNETES_VERSION);
          verdicts.push(verdict);
          fills.push(platform.fill);
          const [pending = []] = await pendingOf(kubectl, `drawn-${number++}`, [platform]);
          expect({ verdict, pending, contradicts: contradicts(verdict, pending) }).toMatchObject({
            contradicts: false,
          });
        }),
        { numRuns: RUNS, seed: Number(process.env['CAPACITY_SEED'] ?? 1) },
      );
      const share = (verdict: Verdict): number =>
        verdicts.filter((each) => each === verdict).length / verdicts.length;
      const histogram = [70, 80, 90, 100].map(
        (from) =>
          `${from}-${from + 10} %: ${fills.filter((fill) => fill * 100 >= from && fill * 100 < from + 10).length}`,
      );
      process.stdout.write(`${histogram.join(', ')}\n`);
      expect({ undecided: share('undecided') <= 0.02, can: share('can') <= 0.2 }).toEqual({
        undecided: true,
        can: true,
      });
    },
    90 * MINUTE,
  );
});
