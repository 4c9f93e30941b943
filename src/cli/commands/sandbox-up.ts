import type { ListrTask } from 'listr2';
import { relative, resolve } from 'node:path';
import { npmRun, ownOutdir, selectedPlatform } from '../../facts/selected-platform';
import type { Platform } from '../../config/platform';
import definition from '../../../main';
import type { EditEffect } from '../../pipeline/edit/edit-effects';
import { createsCluster, deployWaves } from '../../manifests/deploy-waves';
import { readPlatformRecord, type PlatformRecord } from '../../manifests/platform-record';
import { readStacks, type Stack } from '../../manifests/stacks';
import { editOfSandbox } from '../../sandbox/sandbox-edit';
import { prepareHandOvers, sandboxStore } from '../../sandbox/hand-overs';
import { copySynthesized, forgetStack, orphanedStacks, WHY_LEFT_OUT } from '../../sandbox/deployed-stacks';
import { ExternalValues } from '../../sandbox/external-values';
import { AwsQuery } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { closedEndpoints } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/closed-endpoints';
import {
  adminKubectl,
  hasCluster,
  kubeconfigFile,
  writeKubeconfig,
} from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { synthesizeEarlier, type EarlierSynthesis } from '../../sandbox/earlier-synthesis';
import { proveImages } from '../../sandbox/image-proof';
import type { Outage } from '../../sandbox/outage-log';
import { followed } from '../../pipeline/health/follow-workloads';
import { platformHealth } from '../../pipeline/health/platform-health';
import { OutageWatch } from '../../sandbox/outage-watch';
import { ProofError, provePlacement, type Proof } from '../../sandbox/placement-proof';
import { markedRun } from '@kubernetes-on-aws/eks-sandbox/run-marker';
import { takeDown } from '@kubernetes-on-aws/eks-sandbox/take-down';
import { isFromManifests, stackDeployer, type DeployerOptions } from '../../sandbox/stack-deployer';
import { findProviderSource } from '../../terraform/terraform-providers';
import { STACK } from '../../facts/stack-names';
import { platformOutline } from '../../checks/platform-outline';
import { interruptible } from '../terminal/interrupt';
import { elapsed } from '../terminal/elapsed';
import { printWarning } from '../terminal/print-warning';
import { startTasks, type Started } from '../sandbox-start';
import { bootstrapInSandbox } from '../sandbox-state';
import { bucketSettings } from './state-bootstrap';
import { drawOutages } from '../reports/outage-report';
import { drawEffects } from '../reports/plan-report';
import { drawPlatform } from '../reports/platform-tree';
import { terminalWidth } from '../terminal/table';
import { AT_ONCE, inOneWave, reportTo, runTasks } from '../terminal/task-list';

/** What each step leaves for the next ones. */
interface Context extends Started {
  stacks: Stack[];
  /** Names of the stacks that are for real clusters only. */
  leftOut: readonly string[];
  /** With what each stack is deployed, and planned again. */
  deployment: DeployerOptions;
  proof: Proof;
  /** Names of the stacks that were made or changed. */
  changed: string[];
  /** What runs while it is changed; undefined where nothing runs yet. */
  watch?: OutageWatch;
}

/** What follows `sandbox up` on the command line. */
export interface UpOptions {
  readonly json?: boolean;
  /** A commit of Git, which is deployed first. */
  readonly from?: string;
}

/** A version of the platform, and its synthesized stacks. */
interface Version {
  readonly platform: Platform;
  readonly outdir: string;
}

/** What a deployment ended with. */
interface Deployed extends Context {
  readonly synthesized: PlatformRecord;
  readonly effects: readonly EditEffect[];
  readonly outages: readonly Outage[];
}

