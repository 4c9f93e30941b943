import { styleText } from 'node:util';
import { version } from '../../../package.json';
import { CODES, type Code, type Finding } from '../../checks/finding';
import type { CapacityAnswer } from '../../checks/placement';
import type { CheckResult } from '../../checks/platform-checks';
import type { Verdict } from '../../rules/kubernetes-oracle';
import { docsPage } from '../../facts/docs-page';
import { table } from '../terminal/table';
import { code, escaped } from './markdown';

const pageOf = (code: Code): string => `${docsPage('reference/checks.md')}#${code.toLowerCase()}`;

const ANSWERS: Readonly<Record<Verdict, string>> = {
  always: 'always fits',
  can: 'can fit',
  never: 'does not fit',
  undecided: 'undecided',
};

/** The findings for people, after where Pods may run and whether there is room. */
export function drawChecks(
  { findings, waived, notRun, unread, without, schedule, reachability }: CheckResult,
  width: number,
): string {
  return [
    ...(schedule ? [placement(schedule, width)] : []),
    ...(schedule && schedule.capacity.length > 0 ? [capacity(schedule.capacity, width)] : []),
    // Alone, the whole matrix; beside other tables, namespaces.
    ...(reachability ? [schedule ? reachOfNamespaces(reachability, width) : reach(reachability, width)] : []),
    ...findings.map(drawFinding),
    ...waived.map(
      ({ code, stack, address, reason, until }) =>
        `${code} ${stack}/${address}: waived until ${until}: ${reason}\n`,
    ),
    ...unread.map((each) => `note: not checked: ${each}\n`),
    ...Object.entries(notRun).map(([name, reason]) => `${name} did not run: ${reason}\n`),
    ...without.map((version) => `note: ${notHeld(version)}\n`),
    summary(findings, waived.length),
  ].join('\n');
}

function placement({ matrix, templates }: NonNullable<CheckResult['schedule']>, width: number): string {
  const groups = [...new Set(Object.values(matrix).flatMap((row) => Object.keys(row)))];
  const rows = Object.entries(matrix).map(([namespace, row]) => [
    namespace,
    ...groups.map((group) => (row[group] ? `${row[group]} of ${templates[namespace] ?? 0}` : '-')),
  ]);
  return `${styleText('bold', 'Pod templates by the node groups that take them')}\n\n${table([['NAMESPACE', ...groups], ...rows], width)}\n`;
}

function capacity(answers: readonly CapacityAnswer[], width: number): string {
  const rows = answers.map(({ scenario, nodes, pods, verdict }) => [
    scenario,
    String(nodes),
    String(pods),
    ANSWERS[verdict],
  ]);
  const open = answers
    .filter(({ verdict }) => verdict === 'undecided')
    .map(({ scenario, why }) => `undecided: ${scenario}: ${why}\n`);
  const head = ['NODES AND PODS', 'NODES', 'PODS', 'ROOM'];
  return `${styleText('bold', 'Room for the Pods, DaemonSets beside them')}\n\n${table([head, ...rows], width, [1, 2])}\n${open.join('')}`;
}

type Reach = NonNullable<CheckResult['reachability']>;
const groupOf = (name: string): string => name.split('/')[0] ?? name;

/** How many of the workloads of a namespace another one, or what is outside, reaches at all. */
function reachOfNamespaces({ names, matrix }: Reach, width: number): string {
  const groups = [...new Set(names.map(groupOf))];
  const rows = groups.map((from) => [
    from,
    ...groups.map((to) => {
      const own = names.filter((name) => groupOf(name) === to);
      const found = own.filter((name) =>
        names.some((other) => other !== name && groupOf(other) === from && matrix[other]?.[name]),
      );
      return found.length === 0 ? '-' : own.length === 1 ? 'yes' : `${found.length} of ${own.length}`;
    }),
  ]);
  return `${styleText('bold', 'Workloads that NetworkPolicies let connect, by namespace')}\n\n${table([['FROM', ...groups], ...rows], width)}\n`;
}

