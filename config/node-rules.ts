import { entriesOf, reportDuplicates } from './rule';
import type { Rule } from './rule';
import { NODE_NAME } from './schema';

/** Families whose processor is AWS Graviton: a "g" after the generation, and a1. */
const GRAVITON = /^([a-z]+\d+g[a-z]*|a1)\./;

const thereAreNodes: Rule = ({ nodes }, { report }) => {
  if (nodes && Object.keys(nodes).length === 0) {
    report(['nodes'], 'got an empty mapping; expected at least one node');
  }
};

const namesAreLabels: Rule = ({ nodes }, { report }) => {
  for (const name of Object.keys(nodes ?? {})) {
    if (NODE_NAME.test(name)) continue;
    const message = 'not a name for a node; expected 1 to 30 of a-z, 0-9 and "-", first and last no "-"';
    report(['nodes', name], message, 'key');
  }
};

const zoneIsOfTheNetwork: Rule = ({ network, nodes }, { report }) => {
  const zones = network?.zones;
  // A zone that could not be read may be the one that the node names.
  if (!zones || zones.includes(undefined)) return;
  for (const [name, { zone }] of entriesOf(nodes)) {
    if (zone === undefined || zones.includes(zone)) continue;
    const message = `the network has no zone "${zone}"; known: ${zones.join(', ')}; use one, or add ${zone} to network.zones`;
    report(['nodes', name, 'zone'], message);
  }
};

const instanceTypesAreUnique: Rule = ({ nodes }, context) => {
  for (const [name, { instanceTypes }] of entriesOf(nodes)) {
    reportDuplicates(instanceTypes, ['nodes', name, 'instanceTypes'], context);
  }
};

/** A managed node group boots one image, and an image is of one architecture. */
const instanceTypesShareAnArchitecture: Rule = ({ nodes }, { report }) => {
  for (const [name, { instanceTypes = [] }] of entriesOf(nodes)) {
    const first = instanceTypes.find((type) => type !== undefined);
    instanceTypes.forEach((type, i) => {
      if (first === undefined || type === undefined || architecture(type) === architecture(first)) return;
      const message = `"${type}" is ${architecture(type)}, but ${first} is ${architecture(first)}; put it in a node of its own`;
      report(['nodes', name, 'instanceTypes', i], message);
    });
  }
};

const minIsNotAboveMax: Rule = ({ nodes }, { report }) => {
  for (const [name, { min, max }] of entriesOf(nodes)) {
    if (min === undefined || max === undefined || min <= max) continue;
    report(['nodes', name, 'min'], `${min} is more than max, which is ${max}; lower min or raise max`);
  }
};

const desiredIsWithin: Rule = ({ nodes }, { report }) => {
  for (const [name, { min, max, desired }] of entriesOf(nodes)) {
    if (desired === undefined) continue;
    const path = ['nodes', name, 'desired'];
    const allowed = `allowed: ${min ?? 'min'} to ${max ?? 'max'}`;
    if (min !== undefined && desired < min) report(path, `${desired} is less than min; ${allowed}`);
    else if (max !== undefined && desired > max) report(path, `${desired} is more than max; ${allowed}`);
  }
};

/** What a node's settings must be to the network and to each other. */
export const NODE_RULES: readonly Rule[] = [
  thereAreNodes,
  namesAreLabels,
  zoneIsOfTheNetwork,
  instanceTypesAreUnique,
  instanceTypesShareAnArchitecture,
  minIsNotAboveMax,
  desiredIsWithin,
];

function architecture(instanceType: string): 'arm64' | 'x86_64' {
  return GRAVITON.test(instanceType) ? 'arm64' : 'x86_64';
}
