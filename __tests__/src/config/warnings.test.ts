import { execaSync } from 'execa';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatFinding } from '../../../src/config/config-error';
import definition from '../../../main';
import { parsePlatform } from '../../own-platform';

/** A platform whose version is on line 5, whose network is on line 3 and whose nodes begin on line 7. */
function platform(lines: {
  version?: string;
  network?: string;
  desired?: [number, number];
  controllers?: string;
  namespaces?: string;
}): string {
  const [first, second] = lines.desired ?? [1, 1];
  return `name: shop
region: eu-west-1
network: ${lines.network ?? '{}'}
cluster:
  version: '${lines.version ?? '1.35'}'
  admins: [arn:aws:iam::111122223333:role/admin]${lines.controllers === undefined ? '' : `\n  controllers: ${lines.controllers}`}
nodes:
  node-1: { zone: a, instanceTypes: [m7i.large], min: 0, max: 3, desired: ${first} }
  node-2: { zone: b, instanceTypes: [m7i.large], min: ${second}, max: 3 }
namespaces: ${lines.namespaces ?? '{ dev: { nodes: [node-1] } }'}
`;
}

/** Without that of volumes, which every platform here has. */
function warnings(lines: Parameters<typeof platform>[0], today = '2026-11-23'): string[] {
  return allWarnings(platform(lines), today).filter((line) => !line.includes('aws-ebs-csi-driver'));
}

function allWarnings(text: string, today = '2026-11-23'): string[] {
  const told: string[] = [];
  parsePlatform(text, 'p.yaml', {
    today: new Date(`${today}T12:00:00Z`),
    onWarning: (warning) => told.push(formatFinding(warning)),
  });
  return told;
}

describe('the end of standard support', () => {
  const told = (version: string, today: string): string[] => warnings({ version }, today);

  it.each([
    ['1.34', '2026-10-02'],
    ['1.35', '2026-11-23'],
    ['1.35', '2027-01-25'],
  ])('is no warning yet for %s on %s', (version, today) => {
    expect(told(version, today)).toEqual([]);
  });

  it.each([
    ['2026-10-03', '60 days'],
    ['2026-11-23', '9 days'],
    ['2026-12-01', '1 day'],
  ])('is a warning on %s, %s before, with the version to upgrade to', (today, days) => {
    expect(told('1.34', today)).toEqual([
      `p.yaml:5:12 cluster.version: EKS standard support of Kubernetes 1.34 ends on 2026-12-02, in ${days}: EKS upgrades the ` +
        'cluster by itself then; write "1.35" before that day, which upgrades the cluster in the right order',
    ]);
  });

  it('is a warning for the newest known version, too', () => {
    expect(told('1.37', '2027-10-02')).toContain(
      'p.yaml:5:12 cluster.version: EKS standard support of Kubernetes 1.37 ends on 2027-12-01, in 60 days: EKS upgrades the ' +
        'cluster by itself then; add the next version to packages/eks-facts/kubernetes-versions.ts, and upgrade to it before that day',
    );
  });

  it('is an error once it has passed', () => {
    expect(() => told('1.34', '2026-12-02')).toThrow('left EKS standard support on 2026-12-02');
  });
});

it('a Kubernetes version without pinned add-ons is a warning, until kube-proxy has a version', () => {
  expect(warnings({ version: '1.36' })).toEqual([]);
  expect(warnings({ version: '1.37' })).toEqual([
    'p.yaml:5:12 cluster.version: no add-on versions are pinned for Kubernetes 1.37: EKS chooses them for a new cluster, and an ' +
      'upgrade keeps them. Set cluster.addOns.kube-proxy.version (aws eks describe-addon-versions)',
  ]);
  const addOns = "'\n  addOns: { kube-proxy: { version: v1.37.0-eksbuild.2 } } #";
  expect(warnings({ version: `1.37${addOns}` })).toEqual([]);
});

