import { OutageLog } from '../../../src/sandbox/outage-log';

describe('the log of outages', () => {
  let now = 0;
  let applied: string[] = [];
  let log: OutageLog;

  beforeEach(() => {
    [now, applied] = [0, ['dev']];
    log = new OutageLog(
      () => applied,
      () => now,
    );
    log.note('Service dev/web', true, '');
  });

  it('has from when something failed until it worked again, with the first cause and the stacks of then', () => {
    now = 1_000;
    log.note('Service dev/web', false, 'none of its 2 Pods is ready');
    applied = ['qa'];
    now = 3_000;
    log.note('Service dev/web', false, 'it has no Pods');
    now = 5_400;
    log.note('Service dev/web', true, '');
    log.note('Service dev/web', true, '');
    expect(log.end()).toEqual([
      {
        ...{ what: 'Service dev/web', seconds: 5, cause: 'none of its 2 Pods is ready' },
        ...{ during: ['dev'], lasts: false },
      },
    ]);
  });

  it('has what still fails at the end', () => {
    log.note('Service dev/web', false, 'it has no Pods');
    now = 2_000;
    expect(log.end()).toMatchObject([{ seconds: 2, lasts: true }]);
  });

  it('has nothing of what never worked, and of what the edit removed', () => {
    log.note('Service dev/new', false, 'it has no Pods');
    log.note('Service dev/web', false, 'it has no Pods');
    log.gone('Service dev/web');
    log.gone('Service dev/unknown');
    expect(log.end()).toEqual([]);
  });

  it('has what was deleted and created again', () => {
    log.gone('Service dev/web');
    now = 1_000;
    log.note('Service dev/web', false, 'it has no Pods');
    now = 2_000;
    log.note('Service dev/web', true, '');
    expect(log.end()).toMatchObject([{ seconds: 2, cause: 'it was deleted and created again' }]);
  });
});