/** `sandbox up`: builds what is missing, starts the sandbox, deploys every stack, proves the result, leaves it running. */
export async function up(options: UpOptions): Promise<void> {
  const started = Date.now();
  const { platform, outdir } = definition.synthesize({ outdir: ownOutdir(), onWarning: printWarning });
  const directory = resolve(selectedPlatform().sandbox);
  if (options.from !== undefined) await deployEarlier(options.from, directory, options);
  const deployed = await deployVersion({ platform, outdir }, directory, options);

  const { proof, stacks, leftOut, synthesized, effects, outages } = deployed;
  const changed = stacks.map(({ name }) => name).filter((name) => deployed.changed.includes(name));
  const seconds = Math.round((Date.now() - started) / 1000);
  const kubeconfig = relative(process.cwd(), kubeconfigFile(directory));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ seconds, effects, outages, changed, leftOut, kubeconfig, ...proof })}\n`
      : `\n${drawPlatform(platformOutline(synthesized, stacks), terminalWidth(), proof)}\n\n` +
          drawOutages(outages, terminalWidth()) +
          `Proven in ${seconds} s: a second plan of every stack${leftOut.map((name) => ` but ${name}`).join('')} is empty. ` +
          `Every node and Pod is Ready. Each namespace is on its nodes only.${changed.length === 0 ? ' Nothing had to change.' : ''}\n\n` +
          `Look at it:   ${npmRun('sandbox:shell', 'kubectl get pods --all-namespaces --output wide')}\n` +
          `Use it:       ${npmRun('sandbox:shell')}   (terraform, cdktf, aws and kubectl reach only the sandbox there)\n` +
          `End it:       ${npmRun('sandbox:destroy')}, or at once: ${npmRun('sandbox:down')}\n`,
  );
}

/** Deploys what a commit of Git declares to a new sandbox. */
async function deployEarlier(ref: string, directory: string, options: UpOptions): Promise<void> {
  const file = relative(process.cwd(), resolve(selectedPlatform().file));
  const outdir = ownOutdir();
  const earlier = await interruptible(async (signal) => {
    const context = await runTasks<{ earlier?: EarlierSynthesis }>(
      [
        {
          title: `Synthesizing ${ref}`,
          task: async (found, task) => {
            found.earlier = await synthesizeEarlier(
              ref,
              { file, outdir },
              {
                signal,
                report: (text) => {
                  task.output = text;
                },
              },
            );
          },
        },
      ],
      { context: {}, json: options.json },
    );
    return context.earlier as EarlierSynthesis;
  });
  try {
    const platform = definition.parse(earlier.text, `${file} of ${ref}`);
    await interruptible(() => takeDown(directory));
    await deployVersion({ platform, outdir: earlier.outdir }, directory, options);
  } finally {
    await earlier.remove();
  }
}

/** Deploys the stacks of a version, over what the sandbox has. */
async function deployVersion(
  { platform, outdir }: Version,
  directory: string,
  options: UpOptions,
): Promise<Deployed> {
  const synthesized = readPlatformRecord(outdir);
  const start = await startTasks<Context>(platform, directory);
  const context = { changed: [] as string[] } as Context;
  let effects: EditEffect[] = [];
  try {
    await markedRun(directory, npmRun('sandbox'), (run) =>
      interruptible(async (signal) => {
        // What a run that was ended by force has left is deleted.
        if (!run.interrupted) effects = await editOfSandbox(directory, platform, readStacks(outdir));
        if (!options.json) process.stdout.write(drawEffects(effects, terminalWidth()));
        const tasks: ListrTask<Context>[] = [
          ...start(run, signal),
          providersTask(directory, { outdir, synthesized }, { started: run.started, signal }),
          deployTask(platform, directory),
          proveTask(platform, synthesized, directory),
        ];
        return runTasks(tasks, { context, json: options.json });
      }),
    );
  } catch (error) {
    process.stderr.write(drawOutages((await context.watch?.end()) ?? [], terminalWidth()));
    throw error;
  }
  return { ...context, synthesized, effects, outages: (await context.watch?.end()) ?? [] };
}

function providersTask(
  directory: string,
  { outdir, synthesized }: { readonly outdir: string; readonly synthesized: PlatformRecord },
  run: Pick<DeployerOptions, 'started' | 'signal'>,
): ListrTask<Context> {
  return {
    title: 'Finding Terraform providers',
    task: async (context, task) => {
      const providers = await findProviderSource();
      const { stacks, leftOut } = copySynthesized(directory, outdir);
      Object.assign(context, { stacks, leftOut });
      const options = { directory, record: context.record, providers, ...run };
      const store = sandboxStore(stacks, directory, context.record);
      context.deployment = { ...options, store, external: new ExternalValues(stacks, options) };
      await prepareHandOvers(stacks, synthesized, directory, store);
      if (hasCluster(directory)) {
        const { endpoint, region, credentials } = context.record;
        const aws = new AwsQuery(endpoint, region, credentials);
        context.watch = new OutageWatch(adminKubectl(directory, context.record), aws);
        await context.watch.listed(run.signal);
      }
      const without = stacks.filter((stack) => isFromManifests(stack, options));
      task.title =
        without.length === 0
          ? providers.description
          : `${providers.description}; hashicorp/kubernetes is not among them: ${without
              .map(({ name }) => name)
              .join(', ')} are applied from their manifests by server-side apply`;
    },
  };
}

function deployTask(platform: Platform, directory: string): ListrTask<Context> {
  return {
    title: 'Deploying',
    task: (context, parent) => {
      const { stacks, leftOut, record, deployment } = context;
      const orphans = orphanedStacks(directory, stacks);
      const deploy = (stack: Stack): ListrTask<Context> => ({
        title: stack.name,
        task: async (_, task) => {
          const since = Date.now();
          if (stack.name === STACK.pipeline && platform.state) {
            const { changed } = await bootstrapInSandbox(stacks, bucketSettings(platform, platform.state), {
              ...deployment,
              report: reportTo(task),
            });
            if (changed) context.changed.push(stack.name);
            task.title = `${stack.name}: ${changed ? `created or changed in ${elapsed(since)}` : 'unchanged'}`;
            return;
          }
          const deployer = stackDeployer(stack, { ...deployment, report: reportTo(task) });
          const begun = deployer.begun;
          if (begun && !(await deployer.differs())) {
            task.title = `${stack.name}: unchanged`;
          } else {
            const { terraform } = deployer;
            const applied = terraform
              ? followed(deployer.apply(), {
                  stack,
                  terraform,
                  report: (text) => {
                    task.output = text;
                  },
                  ask: () => platformHealth([stack], (...args) => adminKubectl(directory, record).run(args)),
                })
              : deployer.apply();
            await (context.watch?.during(stack.name, applied) ?? applied);
            context.changed.push(stack.name);
            task.title = `${stack.name}: ${begun ? 'changed' : 'created'} in ${elapsed(since)}`;
          }
          // What comes after it, and the proof, speak to the cluster that it has made.
          if (createsCluster(stack)) await writeKubeconfig(directory, record, platform.name);
        },
      });
      return parent.newListr(
        [
          ...orphans.map(({ name, document }): ListrTask<Context> => ({
            title: `${name}: no longer in the platform, destroying it`,
            task: async () => {
              const destroyed = stackDeployer({ name, document }, deployment).destroy();
              await (context.watch?.during(name, destroyed) ?? destroyed);
              forgetStack(directory, name);
            },
          })),
          ...leftOut.map((name): ListrTask<Context> => ({
            title: `${name}: ${WHY_LEFT_OUT}`,
            task: () => undefined,
          })),
          ...deployWaves(stacks).map((wave) => inOneWave(wave, deploy)),
        ],
        { concurrent: false },
      );
    },
  };
}

function proveTask(platform: Platform, record: PlatformRecord, directory: string): ListrTask<Context> {
  return {
    title: 'Proving',
    task: ({ stacks, deployment, changed }, parent) => {
      const findings: string[] = [];
      const planAgain = (stack: Stack): ListrTask<Context> => ({
        title: stack.name,
        task: async (_, task) => {
          const differs = await stackDeployer(stack, deployment).differs();
          if (differs) findings.push(`stack ${stack.name}: a second plan is not empty`);
          task.title = `${stack.name}: a second plan is ${differs ? 'not ' : ''}empty`;
        },
      });
      return parent.newListr([
        {
          title: 'second plans',
          // What was found as it was has had its empty plan already.
          task: (_, task) =>
            task.newListr(stacks.filter(({ name }) => changed.includes(name)).map(planAgain), {
              concurrent: AT_ONCE,
            }),
        },
        {
          title:
            'every node and Pod is Ready, with images that its node can pull, every namespace on its nodes only',
          task: async (context) => {
            const { endpoint, region, credentials } = context.record;
            const aws = new AwsQuery(endpoint, region, credentials);
            findings.push(...(await closedEndpoints(aws)));
            if (findings.length > 0) throw new ProofError(findings);
            const kubectl = adminKubectl(directory, context.record, deployment.signal);
            context.proof = await provePlacement(kubectl, record, stacks);
            await proveImages(context.proof, platform, aws);
          },
        },
      ]);
    },
  };
}
