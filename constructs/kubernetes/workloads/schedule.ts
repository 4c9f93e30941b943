/** Days of the week, as cron names them. */
export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** A time of the day. */
export interface TimeOfDay {
  /** 0 to 23 */
  readonly hour: number;
  /** 0 to 59. @default 0 */
  readonly minute?: number;
}

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
            `schedule: got every ${minutes} minutes; a divisor of 60 is allowed, so that the intervals are equal`,
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
    return [...this.errors];
  }
}
