import { DataKeys } from '../../../../constructs/kubernetes/configuration/data-keys';

it('reports keys that are asked for and lack', () => {
  const keys = new DataKeys(['level', 'format']);
  expect(keys.ask('level')).toBe('level');
  keys.ask('levle');
  keys.ask('something-else');
  expect(keys.validate()).toEqual([
    'unknown key "levle", which a Pod uses; did you mean "level"? known: level, format',
    'unknown key "something-else", which a Pod uses; known: level, format',
  ]);
});
