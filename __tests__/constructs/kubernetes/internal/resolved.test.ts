import { App } from 'cdktf';
import { resolved } from '../../../../constructs/kubernetes/internal/resolved';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

it('writes references as expressions, and leaves out what is undefined', () => {
  const stack = new BaseStack(new App(), 'shop');
  new Namespace(stack, 'namespace', { name: 'shop' });
  const { name } = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
  expect(resolved(stack, { name, none: undefined, text: '$${HOME}' })).toEqual({
    name: '${kubernetes_config_map_v1.settings.metadata[0].name}',
    text: '$${HOME}',
  });
});
