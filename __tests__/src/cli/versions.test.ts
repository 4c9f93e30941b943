import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADD_ON_NAMES, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import {
  DEFAULT_KUBERNETES_VERSION,
  KUBERNETES_VERSIONS,
  versionsInStandardSupport,
  type KubernetesVersion,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { versions } from '../../../src/cli/commands/versions';

interface Offer {
  addonVersion: string;
  compatibilities: { clusterVersion: string; defaultVersion: boolean }[];
}

const EPOCH = String(Date.parse('2026-11-29T00:00:00Z') / 1000);
const SUPPORTED = versionsInStandardSupport(new Date(Number(EPOCH) * 1000));
const NEWEST = SUPPORTED.at(-1) ?? '';

/** A version of EKS as the AWS CLI prints it, in the zone of the machine. */
const clusterVersion = (name: string, of: KubernetesVersion) => ({
  clusterVersion: name,
  defaultVersion: name === DEFAULT_KUBERNETES_VERSION,
  releaseDate: `${KUBERNETES_VERSIONS[of].released}T02:00:00+02:00`,
  endOfStandardSupportDate: Date.parse(KUBERNETES_VERSIONS[of].endOfStandardSupport) / 1000,
  endOfExtendedSupportDate: `${KUBERNETES_VERSIONS[of].endOfExtendedSupport}T00:00:00+00:00`,
  versionStatus: 'STANDARD_SUPPORT',
});
const offer = (addonVersion: string, defaultVersion: boolean, ...names: string[]): Offer => ({
  addonVersion,
  compatibilities: names.map((name) => ({ clusterVersion: name, defaultVersion })),
});
/** What EKS would say if the tables were right. */
const asListed = () => ({
  clusterVersions: ['1.33' as const, ...SUPPORTED].map((name) => clusterVersion(name, name)),
  addons: ADD_ON_NAMES.map((addonName) => ({
    addonName,
    addonVersions: SUPPORTED.flatMap((name) => {
      const pinned = pinnedVersion(addonName, name);
      return pinned === undefined ? [] : [offer(pinned, true, name)];
    }).concat(addonName === 'kube-proxy' ? [] : [offer('v0.0.1-eksbuild.1', false, '1.30')]),
  })),
});

let folder: string;
let told: { out: string; err: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'));
  process.env['SOURCE_DATE_EPOCH'] = EPOCH;
  told = { out: '', err: '' };
  for (const [stream, key] of [[process.stdout, 'out'] as const, [process.stderr, 'err'] as const]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => (told[key] += String(text)) !== '');
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  delete process.env['SOURCE_DATE_EPOCH'];
  rmSync(folder, { recursive: true });
});

type Answers = ReturnType<typeof asListed>;

function run(change: (answers: Answers) => void, json = false): void {
  const answers = asListed();
  // No list of 1.37 is known; EKS has a kube-proxy for each version.
  kubeProxy(answers).push(offer(`v${NEWEST}.0-eksbuild.2`, true, NEWEST));
  change(answers);
  const [clusterVersions, addOnVersions] = ['clusters.json', 'add-ons.json'].map((name) =>
    join(folder, name),
  );
  const { clusterVersions: clusters, addons } = answers;
  writeFileSync(clusterVersions ?? '', JSON.stringify({ clusterVersions: clusters }));
  writeFileSync(addOnVersions ?? '', JSON.stringify({ addons }));
  versions({ clusterVersions: clusterVersions ?? '', addOnVersions: addOnVersions ?? '', json });
}

const offers = ({ addons }: Answers, name: string): Offer[] =>
  addons.find(({ addonName }) => addonName === name)?.addonVersions ?? [];
const kubeProxy = (answers: Answers): Offer[] => offers(answers, 'kube-proxy');
const unpinned = { fact: `ADD_ONS kube-proxy ${NEWEST}`, eks: `v${NEWEST}.0-eksbuild.2` };

function changesOf(change: (answers: Answers) => void): unknown {
  run(change, true);
  return (JSON.parse(told.out) as { changes: unknown }).changes;
}

it('versions prints what EKS has and the tables lack, as a table and with status 1', () => {
  run(() => undefined);
  expect(told.out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['FACT', 'IS', 'EKS SAYS'],
    [unpinned.fact, '(none)', unpinned.eks],
    [''],
  ]);
  expect([told.err, process.exitCode]).toEqual([
    'packages/eks-facts: differs from EKS; docs/guides/upgrading.md describes how to update it\n',
    1,
  ]);
});

