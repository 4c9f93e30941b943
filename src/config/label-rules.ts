import { entriesOf } from './config-rule';
import type { Rule } from './config-rule';
import { LABEL_KEY } from './schema/node-schema';

/** Source: EKS API Reference, CreateNodegroup, taints. */
const MOST_TAINTS = 50;

/** Who keeps a key for itself, by the DNS name before the "/". A managed node group refuses the labels of the first three. */
const OWNERS: readonly { readonly domain: RegExp; readonly owner: string }[] = [
  { domain: /(^|\.)eks\.amazonaws\.com$/, owner: 'EKS' },
  { domain: /(^|\.)kubernetes\.io$/, owner: 'Kubernetes' },
  { domain: /(^|\.)k8s\.io$/, owner: 'Kubernetes' },
  { domain: /^platform$/, owner: 'the platform' },
];

const keysAreLabelKeys: Rule = ({ nodes }, { report }) => {
  for (const [name, { labels = {} }] of entriesOf(nodes)) {
    for (const key of Object.keys(labels)) {
      if (LABEL_KEY.test(key)) continue;
      const message =
        'not a key for a label; expected up to 63 of letters, digits, "-", "_" and ".", with a DNS name and "/" before or not';
      report(['nodes', name, 'labels', key], message, 'key');
    }
  }
};

const labelsAreFree: Rule = ({ nodes }, { report }) => {
  for (const [name, { labels = {} }] of entriesOf(nodes)) {
    for (const key of Object.keys(labels)) {
      const owner = ownerOf(key);
      if (owner === undefined) continue;
      report(['nodes', name, 'labels', key], `${owner} keeps this key for itself; choose another`, 'key');
    }
  }
};

const taintsAreFree: Rule = ({ nodes }, { report }) => {
  for (const [name, { taints = [] }] of entriesOf(nodes)) {
    taints.forEach((taint, i) => {
      const owner = taint?.key === undefined ? undefined : ownerOf(taint.key);
      if (owner === undefined) return;
      report(['nodes', name, 'taints', i, 'key'], `${owner} keeps this key for itself; choose another`);
    });
  }
};

/** To Kubernetes a taint is its key and effect: two with different values are one that changes. */
const taintsAreUnique: Rule = ({ nodes }, { report }) => {
  for (const [name, { taints = [] }] of entriesOf(nodes)) {
    taints.forEach((taint, i) => {
      if (taint?.key === undefined || taint.effect === undefined) return;
      const first = taints.findIndex((each) => each?.key === taint.key && each?.effect === taint.effect);
      if (first === i) return;
      const message = `${taint.key} with ${taint.effect} is given already at [${first}]; remove one`;
      report(['nodes', name, 'taints', i], message);
    });
  }
};

const taintsAreFew: Rule = ({ nodes }, { report }) => {
  for (const [name, { taints = [] }] of entriesOf(nodes)) {
    if (taints.length <= MOST_TAINTS) continue;
    report(
      ['nodes', name, 'taints'],
      `${taints.length} taints; a managed node group has at most ${MOST_TAINTS}`,
    );
  }
};

/** What the labels and taints of nodes must be to Kubernetes, to EKS and to each other. */
export const LABEL_RULES: readonly Rule[] = [
  keysAreLabelKeys,
  labelsAreFree,
  taintsAreFree,
  taintsAreUnique,
  taintsAreFew,
];

function ownerOf(key: string): string | undefined {
  const [domain, name] = key.split('/');
  if (domain === undefined || name === undefined) return undefined;
  return OWNERS.find((each) => each.domain.test(domain))?.owner;
}
