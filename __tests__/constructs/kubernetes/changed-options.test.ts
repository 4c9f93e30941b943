import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { SERIES, STEPS } from '../../long/changed-options';
import { documentOf, effectsOf } from '../../long/changed-stack';
import { predictedPlan } from '../../long/predicted-changes';

interface Step {
  readonly stack: PlannedStack;
  readonly kept: readonly string[];
}

let steps: readonly Step[];

beforeAll(() => {
  const versions = [0, 1, 2, 3].map((version) => documentOf(() => version));
  steps = STEPS.slice(1).map((_, step) => {
    const [from = {}, document = {}] = versions.slice(step);
    const { plan, kept } = predictedPlan(from, document);
    return { stack: { name: 'pairs', plan, document, protectedBefore: [] }, kept };
  });
}, 120_000);

it('an option that is added, changed or removed has the predicted effect', () => {
  const effects = steps.map(({ stack }) => effectsOf(stack));
  const lines = SERIES.map(({ name }) => `${name}: ${effects.map((step) => step.get(name)).join(' | ')}`);
  expect(SERIES.length * 3).toBeGreaterThan(1000);
  expect(lines).toMatchSnapshot();
});

it('the provider keeps no argument that is removed', () => {
  expect(steps.flatMap(({ kept }) => kept).sort()).toEqual([
    // The plan refuses the update.
    'kubernetes_cluster_role_binding_v1.cluster_role_binding_subjects_binding subject.api_group',
    'kubernetes_role_binding_v1.role_binding_subjects_binding subject.api_group',
    // Kubernetes keeps the port that it has allocated; the guide says how to free it.
    'kubernetes_service_v1.service_node_ports_service spec.port.node_port',
  ]);
});
