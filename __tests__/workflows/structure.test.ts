import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { page } from '../docs/page';
import { GITHUB, jobs, setUpSteps, type Job, type Step, texts, workflow, WORKFLOW_FILES } from './workflow';

const ROOT = resolve(GITHUB, '..');
const JOBS = jobs();
const STEPS: readonly Step[] = [...setUpSteps(), ...JOBS.flatMap(([, { steps }]) => steps ?? [])];
const CREDENTIALS = 'aws-actions/configure-aws-credentials@';
const SET_UP = './.github/actions/set-up';

function placesWhere(condition: (job: Job) => boolean): string[] {
  return JOBS.filter(([, job]) => condition(job)).map(([place]) => place);
}

function mayWrite({ permissions = {} }: Job): string[] {
  return Object.keys(permissions).filter((scope) => permissions[scope] === 'write');
}

const uses = (job: Job, action: string) => job.steps?.some((step) => step.uses?.startsWith(action)) ?? false;

describe('the steps of the workflows', () => {
  it('run npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const called = STEPS.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bnpm (?:run (?:--silent )?(\S+)|(test)\b)/g)].map(([, name, test]) => name ?? test),
    );
    expect([...new Set(called)].sort()).toEqual([
      'addresses',
      'apply',
      'check',
      'drift',
      'plan',
      'platforms',
      'synth',
      'test',
      'test:long',
      'test:outside',
    ]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called));
  });

  it('run scripts without values: values come from the environment', () => {
    expect(STEPS.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('use actions pinned by a full commit, with their version', () => {
    const remote = [...texts()].flatMap(([file, text]) =>
      [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
        .map(([, used = '']) => used)
        .filter((used) => !used.startsWith('.'))
        .map((used) => `${file}: ${used}`),
    );
    expect(remote.length).toBeGreaterThan(10);
    expect(remote.filter((used) => !/: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))).toEqual(
      [],
    );
  });

  it('use the same versions everywhere', () => {
    const pins = STEPS.flatMap((step) => (step.uses?.includes('@') ? [step.uses] : []));
    const actions = pins.map((pin) => pin.split('@')[0]);
    expect(new Set(pins).size).toBe(new Set(actions).size);
  });

  it('use one exact version of Terraform', () => {
    const [terraform, ...others] = STEPS.filter((step) =>
      step.uses?.startsWith('hashicorp/setup-terraform@'),
    );
    expect(others).toEqual([]);
    expect(terraform?.with?.terraform_version).toMatch(/^1\.\d+\.\d+$/);
  });
});

describe('the permissions of a workflow', () => {
  it.each(WORKFLOW_FILES)('are only those that a job asks for: %s', (file) => {
    expect(workflow(file).permissions).toEqual({});
  });

  it('are stated by every job', () => {
    expect(placesWhere(({ permissions }) => permissions === undefined)).toEqual([]);
  });

  it('never come with a trigger that runs untrusted code with the rights of main', () => {
    const triggers = WORKFLOW_FILES.flatMap((file) => Object.keys(workflow(file).on));
    expect([...new Set(triggers)].sort()).toEqual([
      'pull_request',
      'push',
      'schedule',
      'workflow_call',
      'workflow_dispatch',
    ]);
  });

  it('allow a sign-in to AWS or a write on GitHub, never both', () => {
    // A call hands rights on to the jobs of deploy.yml, which each take their own.
    const own = JOBS.filter(([, { uses: called }]) => called === undefined);
    const writing = own.map(([place, job]) => [place, mayWrite(job)] as const);
    expect(Object.fromEntries(writing.filter(([, scopes]) => scopes.length > 0))).toEqual({
      'deploy.yml apply': ['id-token'],
      'deploy.yml next-round': ['actions'],
      'deploy.yml plan': ['id-token'],
      'drift.yml drift': ['id-token'],
      'drift.yml issue': ['issues'],
      'pull-request.yml comment': ['pull-requests'],
      'pull-request.yml plan': ['id-token'],
    });
  });

  it('exclude writing on GitHub where code of the repository runs', () => {
    const own = JOBS.filter(([, { uses: called }]) => called === undefined);
    const writing = own.filter(([, job]) => mayWrite(job).some((scope) => scope !== 'id-token'));
    expect(writing).toHaveLength(3);
    expect(writing.filter(([, job]) => uses(job, 'actions/checkout@') || uses(job, '.'))).toEqual([]);
  });

  it('include no secret', () => {
    expect([...texts().values()].filter((text) => /\bsecrets\b/.test(text))).toEqual([]);
  });
});

describe('the credentials of AWS', () => {
  const roleOf = ({ steps = [] }: Job) =>
    steps.find((step) => step.uses?.startsWith(CREDENTIALS))?.with?.['role-to-assume'];

  it('are those of the apply role in one job, which waits for approval', () => {
    expect(placesWhere((job) => roleOf(job) === '${{ inputs.apply-role }}')).toEqual(['deploy.yml apply']);
    expect(placesWhere(({ environment }) => environment !== undefined)).toEqual(['deploy.yml apply']);
    expect(workflow('deploy.yml').jobs.apply).toMatchObject({ environment: 'deploy', needs: 'plan' });
    expect(workflow('main.yml').jobs.deploy).toMatchObject({
      needs: ['test', 'platforms'],
      with: { 'apply-role': '${{ matrix.platform.applyRole }}' },
    });
    expect([...texts().values()].join('').match(/applyRole/g)).toHaveLength(1);
    expect([...texts().values()].join('').match(/inputs\.apply-role/g)).toHaveLength(1);
  });

  it('are those of the plan role in the jobs that read', () => {
    expect(placesWhere((job) => roleOf(job) === '${{ inputs.plan-role }}')).toEqual(['deploy.yml plan']);
    expect(placesWhere((job) => roleOf(job) === '${{ matrix.platform.planRole }}')).toEqual([
      'drift.yml drift',
      'pull-request.yml plan',
    ]);
  });

  it('never reach install scripts of packages, or packages that only tests need', () => {
    const installing = STEPS.filter(({ run }) => /\bnpm (ci|install|i|rebuild)\b|\bnpx\b/.test(run ?? ''));
    expect(installing).toEqual([
      expect.objectContaining({ run: 'npm ci --no-audit --no-fund --ignore-scripts "$OMIT"' }),
    ]);
    const setUp = ({ steps = [] }: Job) => steps.find(({ uses: used }) => used === SET_UP)?.with?.packages;
    const signingIn = JOBS.filter(([, job]) => uses(job, CREDENTIALS)).map(([, job]) => job);
    expect(signingIn.map(setUp)).toEqual([undefined, undefined, undefined, undefined]);
    expect(placesWhere((job) => setUp(job) === 'all')).toEqual([
      'long.yml long',
      'pull-request.yml check',
      'test.yml test',
    ]);
    const action = parse(readFileSync(join(GITHUB, 'actions/set-up/action.yml'), 'utf8')) as {
      inputs: { packages: { default: string } };
    };
    expect(action.inputs.packages.default).toBe('production');
  });

  it('exist only after all packages are installed', () => {
    const signingIn = JOBS.filter(([, job]) => uses(job, CREDENTIALS));
    const orders = signingIn.map(([, { steps = [] }]) => {
      const at = (action: string) => steps.findIndex((step) => step.uses?.startsWith(action));
      return at(SET_UP) >= 0 && at(SET_UP) < at(CREDENTIALS);
    });
    expect(orders).toEqual([true, true, true, true]);
  });

  it('never reach pull requests of forks or bots', () => {
    const condition = workflow('pull-request.yml').jobs.plan?.if;
    expect(condition).toContain('github.event.pull_request.head.repo.full_name == github.repository &&');
    expect(condition).toContain("github.event.pull_request.user.login != 'dependabot[bot]'");
  });
});

describe('the workflows run', () => {
  it('where they reach the cluster, if they sign in to AWS', () => {
    const runners = JOBS.filter(([, job]) => uses(job, CREDENTIALS)).map(([place, job]) => [
      place,
      /^\$\{\{ vars\.(\w+) \|\| 'ubuntu-24\.04' \}\}$/.exec(job['runs-on'] ?? '')?.[1],
    ]);
    // What a pull request leaves on its machine, no apply meets.
    expect(Object.fromEntries(runners)).toEqual({
      'deploy.yml apply': 'AWS_APPLY_RUNNER',
      'deploy.yml plan': 'AWS_PLAN_RUNNER',
      'drift.yml drift': 'AWS_PLAN_RUNNER',
      'pull-request.yml plan': 'AWS_PULL_REQUEST_RUNNER',
    });
  });

  it('on a named runner and with a timeout', () => {
    const own = JOBS.filter(([, job]) => job.uses === undefined);
    expect(own.length).toBeGreaterThan(5);
    expect(
      own.filter(([, job]) => /latest/.test(job['runs-on'] ?? 'latest') || !job['timeout-minutes']),
    ).toEqual([]);
  });

  it('one after the other if they apply to a platform, each to its end', () => {
    expect(workflow('main.yml').jobs.deploy).toMatchObject({
      uses: './.github/workflows/deploy.yml',
      concurrency: { group: 'main-${{ matrix.platform.platform }}', 'cancel-in-progress': false },
    });
  });

  it('with the digest of the plan job for an apply, and only with what that job has kept', () => {
    const { plan, apply } = workflow('deploy.yml').jobs;
    expect(plan).toHaveProperty('outputs.digest', '${{ steps.plan.outputs.digest }}');
    const step = (found: (step: Step) => boolean) => apply?.steps?.find(found);
    expect(step(({ id }) => id === 'apply')?.env).toEqual({
      PLATFORM: '${{ inputs.platform }}',
      DIGEST: '${{ needs.plan.outputs.digest }}',
    });
    expect(step((each) => each.uses?.startsWith('actions/download-artifact@') ?? false)?.with).toEqual({
      'artifact-ids': '${{ needs.plan.outputs.plans }}',
      path: '${{ inputs.outdir }}',
    });
    // Nothing that another run could have written.
    expect(
      setUpSteps()
        .filter((each) => /cache/.test(each.uses ?? ''))
        .map((each) => each.if),
    ).toEqual(["${{ inputs.packages == 'all' }}"]);
  });
});

describe('the updates of dependencies', () => {
  const { updates } = parse(readFileSync(join(GITHUB, 'dependabot.yml'), 'utf8')) as {
    updates: {
      readonly 'package-ecosystem': string;
      readonly directory?: string;
      readonly directories?: readonly string[];
      readonly cooldown?: { readonly 'default-days'?: number };
    }[];
  };
  const directoriesOf = (ecosystem: string) =>
    updates
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [...directories, ...(directory ? [directory] : [])]);
  const pinsIn = (file: string) =>
    [
      'packages/eks-sandbox/tools',
      '__tests__/workflows/tools',
      '__tests__/iam/tools',
      '__tests__/stacks/tools',
    ]
      .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`))
      .filter((folder) => existsSync(join(ROOT, folder, file)))
      .map((folder) => `/${folder}`);

  it.each([
    ['npm', ['/', ...pinsIn('package.json')]],
    ['github-actions', ['/', '/.github/actions/set-up']],
    ['gomod', pinsIn('go.mod')],
    ['pip', pinsIn('requirements.txt')],
  ])('of %s cover all places with pins', (ecosystem, folders) => {
    expect(folders).not.toEqual([]);
    const patterns = directoriesOf(ecosystem).map(
      (directory) => new RegExp(`^${directory.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`),
    );
    expect(folders.filter((folder) => !patterns.some((pattern) => pattern.test(folder)))).toEqual([]);
  });

  it('wait until a release is a week old', () => {
    expect(updates.map(({ cooldown }) => cooldown?.['default-days'])).toEqual(updates.map(() => 7));
  });
});

describe('the page docs/guides/pipeline.md', () => {
  const pipeline = page('docs/guides/pipeline.md');

  it('names every variable that must be set, and no other', () => {
    const named = pipeline.rows('### What must be set up').matchAll(/`(AWS_\w+)`/g);
    const used = [...texts().values()].join('\n').matchAll(/\bvars\.(\w+)/g);
    const sorted = (matches: Iterable<RegExpMatchArray>) =>
      [...new Set([...matches].map(([, name]) => name))].sort();
    expect(sorted(named)).toEqual(sorted(used));
  });

  it('describes every workflow', () => {
    const files = pipeline.cells('## The workflows').map(([file = '']) => file.replaceAll('`', ''));
    expect(files.sort()).toEqual([...WORKFLOW_FILES, 'dependabot.yml'].sort());
  });
});
