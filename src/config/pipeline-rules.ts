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
export const PIPELINE_RULES: readonly Rule[] = [rolesNeedAState, exceptionsEndSoon];

const exceptionsHaveEnded: Rule = ({ pipeline }, { today, report }) => {
  pipeline?.exceptions?.forEach((exception, i) => {
    const until = exception?.until;
    if (until === undefined || until >= today.toISOString().slice(0, 10)) return;
    report(['pipeline', 'exceptions', i], `ended on ${until} and lets nothing pass; remove it`);
  });
};

/** What is no mistake in the pipeline's settings, but is likely not meant. */
export const PIPELINE_WARNINGS: readonly Rule[] = [exceptionsHaveEnded];