describe('nodes without NAT', () => {
  it('have a warning with every endpoint that they lack', () => {
    expect(warnings({ network: '{ nat: none }' })).toEqual([
      'p.yaml:3:17 network.nat: without NAT, nodes do not reach ec2 (addresses and volumes for Pods), ecr.api (images), ' +
        'ecr.dkr (images), eks-auth (roles of Pods), elasticfilesystem (shared files), logs (logs of Pods), sts (roles of ' +
        'Pods); add them to network.endpoints, unless the VPC has another way out',
    ]);
    const sessions = warnings({ version: "1.36'\n  sessionManager: true #", network: '{ nat: none }' });
    expect(sessions[0]).toContain(
      'ec2messages (sessions on nodes), ssm (sessions on nodes), ssmmessages (sessions on nodes)',
    );
    const some = '{ nat: none, endpoints: [ec2, ecr.api, ecr.dkr, eks-auth, elasticfilesystem, sts, kms] }';
    expect(warnings({ network: some })).toEqual([
      'p.yaml:3:34 network.endpoints: without NAT, nodes do not reach logs (logs of Pods); add them to network.endpoints, ' +
        'unless the VPC has another way out',
    ]);
  });

  it.each([
    '{ nat: single }',
    '{ nat: none, endpoints: [ec2, ecr.api, ecr.dkr, eks-auth, elasticfilesystem, logs, sts] }',
  ])('lack nothing with %s', (network) => {
    expect(warnings({ network })).toEqual([]);
  });
});

it('a node group without an instance that can start is a warning', () => {
  expect(warnings({ desired: [0, 1] })).toEqual([]);
  expect(warnings({ desired: [0, 0] })).toEqual([
    'p.yaml:7:1 nodes: no node group starts with an instance: CoreDNS has no node to run on, and the first deployment waits ' +
      'until it times out. Set desired of one to 1 or more',
  ]);
});

describe('the volumes in the role of the EBS driver', () => {
  const withCluster = (keys: string): string[] =>
    allWarnings(platform({}).replace(/^(cluster:\n)/m, `$1${keys}`)).filter((line) =>
      line.includes('aws-ebs-csi-driver'),
    );
  const WIDE =
    'the role of aws-ebs-csi-driver reaches the volumes of the whole account. Set cluster.addOns.aws-ebs-csi-driver.policy to cluster ' +
    'once its volumes are tagged (docs/guides/ebs-policy.md), or to account to keep it so';

  it('are those of the account by default', () => {
    expect(withCluster('')).toEqual([`p.yaml:4:1 cluster: ${WIDE}`]);
    expect(withCluster('  addOns: { aws-ebs-csi-driver: {} }\n')).toEqual([
      `p.yaml:5:13 cluster.addOns.aws-ebs-csi-driver: ${WIDE}`,
    ]);
  });

  it.each(['cluster', 'account'])('are no warning with %s', (policy) => {
    expect(withCluster(`  addOns: { aws-ebs-csi-driver: { policy: ${policy} } }\n`)).toEqual([]);
  });
});

describe('the admins of a platform', () => {
  const told = (account: string): string[] =>
    warnings({ network: `{}\naccount: '${account}'` }).filter((line) => line.includes('cluster.admins'));

  it('may be in the account of the platform', () => {
    expect(told('111122223333')).toEqual([]);
  });

  it('are a warning if none is in that account, as with an extended list of another platform', () => {
    expect(told('444455556666')).toEqual([
      'p.yaml:7:11 cluster.admins: no admin is in the account 444455556666 of this platform; found 111122223333; name its own admins, ' +
        'unless they sign in from there',
    ]);
  });
});

