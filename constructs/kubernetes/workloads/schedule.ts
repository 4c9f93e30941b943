/** Days of the week, as cron names them. */
export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** A time of the day. */
export interface TimeOfDay {
  /** 0 to 23 */
  readonly hour: number;
  /** 0 to 59. @default 0 */
  readonly minute?: number;
}

const MACROS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** The fields of an expression: name, least and greatest number. */
const FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const;

/**
 * When a CronJob runs.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export class Schedule {
  /** A cron expression of five fields, such as `0 3 * * MON-FRI`, or a word such as `@daily`. */
  static cron(expression: string): Schedule {
    return new Schedule(expression);
  }

  /** Every some minutes, a divisor of 60. */
  static everyMinutes(minutes: number): Schedule {
    return new Schedule(
      minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`,
      minutes > 0 && 60 % minutes === 0
        ? []
        : [
            `schedule: got every ${minutes} minutes; a divisor of 60 is allowed, for the intervals to be equal`,
          ],
    );
  }

  /** Once an hour, at a minute from 0 to 59. */
  static hourly(minute = 0): Schedule {
    return new Schedule(`${minute} * * * *`);
  }

  /** Once a day. */
  static daily({ hour, minute = 0 }: TimeOfDay): Schedule {
    return new Schedule(`${minute} ${hour} * * *`);
  }

  /** On some days of the week. */
  static weekly(days: readonly [Weekday, ...Weekday[]], { hour, minute = 0 }: TimeOfDay): Schedule {
    return new Schedule(`${minute} ${hour} * * ${days.join(',')}`);
  }

  private constructor(
    readonly expression: string,
    private readonly errors: readonly string[] = [],
  ) {}

  /** What is wrong with the schedule. */
  validate(): string[] {
    if (this.errors.length > 0 || MACROS.includes(this.expression)) return [...this.errors];
    const fields = this.expression.trim().split(/\s+/);
    if (fields.length !== FIELDS.length) {
      return [
        `schedule: got "${this.expression}"; five fields (${FIELDS.map(([name]) => name).join(', ')}) or one of ${MACROS.join(', ')} are allowed`,
      ];
    }
    return FIELDS.flatMap(([name, least, greatest], index) => {
      const field = fields[index] ?? '';
      const numbers = field.replace(/\/\d+/g, '').match(/\d+/g) ?? [];
      return /^[\d*/,A-Za-z?-]+$/.test(field) &&
        numbers.every((number) => Number(number) >= least && Number(number) <= greatest)
        ? []
        : [
            `schedule: got "${field}" as the ${name} of "${this.expression}"; ${least} to ${greatest} are allowed`,
          ];
    });
  }
}
