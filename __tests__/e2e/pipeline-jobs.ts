import { execa } from 'execa';
import { readFileSync, writeFileSync } from 'node:fs';
import type { CountedFault, Fault } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/faults';
import type { PlanSummary } from '../../src/cli/reports/plan-report';
import { CALL_FILE, CALL_LOG, CallRecord } from '../iam/calls/call-record';
import { Project, succeeded } from './project';
import { Repository, type Checkout, type JobEnd } from './repository';

export interface Planned {
  readonly checkout: Checkout;
  readonly end: JobEnd;
  readonly summary: PlanSummary;
}

/** What a run of the job `apply` has applied: names of stacks. */
export const applied = (checkout: Checkout): unknown =>
  (checkout.readJson('apply.json') as { readonly applied: unknown }).applied;

/** What the workflows name the platform by, as `npm run platforms` prints it. */
const PLATFORM = 'platform.yaml';

/** The jobs of the workflows, on checkouts of their own, against a sandbox in which nothing is deployed. */
export class PipelineJobs {
  /** @param stacks those that are planned. @default - all */
  static async start(stacks: readonly string[] = []): Promise<PipelineJobs> {
    const sandbox = await Project.copy({ [CALL_LOG]: CALL_FILE });
    const file = sandbox.path('platform.yaml');
    const text = readFileSync(file, 'utf8')
      // Two zones, and nothing that takes minutes to be made.
      .replace('zones: [a, b, c]', 'zones: [a, b]')
      .replace('nat: per-zone', 'nat: none')
      .replace('node-3: { zone: c', 'node-3: { zone: b')
      .replace(
        /^# state:.*$/m,
        'state: { bucket: seed-111122223333-state }\npipeline: { repository: acme/platform }',
      );
    writeFileSync(file, text);
    const repository = await Repository.create(sandbox.folder);
    succeeded(await sandbox.npm('sandbox', ['--empty', '--json']));
    // The jobs run on machines of their own: they have the account, and not the folder of its sandbox.
    const environment = Object.entries(await sandbox.sandboxEnvironment());
    const ofAccount = environment.filter(([name]) => !/^(CDKTF_|PLATFORM_SANDBOX$)/.test(name));
    return new PipelineJobs(stacks, sandbox, repository, { ...Object.fromEntries(ofAccount), PLATFORM });
  }

  /** What each role would have called. */
  readonly calls: CallRecord;

  private constructor(
    private readonly stacks: readonly string[],
    readonly sandbox: Project,
    readonly repository: Repository,
    readonly environment: Readonly<Record<string, string>>,
  ) {
    this.calls = new CallRecord(sandbox.path(CALL_FILE));
  }

  /** Takes the sandbox down and all copies away. */
  async remove(): Promise<void> {
    await this.sandbox.npm('sandbox:down');
    this.sandbox.remove();
    this.repository.remove();
  }

  /** The job `plan` of deploy.yml. */
  async planMain(): Promise<Planned> {
    const checkout = await this.repository.checkout();
    const end = await this.calls.of('plan', () =>
      checkout.step('deploy.yml', 'Plan', this.environment, this.stacks),
    );
    succeeded(end);
    return { checkout, end, summary: checkout.readJson('plan.json') as PlanSummary };
  }

  /** The job `apply` of deploy.yml, on another machine than the plan. */
  async applyMain(
    { checkout: planned, end: plan }: Planned,
    tamper: (checkout: Checkout) => void = () => undefined,
  ): Promise<{ checkout: Checkout; end: JobEnd }> {
    const checkout = await this.repository.checkout();
    checkout.download(planned);
    tamper(checkout);
    const variables = { ...this.environment, DIGEST: plan.outputs['digest'] ?? '' };
    const end = await this.calls.of('apply', () => checkout.step('deploy.yml', 'Apply', variables));
    return { checkout, end };
  }

