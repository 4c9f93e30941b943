import { isClassed } from '../facts/argument-classes';
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
const idsGoTogether: Rule = ({ pipeline }, { isGiven, report }) => {
  const given = ['ownerId', 'repositoryId'].filter((key) => isGiven(['pipeline', key]));
  const [key = ''] = given;
  if (given.length === 0) return;
  if (!isGiven(['pipeline', 'repository'])) {
    report(['pipeline', key], 'the number of no repository; name it in pipeline.repository');
  } else if (given.length === 1 && pipeline?.repository !== undefined) {
    const other = key === 'ownerId' ? 'repositoryId' : 'ownerId';
    report(['pipeline', key], `goes with ${other}; write both: ${idsOf(pipeline.repository)} prints them`);
  }
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

/** A role that may assume every role has the rights of each that trusts the account, those of administrators too. */
const rolesToAssumeAreNamed: Rule = ({ iam }, { report }) => {
  iam?.boundary?.allow?.forEach((entry, i) => {
    const assumes = entry?.actions?.find((action) => action !== undefined && action.startsWith('sts:'));
    const open = entry?.resources?.find(
      (arn) => arn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/[^*?]/.test(arn),
    );
    if (assumes === undefined || (entry?.resources !== undefined && open === undefined)) return;
    report(
      ['iam', 'boundary', 'allow', i],
      `${assumes} on ${open ?? '*'} lets a role take the rights of every role that trusts the account; name roles in resources, such as arn:aws:iam::111122223333:role/reports`,
    );
  });
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

/** Only their names begin as those of this platform do, and a policy that names both would deny the platform its own. */
const othersShareTheBeginning: Rule = ({ name, pipeline, state }, { report }) => {
  pipeline?.otherPlatforms?.forEach((other, i) => {
    if (name === undefined || other === undefined) return;
    const path = ['pipeline', 'otherPlatforms', i];
    if (!other.startsWith(`${name}-`))
      report(path, `nothing of ${other} has a name that begins with ${name}-; remove the entry`);
    else if (state?.bucket?.startsWith(`${other}-`) === true)
      report(
        path,
        `the bucket of this platform's state, ${state.bucket}, begins with ${other}-, too; rename it first`,
      );
  });
};

const classesAreOfOwnTypes: Rule = ({ pipeline }, { report }) => {
  pipeline?.classes?.forEach((entry, i) => {
    if (entry?.type === undefined || !isClassed(entry.type)) return;
    report(
      ['pipeline', 'classes', i, 'type'],
      `${entry.type} has its classes already; remove the entry, and let a change of it pass by pipeline.exceptions`,
    );
  });
};

/** What the pipeline's settings must be to the calendar and to each other. */
export const PIPELINE_RULES: readonly Rule[] = [
  rolesNeedAState,
  idsGoTogether,
  boundaryIsThePipelines,
  rolesToAssumeAreNamed,
  exceptionsEndSoon,
  classesAreOfOwnTypes,
  othersShareTheBeginning,
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