it('versions proposes the rows of a new version, and the default of EKS', () => {
  const found = changesOf((answers) => {
    for (const each of answers.clusterVersions) each.defaultVersion = each.clusterVersion === NEWEST;
    answers.clusterVersions.push({
      ...clusterVersion('1.38', '1.37'),
      releaseDate: '2026-11-20T16:00:00-08:00',
    });
    kubeProxy(answers).push(offer('v1.38.0-eksbuild.1', true, '1.38'));
  });
  const { endOfStandardSupport, endOfExtendedSupport } = KUBERNETES_VERSIONS['1.37'];
  expect(found).toEqual([
    { fact: 'DEFAULT_KUBERNETES_VERSION', is: DEFAULT_KUBERNETES_VERSION, eks: NEWEST },
    unpinned,
    { fact: 'KUBERNETES_VERSIONS 1.38 released', eks: '2026-11-21' },
    { fact: 'KUBERNETES_VERSIONS 1.38 endOfStandardSupport', eks: endOfStandardSupport },
    { fact: 'KUBERNETES_VERSIONS 1.38 endOfExtendedSupport', eks: endOfExtendedSupport },
    { fact: 'ADD_ONS kube-proxy 1.38', eks: 'v1.38.0-eksbuild.1' },
  ]);
});

it('versions proposes what EKS chooses; a newer pin stays while EKS offers it, and a withdrawn one goes', () => {
  const found = changesOf((answers) => {
    const [cni, dns, metrics] = ['vpc-cni', 'coredns', 'metrics-server'].map((name) => offers(answers, name));
    cni?.splice(
      0,
      Infinity,
      offer('v9.0.1-eksbuild.10', false, '1.36'),
      offer('v9.0.0-eksbuild.2', true, ...SUPPORTED),
    );
    dns?.forEach(({ compatibilities }) => {
      compatibilities.forEach((each) => (each.defaultVersion = false));
    });
    dns?.push(offer('v0.9.0-eksbuild.9', true, ...SUPPORTED.slice(0, -1)));
    metrics?.splice(0, Infinity, offer('v0.1.0-eksbuild.1', false, '1.36'));
  });
  expect(found).toEqual(
    SUPPORTED.flatMap((name) => [
      { fact: `ADD_ONS vpc-cni ${name}`, is: pinnedVersion('vpc-cni', name), eks: 'v9.0.0-eksbuild.2' },
      ...(name === NEWEST ? [unpinned] : []),
      {
        fact: `ADD_ONS metrics-server ${name}`,
        is: pinnedVersion('metrics-server', name),
        ...(name === '1.36' && { eks: 'v0.1.0-eksbuild.1' }),
      },
    ]).filter(({ fact }) => fact !== `ADD_ONS metrics-server ${NEWEST}`),
  );
});

it.each<[string, string, RegExp]>([
  ['not there', '', /clusters\.json: .*ENOENT/],
  ['no JSON', 'An error occurred', /clusters\.json: .*Unexpected token/],
  ['another answer', '{"cluster":{}}', /clusters\.json: clusterVersions: Invalid input/],
  ['a list', '[]', /clusters\.json: the answer: Invalid input/],
  [
    'a time without a zone',
    '{"clusterVersions":[{"clusterVersion":"1.36","defaultVersion":true,"releaseDate":"June"}]}',
    /clusterVersions\.0\.releaseDate: /,
  ],
  ['a page', '{"clusterVersions":[],"NextToken":"eyJ"}', /clusters\.json: NextToken: Invalid input/],
  ['filtered', '{"clusterVersions":[]}', /clusters\.json: no version is the default/],
])('versions refuses a file that is %s', (_, text, message) => {
  const file = join(folder, 'clusters.json');
  if (text !== '') writeFileSync(file, text);
  const addOns = join(folder, 'add-ons.json');
  writeFileSync(addOns, JSON.stringify({ addons: [] }));
  const given = { clusterVersions: file, addOnVersions: addOns };
  expect(() => {
    versions(given);
  }).toThrow(message);
  expect(() => {
    versions(given);
  }).toThrow(/\. Save a whole answer, without filters: aws eks describe-cluster-versions --output json; /);
});

it('versions refuses an answer about one add-on or one version of Kubernetes', () => {
  expect(() => {
    run((answers) => answers.addons.splice(1));
  }).toThrow(/add-ons\.json: it has no vpc-cni for Kubernetes/);
  expect(() => {
    run((answers) => kubeProxy(answers).pop());
  }).toThrow(`it has no kube-proxy for Kubernetes ${NEWEST}`);
});
