import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';

it.each([
  [Schedule.everyMinutes(15), '*/15 * * * *'],
  [Schedule.everyMinutes(1), '* * * * *'],
  [Schedule.hourly(5), '5 * * * *'],
  [Schedule.daily({ hour: 3 }), '0 3 * * *'],
  [Schedule.weekly(['MON', 'FRI'], { hour: 3, minute: 30 }), '30 3 * * MON,FRI'],
  [Schedule.cron('*/5 0-6,22 1 JAN-MAR MON-FRI'), '*/5 0-6,22 1 JAN-MAR MON-FRI'],
])('a schedule is a cron expression: %#', (schedule, expression) => {
  expect(schedule.expression).toBe(expression);
  expect(schedule.validate()).toEqual([]);
});

it.each([Schedule.everyMinutes(7), Schedule.everyMinutes(0)])(
  'a schedule whose intervals are not equal is an error: %#',
  (schedule) => {
    expect(schedule.validate()).toHaveLength(1);
  },
);
