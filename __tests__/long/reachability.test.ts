import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { buildGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import type { JsonObject } from '../../src/manifests/terraform-document';
import {
  addressesOf,
  ALL_PORTS,
  EVERYWHERE,
  NetworkPolicies,
  podEndpoint,
  portNumber,
  shownPorts,
  VPC_CNI,
  type Endpoint,
} from '../../src/rules/network-policies';
import { difference, union, type Ranges } from '../../src/rules/number-ranges';
import { drawnNetwork, type DrawnNetwork } from './drawn-policies';

const MINUTE = 60_000;
const RUNS = 2_000;
/** netpol-analyzer works by the specification, so that it knows nothing of what the VPC CNI does otherwise. */
const BY_SPECIFICATION = { rangesHoldPods: false, namesOfAllSelected: false, namesNeedSelector: false };

type Found = Readonly<Record<string, 'all' | Readonly<Record<string, readonly [number, number][]>>>>;

/** What netpol-analyzer of np-guard says of each network: `a/pod-0[Pod]>b/pod-1[Pod]` and the ports. */
async function analyzed(networks: readonly DrawnNetwork[]): Promise<Found[]> {
  const module = readGoModule(join(__dirname, 'netpol-analyzer'));
  const source = createHash('sha256').update(readFileSync(join(module.folder, 'main.go')));
  const key = source.update(module.key).digest('hex').slice(0, 12);
  const into = join(toolCache(), 'tools', `netpol-analyzer-${key}`);
  await buildGoTools(module, module.tools, {
    ...{ tool: 'netpol-analyzer', into, report: () => undefined, signal: undefined },
    logFile: join(toolCache(), 'logs', 'netpol-analyzer.log'),
  });
  const input = networks.map(({ namespaces, pods, policies }) =>
    JSON.stringify([...namespaces, ...pods, ...policies]),
  );
  const { stdout, stderr, status } = spawnSync(join(into, 'netpol-analyzer'), {
    input: `${input.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`netpol-analyzer ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Found);
}

/** Addresses outside of the cluster, cut where a drawn range begins or ends. */
const OUTSIDE = [
  ...['0.0.0.0-9.255.255.255', '10.0.0.0-10.0.0.255', '10.0.1.0-10.0.127.255', '10.0.128.0-10.0.255.255'],
  ...['10.1.0.0-10.255.255.255', '11.0.0.0-203.0.112.255', '203.0.113.0-203.0.113.255'],
  '203.0.114.0-255.255.255.255',
];

/** Endpoints by the names that netpol-analyzer gives them. */
const endpointsOf = ({ namespaces, pods }: DrawnNetwork): Map<string, Endpoint> =>
  new Map<string, Endpoint>([
    ...pods.map(({ metadata, ...pod }, i): [string, Endpoint] => {
      const own = namespaces.find((each) => each.metadata.name === metadata.namespace);
      return [
        `${metadata.namespace ?? ''}/${metadata.name ?? ''}[Pod]`,
        podEndpoint(
          { metadata: metadata as JsonObject, spec: pod['spec'] as JsonObject },
          own?.metadata.labels ?? {},
          addressesOf(`10.0.0.${i + 1}/32`),
        ),
      ];
    }),
    ...OUTSIDE.map((name): [string, Endpoint] => [name, { addresses: rangeOf(name) }]),
  ]);

/** What was found of a pair. Ranges of addresses are joined where all is the same. */
function between(found: Found, a: string, b: string): Ranges {
  const holds = (name: string, wanted: string): boolean =>
    name === wanted ||
    (/^\d/.test(name) && /^\d/.test(wanted) && difference(rangeOf(wanted), rangeOf(name)).length === 0);
  return union(
    Object.entries(found)
      .filter(([pair]) => {
        const [from = '', to = ''] = pair.split('>');
        return holds(from, a) && holds(to, b);
      })
      .map(([, ports]) => portsOf(ports)),
  );
}

const rangeOf = (name: string): Ranges =>
  union(
    name.split(',').map((part) => {
      const [first = '', last = first] = part.trim().split('-');
      const [from, to] = [first, last].map((text) => addressesOf(text.includes('/') ? text : `${text}/32`));
      return [[from?.[0]?.[0] ?? 0, to?.[0]?.[1] ?? 0]];
    }),
  );

const portsOf = (ports: Found[string]): Ranges =>
  ports === 'all'
    ? ALL_PORTS
    : union(
        Object.entries(ports).flatMap(([protocol, ranges]) =>
          ranges.map(
            ([first, last]) => [[portNumber(protocol, first), portNumber(protocol, last)]] as Ranges,
          ),
        ),
      );

/**
 * A fault of netpol-analyzer 1.4.4: of two policies, one for the ports 80 and 80-443 and one for 8080 and 80, it lists 444-8079 too.
 * Whether all that it has more is between two ports that are allowed.
 */
function isJoined(listed: Ranges, allowed: Ranges): boolean {
  const more = difference(listed, allowed);
  const isAllowed = (port: number): boolean => allowed.some(([first, last]) => first <= port && port <= last);
  return (
    difference(allowed, listed).length === 0 &&
    more.every(([first, last]) => isAllowed(first - 1) && isAllowed(last + 1))
  );
}

describe('the reachability check', () => {
  it(
    `agrees with netpol-analyzer on ${RUNS} sets of policies, except for what the VPC CNI does otherwise`,
    async () => {
      const networks = fc.sample(drawnNetwork, {
        numRuns: RUNS,
        seed: Number(process.env['REACHABILITY_SEED'] ?? 1),
      });
      const answers = await analyzed(networks);
      const counts = new Map<string, number>();
      const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
      const disagreements: object[] = [];
      networks.forEach((network, i) => {
        const found = answers[i] ?? {};
        const endpoints = endpointsOf(network);
        const by = (ways: typeof VPC_CNI) =>
          new NetworkPolicies(network.policies, [...endpoints.values()], ways);
        const [cni, specified] = [by(VPC_CNI), by(BY_SPECIFICATION)];
        for (const [a, from] of endpoints) {
          for (const [b, to] of endpoints) {
            if (a === b || !(from.pods ?? to.pods)) continue;
            const expected = shownPorts(between(found, a, b));
            const got = shownPorts(specified.allowed(from, to));
            count(expected === '' ? 'no connection' : 'connections');
            if (got !== expected) {
              const more = [between(found, a, b), specified.allowed(from, to)] as const;
              if (isJoined(...more)) count('with ports between that netpol-analyzer adds');
              else disagreements.push({ network, from: a, to: b, expected, got });
            }
            const enforced = shownPorts(cni.allowed(from, to));
            if (enforced === got) continue;
            const reasons = (Object.keys(VPC_CNI) as (keyof typeof VPC_CNI)[]).filter(
              (way) => shownPorts(by({ ...VPC_CNI, [way]: false }).allowed(from, to)) !== enforced,
            );
            count(`otherwise by ${reasons.join(', ') || 'several at once'}`);
          }
        }
      });
      process.stdout.write(`${RUNS} sets: ${[...counts].map(([what, n]) => `${n} ${what}`).join('; ')}\n`);
      expect(disagreements.slice(0, 1)).toEqual([]);
      expect(counts.get('with ports between that netpol-analyzer adds') ?? 0).toBeLessThan(RUNS / 100);
      expect(counts.get('connections')).toBeGreaterThan(RUNS);
      expect(counts.get('no connection')).toBeGreaterThan(RUNS);
    },
    30 * MINUTE,
  );

  it('covers every address outside the cluster', () => {
    expect(union(OUTSIDE.map(rangeOf))).toEqual(EVERYWHERE);
  });
});
