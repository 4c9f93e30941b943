import { readFileSync } from 'node:fs';
import type { Stack } from '../../../src/manifests/stacks';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard, type Finding } from '../../../src/pipeline/guard/guard';
import { EVERY_OPTION } from '../../iam/every-option';
import { synthesizedStacks } from '../checks/synthesized-stacks';
import { DANGEROUS_CREATIONS } from './corpus/dangerous-creations';
import { edits, firstPlan } from './first-plan';

type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

let documents: Stack[];

beforeAll(() => {
  documents = synthesizedStacks(readFileSync('platform.yaml', 'utf8'));
}, 120_000);

function stopped(stacks: readonly Pick<Stack, 'name' | 'document'>[]): readonly Finding[] {
  const today = new Date('2026-11-29');
  const plans = stacks.map(firstPlan);
  return guard({ stacks: plans, documents: stacks, exceptions: [], maxChanges: 1e6, today }).stopped;
}

/** A namespace that is new, with something that a change has added to it. */
function withAdded(added: Resources): readonly string[] {
  const dev = documents.find(({ name }) => name === 'dev');
  if (dev === undefined) throw new Error('the platform has no namespace dev');
  const resource: Record<string, unknown> = { ...dev.document.resource };
  for (const [type, named] of Object.entries(added)) {
    resource[type] = { ...(resource[type] as object | undefined), ...named };
  }
  const document = { ...dev.document, resource } as TerraformDocument;
  return stopped([{ name: 'dev', document }]).map(({ rule, address }) => `${rule} ${address}`);
}

describe('the first plan', () => {
  it('of the default platform passes without an exception', () => {
    expect(stopped(documents)).toEqual([]);
  });

  it('of a namespace with its workloads passes without an exception', () => {
    expect(withAdded({})).toEqual([]);
  });

  it('of a platform with every option stops only for a chart of another repository', () => {
    // The administrator applies the pipeline's own stack.
    const found = stopped(synthesizedStacks(EVERY_OPTION)).filter(({ stack }) => stack !== 'pipeline');
    expect(found.map(({ rule, address }) => `${rule} ${address}`)).toEqual([
      'code load-balancer-controller/helm_release.load_balancer_controller',
    ]);
  }, 120_000);
});

/** Every tenth is enough here: each is tried in a small stack, too. */
it.each(DANGEROUS_CREATIONS.filter((_, i) => i % 10 === 0))(
  'a new namespace stops the plan for %s',
  (_, added, expected) => {
    expect(withAdded(added)).toEqual(expected.split(', ').map((found) => found.replace(' ', ' dev/')));
  },
);

it('an edit of versions, replicas, nodes, namespaces and workloads passes', () => {
  const yaml = readFileSync('platform.yaml', 'utf8');
  const edited = [
    ['storefront: { version: 1.4.0 }', 'storefront: { version: 1.5.0 }'],
    ['orders: { version: 2.1.0 }', 'orders: { version: 2.2.0, replicas: 5 }'],
    [
      'zone: c, instanceTypes: [m7i.large], min: 1, max: 3',
      'zone: c, instanceTypes: [m7i.xlarge], min: 1, max: 9',
    ],
    ['namespaces:', '  node-4: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 }\nnamespaces:'],
    [
      '  stage:',
      '  perf: { nodes: [node-1, node-2], workloads: { storefront: { version: 1.4.0 } } }\n  stage:',
    ],
    [
      'stage: { nodes: [node-1, node-3], workloads: { ',
      'stage: { nodes: [node-1, node-3], workloads: { orders: { version: 2.0.3 }, ',
    ],
  ].reduce((text, [from = '', to = '']) => {
    if (!text.includes(from)) throw new Error(`platform.yaml has no ${from}`);
    return text.replaceAll(from, to);
  }, yaml);
  const plans = edits(documents, synthesizedStacks(edited));
  expect(plans.flatMap(({ plan }) => plan.resource_changes ?? []).length).toBeGreaterThan(100);
  const today = new Date('2026-11-29');
  const { stopped: found } = guard({
    stacks: plans,
    documents: plans,
    exceptions: [],
    maxChanges: 1e6,
    today,
  });
  expect(found.map(({ rule, address, message }) => `${rule} ${address}: ${message}`)).toEqual([]);
}, 60_000);
