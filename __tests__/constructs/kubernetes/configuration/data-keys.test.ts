import { DataKeys } from '../../../../constructs/kubernetes/configuration/data-keys';

it('tells keys that Kubernetes refuses, and those that are asked for and lack', () => {
  const keys = new DataKeys(['level', '..hidden', 'with space']);
  expect(keys.ask('level')).toBe('level');
  keys.ask('levle');
  keys.ask('something-else');
  expect(keys.validate()).toEqual([
    expect.stringMatching(/^key "\.\.hidden" is no key that Kubernetes takes/),
    expect.stringMatching(/^key "with space" is no key that Kubernetes takes/),
    'unknown key "levle", which a Pod uses; did you mean "level"? known: level, ..hidden, with space',
    'unknown key "something-else", which a Pod uses; known: level, ..hidden, with space',
  ]);
});
