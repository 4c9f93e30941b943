import type { Rule } from './config-rule';

/** No exception reaches further: what it lets pass is reviewed for now, not for some day. */
const LONGEST_EXCEPTION_DAYS = 31;
const DAY_MS = 86_400_000;

/** A pipeline's runs share nothing but the bucket. */
const rolesNeedAState: Rule = ({ pipeline, state }, { report }) => {
  if (pipeline?.repository === undefined || state?.bucket !== undefined) return;
  report(
    ['pipeline', 'repository'],
    'a pipeline finds no local state files; name the bucket of the state in state.bucket',
  );
};

/** Without the other, neither says which repository is meant. */
const idsGoTogether: Rule = ({ pipeline }, { report }) => {
  const { repository, ownerId, repositoryId } = pipeline ?? {};
  const given =
    ownerId === undefined ? (['repositoryId', repositoryId] as const) : (['ownerId', ownerId] as const);
  if (given[1] === undefined) return;
  const path = ['pipeline', given[0]];
  if (repository === undefined) report(path, 'the number of no repository; name it in pipeline.repository');
  else if (ownerId === undefined || repositoryId === undefined)
    report(
      path,
      `goes with ${ownerId === undefined ? 'ownerId' : 'repositoryId'}; write both: ${idsOf(repository)} prints them`,
    );
};

function idsOf(repository: string): string {
  return `gh api repos/${repository} --jq '"ownerId: \\(.owner.id), repositoryId: \\(.id)"'`;
}

const boundaryIsThePipelines: Rule = ({ pipeline, iam }, { report }) => {
  if (!iam?.boundary?.allow?.length) return;
  const path = ['iam', 'boundary', 'allow'];
  if (iam.permissionsBoundary !== undefined)
    report(
      path,
      'changes no policy: iam.permissionsBoundary bounds all roles; extend that policy and remove this key',
    );
  else if (pipeline?.repository === undefined)
    report(
      path,
      'changes no policy: only a pipeline bounds the roles; name its repository in pipeline.repository, or remove this key',
    );
};

const exceptionsEndSoon: Rule = ({ pipeline }, { today, report }) => {
  pipeline?.exceptions?.forEach((exception, i) => {
    if (exception?.until === undefined) return;
    const path = ['pipeline', 'exceptions', i, 'until'];
    const end = new Date(exception.until);
    if (Number.isNaN(end.getTime()) || end.toISOString().slice(0, 10) !== exception.until) {
      report(path, `no day of the calendar: ${exception.until}`);
      return;
    }
    const latest = new Date(today.getTime() + LONGEST_EXCEPTION_DAYS * DAY_MS).toISOString().slice(0, 10);
    if (exception.until <= latest) return;
    report(
      path,
      `an exception lasts ${LONGEST_EXCEPTION_DAYS} days at most; write ${latest} or an earlier day`,
    );
  });
};

/** What the pipeline's settings must be to the calendar and to each other. */
export const PIPELINE_RULES: readonly Rule[] = [
  rolesNeedAState,
  idsGoTogether,
  boundaryIsThePipelines,
  exceptionsEndSoon,
];

const exceptionsHaveEnded: Rule = ({ pipeline }, { today, report }) => {
  pipeline?.exceptions?.forEach((exception, i) => {
    const until = exception?.until;
    if (until === undefined || until >= today.toISOString().slice(0, 10)) return;
    report(['pipeline', 'exceptions', i], `ended on ${until} and lets nothing pass; remove it`);
  });
};

/** No error: a repository of before that day has tokens without the numbers. */
const idsAreKnown: Rule = ({ pipeline }, { report }) => {
  const { repository, ownerId, repositoryId } = pipeline ?? {};
  if (repository === undefined || ownerId !== undefined || repositoryId !== undefined) return;
  report(
    ['pipeline', 'repository'],
    'without ownerId and repositoryId, GitHub cannot sign in for a repository that was made, renamed or transferred on ' +
      `2026-07-15 or later; add what ${idsOf(repository)} prints`,
  );
};

/** What is no mistake in the pipeline's settings, but is likely not meant. */
export const PIPELINE_WARNINGS: readonly Rule[] = [exceptionsHaveEnded, idsAreKnown];
