import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_KUBERNETES_VERSION,
  KUBERNETES_VERSIONS,
  minorOf,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';

const DAY_MS = 86_400_000;
/** Days before the default leaves standard support in which the tables have to be renewed: time for a staged upgrade. */
const NOTICE_DAYS = 90;

const pages = ['docs', '.github', 'packages']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /\.(md|ya?ml)$/.test(file) && !/node_modules|__tests__/.test(file))
  .concat('README.md', 'platform.yaml');

/** Versions of Kubernetes that a page names, and why it may name another than the default. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  // The table of what is pinned, and how YAML reads a version without quotes.
  'docs/reference/platform-yaml.md': ['1.34', '1.35', '1.30'],
  // Findings about what is of another version than the cluster.
  'docs/reference/checks.md': ['1.35', '1.37'],
  // An upgrade taken back.
  'docs/guides/upgrading.md': [`1.${minorOf(DEFAULT_KUBERNETES_VERSION) - 1}`, '1.37'],
};

it.each(pages)('%s names the default version of Kubernetes if it names one', (file) => {
  const named = [...readFileSync(file, 'utf8').matchAll(/(?<![\d.v])v?(1\.3\d)(?![\d])/g)].map(
    ([, name]) => name,
  );
  const others = new Set(named.filter((name) => name !== DEFAULT_KUBERNETES_VERSION));
  expect([...others].filter((name) => !OTHERS[file]?.includes(name ?? ''))).toEqual([]);
});

it('the platform and the workflows run the default version', () => {
  expect(readFileSync('platform.yaml', 'utf8')).toContain(`version: '${DEFAULT_KUBERNETES_VERSION}'`);
  for (const workflow of ['test', 'long']) {
    expect(readFileSync(`.github/workflows/${workflow}.yml`, 'utf8')).toContain(
      `go-version-file: packages/eks-sandbox/tools/kubernetes-${DEFAULT_KUBERNETES_VERSION}/go.mod`,
    );
  }
});

/** What is to be done, from 90 days before the default leaves standard support. */
function renewal(today: Date): string {
  const end = KUBERNETES_VERSIONS[DEFAULT_KUBERNETES_VERSION].endOfStandardSupport;
  const days = Math.ceil((Date.parse(end) - today.getTime()) / DAY_MS);
  if (days > NOTICE_DAYS) return '';
  return (
    `EKS standard support of Kubernetes ${DEFAULT_KUBERNETES_VERSION}, the default, ends on ${end}, in ${days} days. Renew the tables: ` +
    'npm run versions -- --cluster-versions clusters.json --add-on-versions add-ons.json (docs/guides/upgrading.md)'
  );
}

it('the default version stays in standard support for 90 days', () => {
  expect(renewal(new Date())).toBe('');
});

it('90 days before the end of that support, a message names the command to run', () => {
  const end = Date.parse(KUBERNETES_VERSIONS[DEFAULT_KUBERNETES_VERSION].endOfStandardSupport);
  expect(renewal(new Date(end - (NOTICE_DAYS + 1) * DAY_MS))).toBe('');
  expect(renewal(new Date(end - NOTICE_DAYS * DAY_MS))).toMatch(
    /in 90 days\. Renew the tables: npm run versions/,
  );
});
