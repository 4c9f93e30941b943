import { readFileSync } from 'node:fs';
import { ConfigError } from '../../../src/config/config-error';
import { parsePlatform } from '../../own-platform';
import { sourceDate } from '../../../src/config/source-date';

const FILE = readFileSync('platform.yaml', 'utf8').replace(/version: '1.*'/, "version: '1.34'");
const before = process.env['SOURCE_DATE_EPOCH'];

const load = (epoch: string) => () => {
  process.env['SOURCE_DATE_EPOCH'] = epoch;
  return parsePlatform(FILE, 'p.yaml');
};
const epochOf = (day: string): string => String(Date.parse(`${day}T00:00:00Z`) / 1000);

afterEach(() => {
  if (before === undefined) delete process.env['SOURCE_DATE_EPOCH'];
  else process.env['SOURCE_DATE_EPOCH'] = before;
});

it('SOURCE_DATE_EPOCH sets today, to the last day of standard support', () => {
  expect(load(epochOf('2026-12-01'))().cluster.version).toBe('1.34');
  expect(load(epochOf('2026-12-02'))).toThrow('Kubernetes 1.34 left EKS standard support on 2026-12-02');
});

it('the argument of the caller overrides SOURCE_DATE_EPOCH', () => {
  process.env['SOURCE_DATE_EPOCH'] = epochOf('2026-12-02');
  const today = new Date('2026-12-01T00:00:00Z');
  expect(parsePlatform(FILE, 'p.yaml', { today }).cluster.version).toBe('1.34');
});

it.each(['2026-12-01', '1e9', '-1', '1.5', ' 1', '9999999999999999'])(
  '%j is no valid SOURCE_DATE_EPOCH',
  (epoch) => {
    expect(load(epoch)).toThrow(ConfigError);
    expect(load(epoch)).toThrow(
      /^SOURCE_DATE_EPOCH: got ".+"; allowed: whole seconds since 1970-01-01 UTC, .+\. Unset it/,
    );
  },
);

it('an empty SOURCE_DATE_EPOCH counts as unset', () => {
  process.env['SOURCE_DATE_EPOCH'] = '';
  expect(Math.abs(sourceDate().getTime() - Date.now())).toBeLessThan(60_000);
});
