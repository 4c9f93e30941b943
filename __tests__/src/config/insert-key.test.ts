import { insertKey } from '../../../src/config/insert-key';

const insert = (text: string, path: readonly string[] = ['namespaces', 'dev', 'workloads']): string =>
  insertKey(text, 'platform.yaml', path, 'blog', '{ version: 1.0.0 }');

describe('a new key keeps the rest of the file as it is:', () => {
  it.each([
    [
      'into a flow mapping, its comment kept',
      'namespaces: # all\n  dev: { workloads: { shop: { version: 1 } } } # first\n',
      'namespaces: # all\n  dev: { workloads: { shop: { version: 1 }, blog: { version: 1.0.0 } } } # first\n',
    ],
    [
      'into one over several lines with a last comma',
      'namespaces:\n  dev:\n    {\n      workloads: { shop: {} },\n    }\n',
      'namespaces:\n  dev:\n    {\n      workloads: { shop: {}, blog: { version: 1.0.0 } },\n    }\n',
    ],
    [
      'into a block mapping, behind the comment of its last line',
      'namespaces:\n  dev:\n    workloads:\n      shop: { version: 1 } # ours\n  qa: {}\n',
      'namespaces:\n  dev:\n    workloads:\n      shop: { version: 1 } # ours\n      blog: { version: 1.0.0 }\n  qa: {}\n',
    ],
    [
      'behind a nested block',
      'namespaces:\n  dev:\n    workloads:\n      shop:\n        version: 1\n# the end\n',
      'namespaces:\n  dev:\n    workloads:\n      shop:\n        version: 1\n      blog: { version: 1.0.0 }\n# the end\n',
    ],
    [
      'into an empty mapping',
      'namespaces:\n  dev: { workloads: {} }\n',
      'namespaces:\n  dev: { workloads: { blog: { version: 1.0.0 } } }\n',
    ],
    [
      'with the mapping that it is to be in',
      'namespaces:\n  dev: { nodes: [node-1] }\n',
      'namespaces:\n  dev: { nodes: [node-1], workloads: { blog: { version: 1.0.0 } } }\n',
    ],
    [
      'at the end of a file without a last line break',
      'namespaces:\n  dev:\n    workloads:\n      shop: {}',
      'namespaces:\n  dev:\n    workloads:\n      shop: {}\n      blog: { version: 1.0.0 }\n',
    ],
  ])('%s', (_, before, after) => {
    expect(insert(before)).toBe(after);
  });
});

it.each([
  ['a key that is there', 'namespaces: { dev: { workloads: { blog: {} } } }', 'has the key blog already'],
  [
    'what is no mapping',
    'namespaces: { dev: { workloads: [] } }',
    'is no mapping; write blog: { version: 1.0.0 }',
  ],
  ['an alias', 'a: &a {}\nnamespaces: { dev: { workloads: *a } }', 'is no mapping'],
  ['a file with a syntax error', 'namespaces: {', 'the file is no valid YAML'],
])('a new key is refused for %s', (_, text, message) => {
  expect(() => insert(text)).toThrow(`platform.yaml: namespaces.dev.workloads: ${message}`);
});
