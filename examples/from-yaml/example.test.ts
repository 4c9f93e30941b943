import { synthesizeWorkload } from 'kubernetes-on-aws/testing';
import { guestbook } from '.';

it('the namespace keeps the Pods on its node groups', () => {
  const made = synthesizeWorkload(guestbook, { yaml: 'examples/from-yaml/app.yaml', replicas: 3 });
  expect(made).toHaveResource('kubernetes_deployment_v1');
  expect(made).toHaveObject('Deployment', 'guestbook', {
    spec: {
      replicas: 3,
      template: {
        spec: {
          affinity: { nodeAffinity: expect.anything() as object },
          securityContext: { runAsNonRoot: true },
        },
      },
    },
  });
  expect(made).toHaveObject('NetworkPolicy', 'guestbook-from-the-namespace');
});
