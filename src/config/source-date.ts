import { ConfigError } from './config-error';

const VARIABLE = 'SOURCE_DATE_EPOCH';
/** The last second that a date can be made of. */
const LATEST = 8.64e12;

/**
 * The moment that the environment says it is, so that an old commit is synthesized as it was: whole seconds since
 * 1970-01-01 UTC in `SOURCE_DATE_EPOCH`.
 *
 * @returns now, where the variable is not set
 * @throws ConfigError when it is set to something else
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
export function sourceDate(): Date {
  // An empty one is what a shell makes of one that is not set.
  const text = process.env[VARIABLE] || undefined;
  if (text === undefined) return new Date();
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= LATEST) return new Date(seconds * 1000);
  throw new ConfigError([
    {
      file: VARIABLE,
      path: '',
      message:
        `got ${JSON.stringify(text)}; allowed: whole seconds since 1970-01-01 UTC, such as the time of a commit: ` +
        'git log -1 --format=%ct. Unset it to use the current date',
    },
  ]);
}
