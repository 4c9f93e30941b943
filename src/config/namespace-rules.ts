import { unknownName } from '../facts/near-name';
import { AGENT_NAMESPACES, STACK_NAMES } from '../facts/stack-names';
import { entriesOf, reportDuplicates } from './config-rule';
import type { Rule } from './config-rule';
import { formatPath } from '../facts/document-path';
import type { WorkloadKeys } from './workload-keys';
import { NAMESPACE_NAME } from './schema/namespace-schema';

const namesAreLabels: Rule = ({ namespaces }, { report }) => {
  for (const name of Object.keys(namespaces ?? {})) {
    if (NAMESPACE_NAME.test(name)) continue;
    const message = 'not a name for a namespace; expected 1 to 63 of a-z, 0-9 and "-", first and last no "-"';
    report(['namespaces', name], message, 'key');
  }
};

/** Names that a namespace of the platform cannot have, by who has them. */
const OWNERS: readonly (readonly [owns: (name: string) => boolean, owner: string])[] = [
  [(name) => name === 'default' || name.startsWith('kube-'), 'Kubernetes keeps this name for itself'],
  [(name) => STACK_NAMES.includes(name), 'a stack of the platform has this name'],
  [
    (name) => AGENT_NAMESPACES.includes(name),
    'collectors of logs and plug-ins for devices run in a namespace of this name',
  ],
  [(name) => name === 'constructor', 'every object of JavaScript has a property of this name'],
];

const namesAreFree: Rule = ({ namespaces }, { report }) => {
  for (const name of Object.keys(namespaces ?? {})) {
    const [, owner] = OWNERS.find(([owns]) => owns(name)) ?? [];
    if (owner !== undefined) report(['namespaces', name], `${owner}; choose another`, 'key');
  }
};

const nodesAreKnown: Rule = ({ nodes, namespaces }, { report }) => {
  if (!nodes) return;
  const known = Object.keys(nodes);
  for (const [namespace, { nodes: row = [] }] of entriesOf(namespaces)) {
    row.forEach((name, i) => {
      if (name === undefined || known.includes(name)) return;
      report(['namespaces', namespace, 'nodes', i], unknownName('node', name, known));
    });
  }
};

const nodesAreUnique: Rule = ({ namespaces }, context) => {
  for (const [namespace, { nodes: row }] of entriesOf(namespaces)) {
    reportDuplicates(row, ['namespaces', namespace, 'nodes'], context);
  }
};

/** A workload uses others, whose parts it gets: they must run beside it. */
export const usedWorkloadsRun =
  (workloads: readonly WorkloadKeys[]): Rule =>
  ({ namespaces }, { report }) => {
    for (const [namespace, { workloads: settings }] of entriesOf(namespaces)) {
      for (const { name, needs } of workloads.filter((each) => settings?.[each.name] !== undefined)) {
        for (const used of needs.filter((each) => settings?.[each] === undefined)) {
          const path = ['namespaces', namespace, 'workloads'];
          report(
            [...path, name],
            `uses ${used}, which the namespace does not run; add ${used} under ${formatPath(path)}, or remove ${name}`,
            'key',
          );
        }
      }
    }
  };

/** What a namespace must be to the nodes and to the other stacks. */
export const NAMESPACE_RULES: readonly Rule[] = [namesAreLabels, namesAreFree, nodesAreKnown, nodesAreUnique];
