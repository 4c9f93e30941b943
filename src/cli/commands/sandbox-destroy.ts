import type { ListrTask } from 'listr2';
import definition from '../../../main';
import { deployedStacks, forgetStack } from '../../sandbox/deployed-stacks';
import { ExternalValues } from '../../sandbox/external-values';
import { remainsInAccount, remainsInCluster } from '@kubernetes-on-aws/eks-sandbox/remains';
import { Kubectl, kubeconfigFile } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { ProofError } from '../../sandbox/placement-proof';
import { markedRun } from '@kubernetes-on-aws/eks-sandbox/run-marker';
import { PIPELINE_STACK } from '../../pipeline/state/bootstrap-state';
import { runningSandbox, sandboxDirectory } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { stackDeployer } from '../../sandbox/stack-deployer';
import { findProviderSource } from '../../terraform/terraform-providers';
import { interruptible } from '../terminal/interrupt';
import { elapsed } from '../terminal/elapsed';
import { destroyInSandbox } from '../sandbox-state';
import { reportTo, runTasks } from '../terminal/task-list';

/** Stacks without Kubernetes objects. They go last, in reverse: the first of them holds the state of all. */
const AWS_STACKS = ['cluster', 'network', PIPELINE_STACK];

/** `sandbox destroy`: destroys every stack in reverse and proves that nothing is left. */
export async function destroy(): Promise<void> {
  const started = Date.now();
  const directory = sandboxDirectory();
  const record = await runningSandbox(directory);
  const { namespaces } = definition.load();
  const providers = await findProviderSource();
  const stacks = deployedStacks(directory).reverse();

  await markedRun(directory, 'sandbox:destroy', (run) =>
    interruptible(async (signal) => {
      const options = { directory, record, providers, signal, started: run.started };
      const deployment = { ...options, external: new ExternalValues(stacks, options) };
      const destroyStack = (stack: (typeof stacks)[number]): ListrTask => ({
        title:
          stack.name === 'cluster'
            ? 'cluster: the AWS provider waits up to 60 s, at random, before it deletes a cluster'
            : stack.name,
        task: async (_, task) => {
          const since = Date.now();
          const report = reportTo(task);
          if (stack.name === PIPELINE_STACK) {
            await destroyInSandbox(stack, { ...deployment, report });
          } else {
            await stackDeployer(stack, { ...deployment, report }).destroy();
          }
          forgetStack(directory, stack.name);
          task.title = `${stack.name}: destroyed in ${elapsed(since)}`;
        },
      });
      const inCluster = stacks.filter(({ name }) => !AWS_STACKS.includes(name));
      await runTasks([
        {
          title: 'namespaces',
          task: (_, task) =>
            task.newListr(inCluster.filter(({ name }) => name in namespaces).map(destroyStack), {
              concurrent: 2,
            }),
        },
        ...inCluster.filter(({ name }) => !(name in namespaces)).map(destroyStack),
        {
          title: 'nothing of it is left in the cluster',
          enabled: () => stacks.some(({ name }) => name === 'cluster'),
          task: async () => {
            stopAt(await remainsInCluster(new Kubectl(kubeconfigFile(directory))));
          },
        },
        ...stacks.filter((stack) => !inCluster.includes(stack)).map(destroyStack),
        {
          title: 'nothing of it is left in the account',
          task: async () => {
            stopAt(await remainsInAccount(directory, record));
          },
        },
      ]);
    }),
  );
  process.stdout.write(
    `\nEvery stack is destroyed and nothing is left, after ${elapsed(started)}. The empty account goes on: ` +
      'npm run sandbox deploys again, npm run sandbox:down ends it.\n',
  );
}

function stopAt(findings: readonly string[]): void {
  if (findings.length > 0) throw new ProofError(findings);
}
