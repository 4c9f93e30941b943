import { styleText } from 'node:util';
import type {
  ControlPlaneOutline,
  CountedObjects,
  NamespaceOutline,
  NodeGroupOutline,
  PartOutline,
  PlatformOutline,
  StackResources,
} from '../../checks/platform-outline';
import type { RunningPod } from '../../sandbox/inventory';
import type { Proof } from '../../sandbox/placement-proof';
import { table } from '../terminal/table';

/** A line of the tree; the labels of one parent are padded to one width. */
interface Branch {
  readonly label: string;
  readonly text?: string;
  readonly children?: readonly Branch[];
}

/** Fewest characters that a text gets beside its label. */
const NARROWEST = 20;

/** Label of what runs in namespaces that `platform.yaml` does not list. */
const AGENTS = 'agents';

/**
 * The platform as a tree: control plane, node groups by zone, namespaces with what runs in them, what AWS gets.
 *
 * @param width longest line, in characters
 * @param running what runs in a cluster: it replaces the objects of namespaces, and of what AWS gets
 */
export function drawPlatform(outline: PlatformOutline, width: number, running?: Proof): string {
  const { name, region, controlPlane, nodeGroups, namespaces, clusterWide } = outline;
  const zones = [...new Set(nodeGroups.map((group) => group.zones.join(', ')))];
  const branches: Branch[] = [
    ...(controlPlane ? [controlPlaneBranch(controlPlane)] : []),
    ...zones.map((zone) => ({
      label: zone,
      children: nodeGroups
        .filter((group) => group.zones.join(', ') === zone)
        .map((group) => nodeGroupBranch(group, namespaces, running)),
    })),
    ...(running
      ? [
          {
            label: 'namespaces',
            children: namespaces.flatMap((each) => runningNamespace(each, running.pods)),
          },
        ]
      : namespaces.map(namespaceBranch)),
  ];
  if (!running) {
    if (clusterWide.length > 0) branches.push({ label: 'cluster-wide', text: listed(clusterWide) });
    branches.push({ label: 'AWS', children: outline.aws.map(awsBranch) });
  }
  const what = controlPlane ? `EKS ${controlPlane.version} in ${region}` : region;
  return [`${styleText('bold', name)}: ${what}`, ...draw(branches, '', width)].join('\n');
}

function controlPlaneBranch({ publicAccess, addOns }: ControlPlaneOutline): Branch {
  const endpoint = publicAccess.length === 0 ? 'private' : `private; public for ${publicAccess.join(', ')}`;
  return {
    label: 'control plane',
    children: [
      { label: 'endpoint', text: endpoint },
      { label: 'add-ons', text: addOns.join(', ') },
    ],
  };
}

function nodeGroupBranch(
  { name, instanceTypes, capacityType, min, max, namespaces }: NodeGroupOutline,
  known: readonly NamespaceOutline[],
  running: Proof | undefined,
): Branch {
  const size = min === max ? String(min) : `${min} to ${max}`;
  const spot = capacityType === 'SPOT' ? ', Spot' : '';
  const type = `${instanceTypes.join(' or ')}${spot}`;
  if (!running) return { label: name, text: `${size} × ${type}: ${namespaces.join(', ') || 'no namespace'}` };
  const nodes = running.nodes.filter((node) => node.platformNode === name);
  const pods = running.pods.filter((pod) => nodes.some((node) => node.name === pod.node));
  const own = known.filter(({ nodeGroups }) => nodeGroups !== undefined).map((namespace) => namespace.name);
  const rows = [...own, AGENTS].map((label) => ({
    label,
    pods: pods.filter(({ namespace }) => (own.includes(namespace) ? namespace : AGENTS) === label),
  }));
  return {
    label: name,
    text: `${nodes.length} × ${type} (${size}), ${ready(pods)}`,
    children: rows
      .filter((row) => row.pods.length > 0)
      .map((row) => ({ label: row.label, text: counted(row.pods.map(({ workload }) => workload)) })),
  };
}

function runningNamespace({ name, nodeGroups }: NamespaceOutline, pods: readonly RunningPod[]): Branch[] {
  if (nodeGroups === undefined) return [];
  const own = pods.filter(({ namespace }) => namespace === name);
  return [{ label: name, text: `on ${nodeGroups.join(', ')}: ${ready(own)}` }];
}

function namespaceBranch({ name, nodeGroups, parts }: NamespaceOutline): Branch {
  return {
    label: `namespace ${name}`,
    ...(nodeGroups && { text: `on ${nodeGroups.join(', ')}` }),
    children: parts.flatMap(partBranch),
  };
}

