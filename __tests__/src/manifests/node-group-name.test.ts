import { isNodeGroupNamed, nodeGroupName } from '../../../src/manifests/node-group-name';

const SUFFIX = '2026120111223344550000000a';

it.each([
  ['a declared one', { node_group_name_prefix: 'node-1-' }, 'node-1'],
  ['an applied one', { node_group_name: `node-1-${SUFFIX}`, node_group_name_prefix: 'node-1-' }, 'node-1'],
  ['one from before the prefix', { node_group_name: 'node-1', node_group_name_prefix: '' }, 'node-1'],
  ['one with a fixed name', { node_group_name: 'node-1' }, 'node-1'],
  ['one without a name', {}, ''],
])('the name of %s is that of platform.yaml', (_, attributes, name) => {
  expect(nodeGroupName(attributes)).toBe(name);
});

it('a node group is known by its name in EKS, with the suffix of the provider or without', () => {
  const inEks = ['node-1', `node-1-${SUFFIX}`, `node-1-1-${SUFFIX}`, 'node-1-1', `node-1-${SUFFIX}0`, 'node'];
  const named = (attributes: Record<string, string>) =>
    inEks.filter((name) => isNodeGroupNamed(attributes, name));
  expect(named({ node_group_name_prefix: 'node-1-' })).toEqual(['node-1', `node-1-${SUFFIX}`]);
  expect(named({ node_group_name: 'node-1' })).toEqual(['node-1']);
});
