import {
  describeDifference,
  differences,
  type Comparable,
} from '../../../src/pipeline/plan/plan-differences';

/** The differences as a person reads them: `path: was → is`. */
function told(change: Comparable): string[] {
  return differences(change).map((difference) => {
    const { before, after } = describeDifference(difference);
    return `${difference.path}: ${before} → ${after}`;
  });
}

describe('the differences of a change', () => {
  it('are none between equal values, in any order of keys', () => {
    const before = { tags: { a: '1', b: '2' }, ports: [1, 2], name: null };
    expect(told({ before, after: { name: null, ports: [1, 2], tags: { b: '2', a: '1' } } })).toEqual([]);
    expect(told({ before: { name: null }, after: {} })).toEqual([]);
  });

  it('have the paths of nested blocks and maps, in their order', () => {
    const before = {
      spec: [{ replicas: '2', template: [{ image: 'shop/web:1' }] }],
      labels: { 'app.kubernetes.io/name': 'web', team: 'a' },
      enabled: true,
    };
    const after = {
      spec: [{ replicas: '3', template: [{ image: 'shop/web:2' }] }],
      labels: { 'app.kubernetes.io/name': 'shop', tier: 'front' },
      enabled: false,
    };
    expect(told({ before, after })).toEqual([
      'enabled: true → false',
      'labels["app.kubernetes.io/name"]: "web" → "shop"',
      'labels.team: "a" → (none)',
      'labels.tier: (none) → "front"',
      'spec[0].replicas: "2" → "3"',
      'spec[0].template[0].image: "shop/web:1" → "shop/web:2"',
    ]);
  });

  it.each([
    ['an element at the head', ['b', 'c'], ['a', 'b', 'c'], ['x[0]: (none) → "a"']],
    ['an element less', ['a', 'b', 'c'], ['a', 'c'], ['x[1]: "b" → (none)']],
    ['an element for another', ['a', 'b', 'c'], ['c', 'a', 'd'], ['x[1]: "b" → "d"']],
    ['one of two alike less', ['a', 'a'], ['a'], ['x[1]: "a" → (none)']],
    ['another order', ['a', 'b'], ['b', 'a'], ['x: ["a","b"] → ["b","a"]']],
    ['a list for none', null, ['a'], ['x: (none) → ["a"]']],
  ])('show a list %s', (_, was, is, expected) => {
    expect(told({ before: { x: was }, after: { x: is } })).toEqual(expected);
  });

  it('show a new block as one, without what is not set in it', () => {
    const container = { name: 'web', tty: false, command: null };
    const change = {
      before: { container: [container] },
      after: { container: [container, { name: 'proxy', tty: false, command: null }] },
    };
    expect(told(change)).toEqual(['container[1]: (none) → {"name":"proxy"}']);
  });

  it('show a created or deleted object by attribute', () => {
    const object = { name: 'web', tags: { a: '1' }, arn: null };
    expect(told({ before: null, after: object })).toEqual([
      'name: (none) → "web"',
      'tags: (none) → {"a":"1"}',
    ]);
    expect(told({ before: object, after: null })).toEqual([
      'name: "web" → (none)',
      'tags: {"a":"1"} → (none)',
    ]);
  });

  it('show what is known only after the change', () => {
    const change = {
      before: { id: 'i-1', name: 'a', rule: [{ port: 1 }] },
      after: { name: 'a', rule: [{ port: 2 }, { port: 3 }] },
      after_unknown: { id: true, arn: true, rule: [{}, { group: true }] },
    };
    expect(told(change)).toEqual([
      'arn: (none) → (known after apply)',
      'id: "i-1" → (known after apply)',
      'rule[0].port: 1 → 2',
      'rule[1]: (none) → {"group":"(known after apply)","port":3}',
    ]);
    expect(told({ before: null, after: null, after_unknown: true })).toEqual([
      ': (none) → (known after apply)',
    ]);
  });

  it.each([
    ['on both sides', { password: true }, { password: true }],
    ['before only', { password: true }, {}],
    ['after only', {}, { password: true }],
    ['as a whole', true, true],
  ])('never show a value that is sensitive %s', (_, before_sensitive, after_sensitive) => {
    const change = { before: { password: 'old' }, after: { password: 'new' } };
    const found = differences({ ...change, before_sensitive, after_sensitive });
    expect(found).toHaveLength(1);
    expect(found).toMatchObject([{ before: { state: 'sensitive' }, after: { state: 'sensitive' } }]);
    expect(JSON.stringify(found)).not.toMatch(/old|new/);
  });

  it('never show a sensitive value within a new block or a changed list', () => {
    const found = differences({
      before: { env: [{ name: 'A', value: 'one' }], key: 'same' },
      after: {
        env: [
          { name: 'A', value: 'one' },
          { name: 'B', value: 'two' },
        ],
        key: 'same',
        block: { secret: 'three' },
      },
      before_sensitive: { env: [{ value: true }], key: true },
      after_sensitive: { env: [{ value: true }, { value: true }], key: true, block: { secret: true } },
    });
    expect(found).toEqual([
      {
        path: 'block',
        before: { state: 'absent' },
        after: { state: 'known', value: { secret: '(sensitive)' } },
      },
      {
        path: 'env[1]',
        before: { state: 'absent' },
        after: { state: 'known', value: { name: 'B', value: '(sensitive)' } },
      },
    ]);
  });

  it('say of a sensitive value that it is new, gone or not yet known', () => {
    const sensitive = { before_sensitive: { key: true }, after_sensitive: { key: true } };
    expect(told({ before: { key: null }, after: { key: 'x' }, ...sensitive })).toEqual([
      'key: (none) → (sensitive)',
    ]);
    expect(told({ before: { key: 'x' }, after: {}, after_unknown: { key: true }, ...sensitive })).toEqual([
      'key: (sensitive) → (known after apply)',
    ]);
  });

  it('of policies are those of their documents', () => {
    const policy = (actions: string[], version = '2012-10-17'): string =>
      JSON.stringify({ Version: version, Statement: [{ Effect: 'Allow', Action: actions }] });
    expect(
      told({
        before: { policy: policy(['s3:GetObject']) },
        after: { policy: policy(['s3:GetObject', 's3:*']) },
      }),
    ).toEqual(['policy.Statement[0].Action[1]: (none) → "s3:*"']);
    expect(told({ before: { policy: '[1]' }, after: { policy: '[2]' } })).toEqual(['policy[0]: 1 → 2']);
  });

  it.each([
    ['alone is JSON', '{"a":1}', 'none'],
    ['only begins as JSON', '{{ a }}', '{{ b }}'],
    ['is written in another way', '{"a":1}', '{ "a": 1 }'],
    ['is a list now', '{"a":1}', '[1]'],
  ])('of texts are those of the whole texts if one %s', (_, was, is) => {
    expect(differences({ before: { text: was }, after: { text: is } })).toEqual([
      { path: 'text', before: { state: 'known', value: was }, after: { state: 'known', value: is } },
    ]);
  });

  it('of long texts begin where the texts differ', () => {
    const script = (line: string): string => `${'echo start\n'.repeat(20)}${line}${'\necho end'.repeat(20)}`;
    const [line = ''] = told({ before: { user_data: script('one') }, after: { user_data: script('two') } });
    expect(line).toContain('one');
    expect(line).toContain('two');
    expect(line).not.toContain('\n');
    for (const text of line.replace('user_data: ', '').split(' → ')) {
      expect(text.length).toBeLessThanOrEqual(60);
    }
  });
});