function partBranch({ workload, version, running, objects }: PartOutline): Branch[] {
  const kinds = [...new Set(running.map(({ kind }) => kind))];
  const rows: Branch[] = [
    ...kinds.map((kind) => ({
      label: kind,
      text: running
        .filter((each) => each.kind === kind)
        .map(({ name, replicas }) =>
          replicas === undefined ? name : `${name}${NO_BREAK}×${NO_BREAK}${replicas}`,
        )
        .join(', '),
    })),
    ...(objects.length > 0 ? [{ label: 'others', text: listed(objects) }] : []),
  ];
  return workload === undefined
    ? rows
    : [{ label: [workload, version ?? []].flat().join(' '), children: rows }];
}

function listed(objects: readonly CountedObjects[]): string {
  return unbroken(objects.map(({ kind, count }) => several(kind, count)));
}

/** `2 NetworkPolicies`, `Ingress` */
function several(name: string, count: number): string {
  if (count === 1) return name;
  if (/[^aeiou]y$/.test(name)) return `${count} ${name.slice(0, -1)}ies`;
  return `${count} ${name}${name.endsWith('ss') ? 'es' : name.endsWith('s') ? '' : 's'}`;
}

const NO_BREAK = '\u00a0';

/** Texts of which none is broken between two lines. */
function unbroken(texts: readonly string[]): string {
  return texts.map((text) => text.replaceAll(' ', NO_BREAK)).join(', ');
}

/** Types that only join two others, or belong to one. */
const PART_OF_ANOTHER =
  /_(association|attachment|policy|version|alias|target|entry|addon|template|node_group|eip)$|^aws_(default|route|eks_cluster)/;

/** Words of Terraform's types as AWS writes them. */
const WORDS: Readonly<Record<string, string>> = {
  cloudwatch: 'CloudWatch',
  secretsmanager: 'Secrets Manager',
  ...Object.fromEntries(
    ['acm', 'db', 'ecr', 'efs', 'eks', 'iam', 'kms', 'nat', 'rds', 's3', 'sns', 'sqs', 'ssm', 'vpc'].map(
      (word) => [word, word.toUpperCase()],
    ),
  ),
};

function awsBranch({ stack, resources }: StackResources): Branch {
  const texts = resources
    .filter(({ type }) => !PART_OF_ANOTHER.test(type))
    .map(({ type, addresses, details }) => {
      const words = type
        .split('_')
        .slice(1)
        .map((word) => WORDS[word] ?? word);
      const which = details
        ? ` (${details.map((detail) => detail.replace(/^com\.amazonaws\.[^.]+\./, '')).join(', ')})`
        : '';
      return `${several(words.join(' '), addresses.length)}${which}`;
    });
  return { label: stack, text: unbroken(texts) };
}

function counted(names: readonly string[]): string {
  return [...new Set(names)]
    .sort()
    .map((name) => ({ name, count: names.filter((each) => each === name).length }))
    .map(({ name, count }) => (count > 1 ? `${name} × ${count}` : name))
    .join(', ');
}

function ready(pods: readonly RunningPod[]): string {
  const up = pods.filter((pod) => pod.ready || pod.succeeded).length;
  const noun = pods.length === 1 ? 'Pod' : 'Pods';
  return up === pods.length ? `${pods.length} ${noun} ready` : `${up} of ${pods.length} ${noun} ready`;
}

/** The lines of branches; a text that is too long continues below its own beginning. */
function draw(branches: readonly Branch[], indent: string, width: number): string[] {
  const labels = Math.max(
    0,
    ...branches.filter(({ text }) => text !== undefined).map(({ label }) => label.length),
  );
  return branches.flatMap(({ label, text, children = [] }, index) => {
    const isLast = index === branches.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const head = `${indent}${isLast ? '└─ ' : '├─ '}`;
    const title = (shown: string): string => (children.length > 0 ? styleText('bold', shown) : shown);
    if (text === undefined) return [head + title(label), ...draw(children, below, width)];
    const room = labels + 2;
    const [first = '', ...more] = table([[text]], Math.max(NARROWEST, width - head.length - room))
      .replaceAll(NO_BREAK, ' ')
      .split('\n');
    const under = `${below}${children.length > 0 ? '│' : ''}`.padEnd(head.length + room);
    return [
      `${head}${title(label)}${' '.repeat(room - label.length)}${first}`,
      ...more.map((line) => under + line),
      ...draw(children, below, width),
    ];
  });
}
