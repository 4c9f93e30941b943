import { App } from 'cdktf';
import {
  contentHash,
  HASH_SUFFIX_LENGTH,
  specHash,
} from '../../../../constructs/kubernetes/internal/content-hash';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

it('other content has another hash, of a fixed length', () => {
  expect(contentHash('a')).toBe(contentHash('a'));
  expect(contentHash('a')).not.toBe(contentHash('b'));
  expect(contentHash('a')).toHaveLength(HASH_SUFFIX_LENGTH - 1);
});

it('a reference counts as what it refers to, whatever number its token has', () => {
  const hash = (before: number): string => {
    const stack = new BaseStack(new App(), 'shop');
    new Namespace(stack, 'namespace', { name: 'shop' });
    const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
    // Each read of the name makes a token.
    for (let i = 0; i < before; i += 1) expect(settings.name).toMatch(/TfToken/);
    return specHash(stack, { name: settings.name });
  };
  expect(hash(3)).toBe(hash(0));
});
