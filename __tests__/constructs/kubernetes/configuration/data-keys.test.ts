import { DataKeys } from '../../../../constructs/kubernetes/configuration/data-keys';

it('a ConfigMap reports keys that are used and missing', () => {
  const keys = new DataKeys(['level', 'format']);
  expect(keys.ask('level')).toBe('level');
  keys.ask('levle');
  keys.ask('something-else');
  expect(keys.validate()).toEqual([
    'unknown key "levle", which a Pod uses; did you mean "level"? known: level, format',
    'unknown key "something-else", which a Pod uses; known: level, format',
  ]);
});
