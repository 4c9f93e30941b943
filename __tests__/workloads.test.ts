import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { workloads } from './own-platform';

/** Where a workload is named: its folder and the list, the platform, its addresses, what is generated, the pages, the tests. */
const NAMES_WORKLOADS =
  /^(workloads\/|platforms?(\.yaml|\/)|addresses\/|platform\.schema\.json$|docs\/|README\.md$|examples\/|(packages\/[^/]+\/)?__tests__\/)/;

it.each(workloads.map(({ name }) => name).filter((name) => name !== 'orders'))(
  'no file outside its folder names the workload %s',
  (name) => {
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
    });
    const naming = files
      .split('\n')
      .filter((file) => file !== '' && !NAMES_WORKLOADS.test(file) && !file.startsWith('package-lock'))
      .filter((file) => readFileSync(file, 'utf8').includes(name));
    expect(naming).toEqual([]);
  },
);

it('only the list of workloads imports the workload orders', () => {
  const files = execFileSync('git', ['grep', '--untracked', '-lE', "/orders'"], { encoding: 'utf8' });
  expect(
    files
      .trim()
      .split('\n')
      .filter((file) => !NAMES_WORKLOADS.test(file)),
  ).toEqual([]);
});
