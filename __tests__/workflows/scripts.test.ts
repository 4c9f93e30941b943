import { spawnSync } from 'node:child_process';
import { runStep, type StepRun } from './step-run';

const MISSING = ['bash', 'jq'].filter((program) => spawnSync(program, ['--version']).status !== 0);
if (MISSING.length > 0 && process.env.CI === 'true') {
  throw new Error(`${MISSING.join(', ')} missing, and CI may skip nothing`);
}

/** GitHub's answer to whatever is asked; what is changed there is only written down. */
function gh(answer: unknown): string {
  return `case "$*" in *--method*) exit 0 ;; esac
expression=.
while [ $# -gt 0 ]; do [ "$1" = --jq ] && expression=$2; shift; done
jq --raw-output "$expression" <<'END'
${JSON.stringify(answer)}
END`;
}

/** npm, whose script writes to the file that follows --markdown, prints, and ends with a status. */
function npm(markdown: string, printed: unknown, status: number): string {
  return `while [ $# -gt 0 ]; do [ "$1" = --markdown ] && echo '${markdown}' > "$2"; shift; done
echo '${JSON.stringify(printed)}'
exit ${status}`;
}

(MISSING.length === 0 ? describe : describe.skip)(
  'in the scripts of the workflows (skipped where bash or jq is missing)',
  () => {
    describe('the comment on the pull request', () => {
      const MARK = '<!-- the plan of eu -->';
      const END = '\nPlatform eu. The artifact plan-eu of [the run](https://run) has the whole plan.\n';
      const comment = (comments: unknown, files: Record<string, string> = { eu: '# Plan\n' }): StepRun =>
        runStep('pull-request.yml', 'comment', 'Comment', {
          env: { GH_TOKEN: 't', COMMENTS: 'its/comments', COMMENT: 'comments', RUN: 'https://run' },
          files: Object.fromEntries(
            Object.entries(files).map(([name, text]) => [`summary/${name}.md`, text]),
          ),
          programs: { gh: gh(comments) },
        });
      const by = (login: string, id: number, body: string) => ({ id, body, user: { login } });
      const POST = 'gh api --silent --method POST its/comments --field body=@/body.md';

      it('is new after the first plan', () => {
        const { status, calls, sent } = comment([]);
        expect(status).toBe(0);
        expect(calls).toEqual(['gh api --paginate its/comments', POST]);
        expect(sent).toBe(`${MARK}\n# Plan\n${END}`);
      });

      it('has the findings of the checks after the plan', () => {
        const { sent } = runStep('pull-request.yml', 'comment', 'Comment', {
          env: { GH_TOKEN: 't', COMMENTS: 'its/comments', COMMENT: 'comments', RUN: 'https://run' },
          files: { 'summary/eu.md': '# Plan\n', 'findings/eu.md': 'Checks: 1 finding\n' },
          programs: { gh: gh([]) },
        });
        expect(sent).toBe(`${MARK}\n# Plan\n\nChecks: 1 finding\n${END}`);
      });

      it('is one for each platform', () => {
        const { calls, sent } = comment([by('github-actions[bot]', 3, `${MARK}\n# Old`)], {
          eu: '# Plan\n',
          us: '# None\n',
        });
        expect(calls.slice(1)).toEqual([
          'gh api --silent --method PATCH comments/3 --field body=@/body.md',
          POST,
        ]);
        expect(sent).toContain('<!-- the plan of us -->\n# None\n');
      });

      it('is not created if no platform was planned', () => {
        expect(comment([], {})).toMatchObject({ status: 0, calls: [] });
      });

      it('is that of the newest plan, and changes no other comment', () => {
        const { calls, sent } = comment([
          by('someone', 1, `${MARK}\n# Plan`),
          by('github-actions[bot]', 2, `Of another workflow`),
          by('github-actions[bot]', 3, `${MARK}\n# Old plan`),
        ]);
        expect(calls[1]).toBe('gh api --silent --method PATCH comments/3 --field body=@/body.md');
        expect(sent).toContain('# Plan');
      });
    });

    describe('the platforms', () => {
      const list = (only: string): StepRun =>
        runStep('platforms.yml', 'platforms', 'List the platforms', {
          env: { ONLY: only },
          programs: {
            npm: npm(
              '',
              {
                platforms: [
                  { platform: 'platform.yaml' },
                  { platform: 'eu', planRole: 'arn:eu' },
                  { platform: 'us', planRole: 'arn:us' },
                ],
              },
              0,
            ),
          },
        });

      it('are those with roles', () => {
        const { status, calls, outputs } = list('');
        expect(status).toBe(0);
        expect(calls).toEqual(['npm run --silent platforms -- --json']);
        expect(outputs).toEqual([
          'platforms=[{"platform":"eu","planRole":"arn:eu"},{"platform":"us","planRole":"arn:us"}]',
        ]);
      });

      it('are one in its own round, and none if it has no roles', () => {
        expect(list('us').outputs).toEqual(['platforms=[{"platform":"us","planRole":"arn:us"}]']);
        expect(list('platform.yaml').outputs).toEqual(['platforms=[]']);
      });
    });

    describe('the plan of main', () => {
      const plan = (status: number): StepRun =>
        runStep('deploy.yml', 'plan', 'Plan', {
          env: { PLATFORM: 'eu' },
          programs: { npm: npm('# Plan', { digest: 'sha256:abc', changes: 3, waiting: ['dev'] }, status) },
        });

      it('outputs its digest and its number of changes', () => {
        const { status, outputs, calls } = plan(0);
        expect(status).toBe(0);
        expect(outputs).toEqual(['digest=sha256:abc', 'changes=3']);
        expect(calls).toEqual(['npm run --silent plan -- --json --markdown /plan.md']);
      });

      it.each([1, 2])('outputs nothing if it ends with status %i', (ends) => {
        expect(plan(ends)).toMatchObject({ status: ends, outputs: [] });
      });
    });

    describe('the apply of main', () => {
      const apply = (waiting: string[], status = 0): StepRun =>
        runStep('deploy.yml', 'apply', 'Apply', {
          env: { PLATFORM: 'eu', DIGEST: 'sha256:abc' },
          programs: { npm: npm('', { applied: ['network', 'cluster'], waiting }, status) },
        });

      it('applies the plan with the digest, and outputs what waits', () => {
        const { calls, outputs, summary } = apply(['platform', 'dev']);
        expect(calls).toEqual(['npm run --silent apply -- --digest sha256:abc --json']);
        expect(outputs).toEqual(['waiting=platform dev']);
        expect(summary).toBe('Applied: network, cluster.\n');
      });

      it('leaves nothing to wait for if nothing waits', () => {
        expect(apply([]).outputs).toEqual(['waiting=']);
      });

      it('fails as the program does', () => {
        expect(apply(['dev'], 1)).toMatchObject({ status: 1, outputs: [] });
      });
    });

    describe('the next round', () => {
      const next = (WAITING: string, BEFORE: string): StepRun =>
        runStep('deploy.yml', 'next-round', 'Start the next round', {
          env: { GH_TOKEN: 't', GH_REPO: 'o/r', PLATFORM: 'eu', WAITING, BEFORE },
          programs: { gh: '' },
        });

      it('starts the workflow with what waits', () => {
        expect(next('platform dev', '')).toMatchObject({
          status: 0,
          calls: ['gh workflow run main.yml --ref main --field platform=eu --field waiting=platform dev'],
        });
        expect(next('dev', 'platform dev').status).toBe(0);
      });

      it('does not start forever for a stack that never becomes ready', () => {
        const { status, calls, output } = next('dev', 'dev');
        expect(status).toBe(1);
        expect(calls).toEqual([]);
        expect(output).toContain('left the same stacks waiting as the one before: dev');
      });
    });

    describe('the drift job', () => {
      const look = (status: number): StepRun =>
        runStep('drift.yml', 'drift', 'Look for drift', {
          env: { PLATFORM: 'eu' },
          programs: { npm: npm('# Drift', {}, status) },
        });

      it.each([
        [0, 'found=no'],
        [1, 'found=yes'],
      ])('takes exit status %i as an answer', (ends, output) => {
        expect(look(ends)).toMatchObject({ status: 0, outputs: [output], summary: '# Drift\n' });
      });

      it('takes no other status as an answer', () => {
        expect(look(2)).toMatchObject({ status: 2, outputs: [] });
      });

      it.each([
        [0, ''],
        [1, 'Not looked for drift: a deployment is under way.\n'],
      ])('is silent with %i deployments in progress', (total_count, summary) => {
        const run = runStep('drift.yml', 'deployments', 'Look for deployments', {
          env: { GH_TOKEN: 't', RUNS: 'runs' },
          programs: { gh: gh({ total_count }) },
        });
        expect(run).toMatchObject({ status: 0, outputs: [`running=${total_count}`], summary });
      });

      const issue = (found: 'yes' | 'no', open: readonly number[]): StepRun =>
        runStep('drift.yml', 'issue', 'Open, renew or close the issue', {
          env: { GH_TOKEN: 't', ISSUES: 'issues', RUN: 'https://run' },
          files: found === 'yes' ? { 'report/eu.md': '# Drift\n' } : {},
          programs: { gh: gh(open.map((number) => ({ number }))) },
        });
      const FIND = 'gh api issues?labels=drift&state=open&per_page=1 --jq .[0].number // empty';

      it('opens an issue', () => {
        const { status, calls, sent } = issue('yes', []);
        expect(status).toBe(0);
        expect(calls).toEqual([
          FIND,
          'gh api --silent --method POST issues --raw-field title=The account has drifted from what was applied ' +
            '--field body=@/body.md --raw-field labels[]=drift',
        ]);
        expect(sent).toBe('Found by https://run\n\n# Drift\n');
      });

      it('updates the open issue', () => {
        const { calls, sent } = issue('yes', [7]);
        expect(calls).toEqual([FIND, 'gh api --silent --method PATCH issues/7 --field body=@/body.md']);
        expect(sent).toContain('# Drift');
      });

      it('closes the issue with a comment after the drift is gone', () => {
        expect(issue('no', [7]).calls).toEqual([
          FIND,
          'gh api --silent --method POST issues/7/comments --raw-field body=No drift any more: https://run',
          'gh api --silent --method PATCH issues/7 --raw-field state=closed',
        ]);
      });

      it('changes nothing if there was no drift', () => {
        expect(issue('no', [])).toMatchObject({ status: 0, calls: [FIND] });
      });
    });

    it.each([
      ['a fork', 'someone/fork', 'someone', 'pull requests of forks and of Dependabot get no credentials'],
      ['Dependabot', 'o/r', 'dependabot[bot]', 'pull requests of forks and of Dependabot get no credentials'],
      ['this repository', 'o/r', 'someone', 'no platform has state.bucket and pipeline.repository'],
    ])('a pull request of %s that is not planned gets the reason', (_, HEAD, AUTHOR, reason) => {
      const { summary } = runStep('pull-request.yml', 'no-plan', 'Say why', { env: { HEAD, AUTHOR } });
      expect(summary).toContain(`Not planned: ${reason}`);
    });
  },
);