  /** Plans and applies until nothing waits for another stack. @returns the stacks of each round */
  async deploy(): Promise<unknown[]> {
    const rounds: unknown[] = [];
    let waiting = '-';
    while (waiting !== '' && rounds.length < 5) {
      const { checkout, end } = await this.applyMain(await this.planMain());
      succeeded(end);
      rounds.push(applied(checkout));
      waiting = end.outputs['waiting'] ?? '';
    }
    return rounds;
  }

  /** Lets calls to AWS fail. @returns the faults, and how many calls had each */
  async faults(faults?: readonly Fault[]): Promise<CountedFault[]> {
    const file = this.sandbox.path('faults.json');
    if (faults !== undefined) writeFileSync(file, JSON.stringify(faults));
    const program = this.sandbox.path('packages', 'eks-sandbox', 'bin', 'eks-sandbox.mjs');
    const args = [program, 'faults', ...(faults === undefined ? [] : [file])];
    return JSON.parse(succeeded(await this.sandbox.run('node', args))) as CountedFault[];
  }

  /**
   * `npm run apply` of a plan, which is ended by a signal once it has said something.
   *
   * @returns how it ended, and after how many seconds
   */
  async interruptedApply(
    { checkout: planned, end: plan }: Planned,
    signal: NodeJS.Signals,
    said: RegExp,
  ): Promise<{ status: number | undefined; stderr: string; seconds: number }> {
    const checkout = await this.repository.checkout();
    checkout.download(planned);
    const args = ['run', '--silent', 'apply', '--', '--json', '--digest', plan.outputs['digest'] ?? ''];
    const run = execa('npm', args, {
      ...{ cwd: checkout.folder, env: { NO_COLOR: '1', CI: undefined, ...this.environment } },
      // npm would be killed after five seconds.
      ...{ reject: false, stdin: 'ignore', forceKillAfterDelay: false },
    });
    let at = 0;
    let stderr = '';
    run.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
      if (at > 0 || !said.test(stderr)) return;
      at = Date.now();
      run.kill(signal);
    });
    const { exitCode } = await run;
    return { status: exitCode, stderr, seconds: at === 0 ? Infinity : (Date.now() - at) / 1000 };
  }

  /** The job `plan` of pull-request.yml. */
  async planPullRequest(branch: string): Promise<{ end: JobEnd; comment: string }> {
    const checkout = await this.repository.checkout(branch);
    const end = await this.calls.of('plan', () =>
      checkout.step('pull-request.yml', 'Plan', this.environment, this.stacks),
    );
    return { end, comment: checkout.read(`comment/${PLATFORM}.md`) };
  }

  /** The job of drift.yml. */
  async lookForDrift(): Promise<{ end: JobEnd; report: string }> {
    const checkout = await this.repository.checkout();
    const end = await this.calls.of('plan', () =>
      checkout.step('drift.yml', 'Look for drift', this.environment, this.stacks),
    );
    succeeded(end);
    return { end, report: checkout.read(`${PLATFORM}.md`) };
  }

  /** Plans every stack again and applies the plans, as the drift report advises. */
  async heal(): Promise<void> {
    const checkout = await this.repository.checkout();
    const stacks = [...this.stacks, '--all', '--json'];
    const { digest } = JSON.parse(
      succeeded(await checkout.npm('plan', stacks, this.environment)),
    ) as PlanSummary;
    succeeded(await checkout.npm('apply', ['--digest', digest], this.environment));
  }

  /** `npm run state:bootstrap`. @returns what it prints as JSON */
  async bootstrap(): Promise<unknown> {
    const checkout = await this.repository.checkout();
    return JSON.parse(succeeded(await checkout.npm('state:bootstrap', ['--json'], this.environment)));
  }

  async aws(...args: string[]): Promise<unknown> {
    return JSON.parse(
      succeeded(await this.sandbox.run('aws', [...args, '--output', 'json'], this.environment)),
    );
  }
}