/** For each namespace, who connects to its workloads, and what they connect to outside, by ports. */
function reach({ names, matrix }: Reach, width: number): string {
  const outside = names.filter((name) => !name.includes('/'));
  const namespaces = [...new Set(names.filter((name) => name.includes('/')).map(groupOf))];
  const parts = namespaces.map((namespace) => {
    const own = names.filter((name) => groupOf(name) === namespace);
    const columns = [...own, ...outside];
    const rows = names
      .filter((from) => own.includes(from) || own.some((to) => matrix[from]?.[to]))
      .map((from) => [
        own.includes(from) ? `${own.indexOf(from) + 1} ${from}` : from,
        ...columns.map((to) =>
          own.includes(from) || own.includes(to) ? (matrix[from]?.[to] ?? '-').replace(/^TCP /, '') : '',
        ),
      ]);
    const head = ['FROM', ...own.map((_, i) => String(i + 1)), ...outside];
    return `${styleText('bold', `Connections of ${namespace}: ports of TCP, or of the protocol that stands before them`)}\n\n${table([head, ...rows], width)}\n`;
  });
  return parts.join('\n');
}

const notHeld = (version: string): string =>
  `no object was held against Kubernetes ${version}: its validation is not built. node packages/kubernetes-oracle/build.mjs ${version} builds it`;

function drawFinding({ code, level, stack, address, object, path, message, remedy }: Finding): string {
  const color = level === 'error' ? 'red' : 'yellow';
  return (
    `${styleText(color, code)} ${level === 'warning' ? 'warning: ' : ''}${object}: ${message}\n` +
    `  at ${path === '' ? '' : `${path}, `}${stack}/${address}\n  fix: ${remedy}\n  see ${pageOf(code)}\n`
  );
}

function summary(findings: readonly Finding[], waivers: number): string {
  const kept = waivers === 0 ? '' : `, ${waivers} waived`;
  return findings.length === 0
    ? `No finding${kept}\n`
    : `${findings.length} finding${findings.length === 1 ? '' : 's'}${kept}\n`;
}

/** The findings for the comment of a pull request. */
export function checksMarkdown({ findings, waived, unread, without, notRun }: CheckResult): string {
  return [
    `Checks: ${summary(findings, waived.length)}`,
    ...findings.map(
      ({ code: found, stack, address, object, message, remedy }) =>
        `- [**${found}**](${pageOf(found)}) ${code(object)}: ${escaped(message)}. ${escaped(remedy)} (${code(`${stack}/${address}`)})`,
    ),
    ...unread.map((each) => `- Not checked: ${escaped(each)}`),
    ...without.map((version) => `- Note: ${escaped(notHeld(version))}`),
    ...Object.entries(notRun).map(([name, reason]) => `- ${name} did not run: ${escaped(reason)}`),
    '',
  ].join('\n');
}

/**
 * The findings in the Static Analysis Results Interchange Format, which code hosts show beside a change.
 *
 * @param outdir the folder with the stacks
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif({ findings, waived }: CheckResult, outdir: string): object {
  const result = ({ code, level, stack, address, object, path, message, remedy }: Finding): object => ({
    ruleId: code,
    level,
    message: { text: `${object}: ${message}. ${remedy}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: `${outdir}/stacks/${stack}/cdk.tf.json` } },
        logicalLocations: [
          { name: address, fullyQualifiedName: path === '' ? `${stack}/${address}` : path, kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: { finding: `${code}/${stack}/${address}` },
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kubernetes-on-aws',
            version,
            rules: Object.entries(CODES).map(([id, text]) => ({
              id,
              shortDescription: { text },
              help: { text: pageOf(id as Code) },
            })),
          },
        },
        results: [
          ...findings.map(result),
          ...waived.map((each) => ({
            ...result(each),
            suppressions: [{ kind: 'external', justification: each.reason }],
          })),
        ],
      },
    ],
  };
}
