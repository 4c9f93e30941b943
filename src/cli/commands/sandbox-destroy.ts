import type { ListrTask } from 'listr2';
import { resolve } from 'node:path';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { createsCluster, deployWaves } from '../../manifests/deploy-waves';
import { deployedStacks, forgetStack } from '../../sandbox/deployed-stacks';
import { ExternalValues } from '../../sandbox/external-values';
import { remainsInAccount, remainsInCluster } from '@kubernetes-on-aws/eks-sandbox/remains';
import { adminKubectl, writeEmptyKubeconfig } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { ProofError } from '../../sandbox/placement-proof';
import { markedRun } from '@kubernetes-on-aws/eks-sandbox/run-marker';
import { STACK } from '../../facts/stack-names';
import { runningSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { stackDeployer } from '../../sandbox/stack-deployer';
import { findProviderSource } from '../../terraform/terraform-providers';
import { interruptible } from '../terminal/interrupt';
import { elapsed } from '../terminal/elapsed';
import { destroyInSandbox } from '../sandbox-state';
import { inOneWave, reportTo, runTasks } from '../terminal/task-list';

/** `sandbox destroy`: destroys every stack in reverse and proves that nothing is left. */
export async function destroy(): Promise<void> {
  const started = Date.now();
  const directory = resolve(selectedPlatform().sandbox);
  const record = await runningSandbox(directory);
  const providers = await findProviderSource();
  const stacks = deployedStacks(directory);
  const waves = deployWaves(stacks).reverse();
  // What runs in a cluster is gone before the cluster is.
  const ofCluster = waves.findIndex((wave) => wave.some(createsCluster));

  await markedRun(directory, npmRun('sandbox:destroy'), (run) =>
    interruptible(async (signal) => {
      const options = { directory, record, providers, signal, started: run.started };
      const deployment = { ...options, external: new ExternalValues(stacks, options) };
      const destroyStack = (stack: (typeof stacks)[number]): ListrTask => ({
        title: createsCluster(stack)
          ? 'cluster: the AWS provider waits up to 60 s, at random, before it deletes a cluster'
          : stack.name,
        task: async (_, task) => {
          const since = Date.now();
          const report = reportTo(task);
          if (stack.name === STACK.pipeline) {
            await destroyInSandbox(stack, { ...deployment, report });
          } else {
            await stackDeployer(stack, { ...deployment, report }).destroy();
          }
          forgetStack(directory, stack.name);
          if (createsCluster(stack)) writeEmptyKubeconfig(directory);
          task.title = `${stack.name}: destroyed in ${elapsed(since)}`;
        },
      });
      await runTasks([
        ...waves.slice(0, Math.max(ofCluster, 0)).map((wave) => inOneWave(wave, destroyStack)),
        {
          title: 'no object of it remains in the cluster',
          enabled: () => ofCluster >= 0,
          task: async () => {
            stopAt(await remainsInCluster(adminKubectl(directory, record)));
          },
        },
        ...waves.slice(Math.max(ofCluster, 0)).map((wave) => inOneWave(wave, destroyStack)),
        {
          title: 'no resource of it remains in the account',
          task: async () => {
            stopAt(await remainsInAccount(directory, record));
          },
        },
      ]);
    }),
  );
  process.stdout.write(
    `\nEvery stack is destroyed and nothing is left, after ${elapsed(started)}. The empty account still runs: ` +
      `${npmRun('sandbox')} deploys again, ${npmRun('sandbox:down')} ends it.\n`,
  );
}

function stopAt(findings: readonly string[]): void {
  if (findings.length > 0) throw new ProofError(findings);
}
