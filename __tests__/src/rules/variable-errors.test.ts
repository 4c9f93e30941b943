import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../../constructs/kubernetes/namespace-of';

const variables = (values: Readonly<Record<string, string>>) => () =>
  inNamespace((stack) => {
    const env = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, EnvValue.fromValue(value)]),
    );
    new Deployment(stack, 'web', { image: 'shop/web:1', env });
  });

it('a variable that uses a later one is an error (kubernetes/kubernetes#47248)', () => {
  expect(variables({ URL: 'http://$(HOST):80', HOST: 'db', '5': '$(HOST)' })).toThrow(
    [
      'shop/web (kubernetes_deployment_v1.web): container "web": the variable 5 uses $(HOST), which is defined after it and would stay as text; define HOST first, and give 5 a name with a letter, since JavaScript moves numbers to the front',
      'shop/web (kubernetes_deployment_v1.web): container "web": the variable URL uses $(HOST), which is defined after it and would stay as text; define HOST first',
    ].join('\n'),
  );
});

it('a variable may use an earlier one, none of the container, or the text of one', () => {
  expect(variables({ HOST: 'db', URL: 'http://$(HOST)/$$(LATER)/$(date)', LATER: '$(LATER)' })).not.toThrow();
});
