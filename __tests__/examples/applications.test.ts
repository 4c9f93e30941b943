import { cassandra } from '../../examples/applications/cassandra';
import { onlineBoutique } from '../../examples/applications/online-boutique';
import { wordpress } from '../../examples/applications/wordpress';
import { inNamespace } from '../constructs/kubernetes/namespace-of';
import { APPLICATIONS } from './applications';

it.each(Object.entries(APPLICATIONS))(
  '%s is valid, and has every object',
  (_, [build, counts, level = 'restricted']) => {
    const made = inNamespace((stack) => void build(stack), { podSecurity: level });
    const kinds = Object.keys(counts);
    expect(Object.fromEntries(kinds.map((kind) => [kind, made.objects(kind).length]))).toEqual(counts);
  },
);

it('the labels of the original find every application', () => {
  const selectors = inNamespace((stack) => {
    onlineBoutique(stack);
    cassandra(stack);
    wordpress(stack);
  })
    .objects('Service')
    .map(({ metadata, spec }) => [metadata.name, (spec as { selector: object }).selector]);
  expect(Object.fromEntries(selectors)).toMatchObject({
    frontend: { app: 'frontend' },
    cassandra: { app: 'cassandra' },
    wordpress: { 'app.kubernetes.io/name': 'wordpress', tier: 'frontend' },
    'wordpress-mysql': { app: 'wordpress', tier: 'mysql' },
  });
});
