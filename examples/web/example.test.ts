import { synthesizeWorkload } from 'kubernetes-on-aws/testing';
import { exampleWorkload } from '.';

it('the workload serves its host', () => {
  const made = synthesizeWorkload(exampleWorkload, { version: '1.0.0', replicas: 3 });
  expect(made).toHaveObject('Deployment', 'example-web', { spec: { replicas: 3 } });
  expect(made).toHaveObject('Ingress', 'example-web', {
    spec: { rules: [{ host: 'example.dev.test.internal' }] },
  });
});
