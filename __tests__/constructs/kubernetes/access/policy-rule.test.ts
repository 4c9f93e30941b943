import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { inNamespace } from '../namespace-of';

it('a role without rules, with "*", or with rules that grant nothing is refused, with all mistakes', () => {
  expect(() =>
    inNamespace((stack) => {
      new Role(stack, 'none');
      new Role(stack, 'all', { rules: [{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }] });
      new Role(stack, 'named', {
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'], resourceNames: ['a'] }],
      });
      new Role(stack, 'nameless', {
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: [] }],
      });
      new ClusterRole(stack, 'empty');
      new ClusterRole(stack, 'paths', { nonResourceUrls: ['metrics', '/*'] });
      new ClusterRoleBinding(stack, 'unbound', { role: ClusterRole.builtIn('view'), subjects: [] });
    }),
  ).toThrow(
    [
      'shop/none: a Role without rules grants nothing, and the provider refuses it; call allowRead()',
      'shop/all: a rule with "*" grants more than is listed: {"apiGroups":["*"],"resources":["pods"],"verbs":["get"]}; name each one, or say in wildcardReason why it has to be',
      'shop/named: a rule with resourceNames never matches create, whose requests name no object: {"apiGroups":[""],"resources":["secrets"],"verbs":["get","create"],"resourceNames":["a"]}; make it a rule of its own, without resourceNames',
      'shop/nameless: resourceNames: got none: {"apiGroups":[""],"resources":["pods"],"verbs":["get"],"resourceNames":[]}; name them, or leave it out for every object',
      'shop/empty: a ClusterRole without rules grants nothing; call allowRead()',
      'shop/paths: nonResourceUrls: got "metrics"; a path such as /metrics or /healthz/* is allowed',
      'shop/paths: nonResourceUrls: got "/*"; a path such as /metrics or /healthz/* is allowed',
      'shop/unbound: a binding without subjects grants its rights to no subject; name a ServiceAccount, or a Subject',
    ].join('\n'),
  );
});

it('a subresource of every resource is as wide as "*"', () => {
  const role = (wildcardReason?: string) => () =>
    inNamespace((stack) => {
      const wide = { apiGroups: [''], resources: ['*/exec'], verbs: ['create'] };
      new Role(stack, 'shell', { rules: [{ ...wide, ...(wildcardReason && { wildcardReason }) }] });
    });
  expect(role()).toThrow('a rule with "*" grants more than is listed');
  expect(role('the debugger enters every Pod')).not.toThrow();
});