describe('an Ingress', () => {
  const shops =
    '{ dev: { nodes: [node-1], workloads: { storefront: { version: 1.4.0 } } }, ops: { nodes: [node-1] }, ' +
    'prod: { nodes: [node-1], workloads: { storefront: { version: 1.4.0 } } } }';
  const UNSERVED =
    'no controller serves the Ingresses and Services of the type LoadBalancer in dev, prod. Set ' +
    'cluster.controllers.loadBalancer to true, or to false if another controller serves them or none is needed';

  /** The warnings of a whole synthesis, without those of the file alone. */
  function ofSynthesis(lines: Parameters<typeof platform>[0]): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'warnings-'));
    try {
      const file = join(folder, 'p.yaml');
      writeFileSync(file, platform(lines));
      const found: string[] = [];
      definition.synthesize({
        file,
        outdir: join(folder, 'out'),
        today: new Date('2026-11-23'),
        onWarning: (warning) => found.push(formatFinding(warning).slice(folder.length + 1)),
      });
      return found.filter((text) => text.includes('serves'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('that no controller serves is reported at what could name the controller', () => {
    expect(ofSynthesis({ namespaces: shops })).toEqual([`p.yaml:4:1 cluster: ${UNSERVED}`]);
    expect(ofSynthesis({ namespaces: shops, controllers: '{ karpenter: true }' })).toEqual([
      `p.yaml:7:3 cluster.controllers: ${UNSERVED}`,
    ]);
  });

  it.each(['{ loadBalancer: true }', '{ loadBalancer: false }'])('is no warning with %s', (controllers) => {
    expect(ofSynthesis({ namespaces: shops, controllers })).toEqual([]);
  });

  it('is no warning if it does not exist', () => {
    expect(ofSynthesis({ namespaces: '{ ops: { nodes: [node-1] } }' })).toEqual([]);
  });
});

it('a load balancer controller without NAT needs one endpoint more', () => {
  const all = '[ec2, ecr.api, ecr.dkr, eks-auth, elasticfilesystem, logs, sts]';
  const network = `{ nat: none, endpoints: ${all} }`;
  expect(warnings({ network, controllers: '{ loadBalancer: false }' })).toEqual([]);
  expect(warnings({ network, controllers: '{ loadBalancer: true }' })).toEqual([
    'p.yaml:3:34 network.endpoints: without NAT, nodes do not reach elasticloadbalancing (load balancers); add them to ' +
      'network.endpoints, unless the VPC has another way out',
  ]);
});

it('the default platform sets who serves its Ingresses, so that no command warns of them', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'warnings-'));
  const found: unknown[] = [];
  const { platform: parsed } = definition.synthesize({
    file: 'platform.yaml',
    outdir,
    today: new Date('2026-11-23'),
    onWarning: (warning) => found.push(warning),
  });
  rmSync(outdir, { recursive: true });
  expect(parsed.namespaces['dev']?.workloads).toHaveProperty('storefront');
  expect(found).toEqual([]);
});

it('warnings have the order of the file, and appear only for a valid file', () => {
  const all = warnings({ version: '1.34', network: '{ nat: none }', desired: [0, 0] });
  expect(all.map((line) => line.replace(/^(\S+ \S+:).*$/, '$1'))).toEqual([
    'p.yaml:3:17 network.nat:',
    'p.yaml:5:12 cluster.version:',
    'p.yaml:7:1 nodes:',
  ]);
  const told: unknown[] = [];
  const wrong = platform({ network: '{ nat: none, cidr: 8.8.0.0/16 }' });
  expect(() =>
    parsePlatform(wrong, 'p.yaml', {
      today: new Date('2026-11-23'),
      onWarning: (warning) => told.push(warning),
    }),
  ).toThrow('not in a private range');
  expect(told).toEqual([]);
});

it('npm run synth prints warnings beside its result and does its work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warnings-'));
  try {
    const file = join(folder, 'platform.yaml');
    writeFileSync(file, platform({ network: '{ nat: none }' }));
    const { stdout, stderr } = execaSync('node', ['src/cli/run.mjs', 'synth', '--json'], {
      env: { PLATFORM: file, CDKTF_OUTDIR: join(folder, 'out') },
    });
    expect(JSON.parse(stdout)).toMatchObject({ stacks: ['network', 'cluster', 'platform', 'dev'] });
    expect(stderr).toContain(`warning: ${file}:3:17 network.nat: without NAT, nodes do not reach ec2`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
