import { refusedReplacements, remedyFor } from '../../../src/pipeline/plan/refused-replacements';
import { changesOf } from '../../../src/pipeline/plan/planned-stack';

const CLASS = [['spec', 0, 'storage_class_name']];
const SIZE = [['spec', 0, 'resources', 0, 'requests']];

/** What a plan says of an object `shop/data` that Terraform would replace, or change in place when nothing replaces it. */
function refusals(
  type: string,
  paths: readonly (readonly (string | number)[])[],
  actions = ['delete', 'create'],
) {
  const change = {
    actions: actions as ('delete' | 'create' | 'update')[],
    before: { metadata: [{ name: 'data', namespace: 'shop' }] },
    after: {},
    replace_paths: paths,
  };
  const resource = { address: `${type}.data`, mode: 'managed' as const, type, name: 'data', change };
  const plan = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [resource] };
  return refusedReplacements(changesOf({ name: 'shop', plan }));
}

it.each([
  [
    'another class of a claim',
    'kubernetes_persistent_volume_claim_v1',
    CLASS,
    'storage_class_name',
    'copy the data',
  ],
  ['a smaller claim', 'kubernetes_persistent_volume_claim_v1', SIZE, 'resources.requests', 'never shrinks'],
  [
    'another list of claim templates',
    'kubernetes_stateful_set_v1',
    [['spec', 0, 'volume_claim_template']],
    'volume_claim_template',
    'kubectl delete statefulset data --namespace shop --cascade=orphan',
  ],
  [
    'another address of a Service',
    'kubernetes_service_v1',
    [['spec', 0, 'cluster_ip']],
    'cluster_ip',
    'kubectl delete service data --namespace shop',
  ],
])('a plan refuses %s, and says how to do it by hand', (_, type, paths, cause, remedy) => {
  const [refusal = '', ...more] = refusals(type, paths);
  expect(more).toEqual([]);
  expect(refusal).toMatch(`${type}.data: replaced for its ${cause}; `);
  expect(refusal).toContain(remedy);
});

it('a plan replaces what carries neither data nor traffic, and what was never whole', () => {
  expect(refusals('kubernetes_pod_disruption_budget_v1', [['spec', 0, 'max_unavailable']])).toEqual([]);
  expect(refusals('kubernetes_stateful_set_v1', [])).toEqual([]);
});

it('a plan changes a claim in place that grows', () => {
  expect(refusals('kubernetes_persistent_volume_claim_v1', [], ['update'])).toEqual([]);
});

it('a refusal by Terraform itself says how to move the data', () => {
  expect(
    remedyFor('Resource kubernetes_persistent_volume_claim_v1.data has lifecycle.prevent_destroy set'),
  ).toContain('Declare another claim under another ID, copy the data');
  expect(remedyFor('Resource aws_vpc.vpc has lifecycle.prevent_destroy set')).toBe('');
});
