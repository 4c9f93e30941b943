import { formatFinding } from '../../../src/facts/document-finding';
import { readObjects } from '../../../src/manifests/read-objects';

const told = (text: string): string[] => readObjects('app.yaml', text).findings.map(formatFinding);

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

it('readObjects() reads YAML as kubectl does', () => {
  const { objects, findings } = readObjects(
    'app.yaml',
    `${CONFIG_MAP}data: { on: on, mode: 0644, time: 12:30, date: 2026-01-02, hex: 0x1f, text: "yes", null: ~ }`,
  );
  expect(findings).toEqual([]);
  expect(objects[0]?.object['data']).toEqual({
    true: true,
    mode: 420,
    time: '12:30',
    date: '2026-01-02',
    hex: 31,
    text: 'yes',
    '': null,
  });
});

it('readObjects() takes for a number what kubectl takes for one', () => {
  const { objects, findings } = readObjects(
    'app.yaml',
    `${CONFIG_MAP}spec: [e5, E2, ., .e1, -.5, 1_0.5, 1.5e3, 1e3, 9007199254740991, 18446744073709552000, 1e20, 0b12]`,
  );
  expect(findings).toEqual([]);
  expect(objects[0]?.object['spec']).toEqual([
    ...['e5', 'E2', '.', '.e1', -0.5, 10.5, 1500, 1000],
    ...[9007199254740991, 18446744073709552000, 1e20, '0b12'],
  ]);
});

it('readObjects() follows anchors and merges, skips empty documents, and unpacks Lists', () => {
  const { objects } = readObjects(
    'app.yaml',
    `# first\n---\n${CONFIG_MAP}data: &data { a: '1' }\n---\n---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }\n`,
  );
  expect(objects.map(({ object }) => object.metadata.name)).toEqual(['a', 'b', 'c']);
  expect(objects.map((each) => formatFinding(each.at('metadata.name', 'here')))).toEqual([
    'app.yaml:5:19 metadata.name: here',
    'app.yaml:12:56 metadata.name: here',
    'app.yaml:13:56 metadata.name: here',
  ]);
});

it.each([
  ['nothing', '# nothing\n---\n', ['app.yaml: has no object; remove it, or write one']],
  [
    'labels and annotations that are no mappings',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: foo, annotations: [b] }\n',
    [
      'app.yaml:3:48 metadata.annotations: expected a mapping',
      'app.yaml:3:30 metadata.labels: expected a mapping',
    ],
  ],
  [
    'numbers that would be others in JSON',
    `${CONFIG_MAP}spec:\n  id: 9223372036854775807\n  mode: 0o17\n  minus: -0X1F\n  ratio: .inf\n  list: [1e400, .nan]\n`,
    [
      'app.yaml:5:7 spec.id: got 9223372036854775807, which would be sent as 9223372036854776000; write "9223372036854775807" if the API takes a text there. Otherwise write at most 9007199254740991',
      'app.yaml:6:9 spec.mode: kubectl reads 0o17 as 15; write 15, or "0o17" if a text is meant',
      'app.yaml:7:10 spec.minus: kubectl reads -0X1F as -31; write -31, or "-0X1F" if a text is meant',
      'app.yaml:8:10 spec.ratio: got .inf, and JSON has no such number; write ".inf" if the API takes a text there, or another number',
      'app.yaml:9:10 spec.list[0]: got 1e400, and JSON has no such number; write "1e400" if the API takes a text there, or another number',
      'app.yaml:9:17 spec.list[1]: got .nan, and JSON has no such number; write ".nan" if the API takes a text there, or another number',
    ],
  ],
  [
    'an empty kind',
    'apiVersion: v1\nkind: ""\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ConfigMap\n',
    [
      'app.yaml:2:7 kind: expected a kind, such as ConfigMap',
      'app.yaml:5:1 metadata.name: ConfigMap: expected a name, by which the next plan finds it again',
    ],
  ],
  ['a text', 'text', ['app.yaml:1:1 expected an object with apiVersion, kind and metadata']],
  [
    'wrong objects of several documents',
    'kind: A\n---\nresources: [a.yaml]\n---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: a- }',
    [
      'app.yaml:1:1 expected an apiVersion and a kind',
      'app.yaml:3:1 expected an apiVersion and a kind; a kustomization is rendered first: kubectl kustomize',
      'app.yaml:6:7 kind: a Component is rendered first: read what kubectl kustomize prints',
      'app.yaml:10:1 metadata.name: ConfigMap: expected a name, by which the next plan finds it again',
    ],
  ],
  [
    'a value of a chart',
    `${CONFIG_MAP}data:\n  a: {{ .Values.a }}\n  b: x-{{ .Release.Name }}\n  c: "{{ include \\"c\\" . }}"\n  d: '{{inputs.parameters.d}}'\n`,
    ['app.yaml:5:6', 'app.yaml:6:6', 'app.yaml:7:6'].map(
      (place) =>
        `${place} a template that is not rendered; render it first, such as with helm template, and read the result`,
    ),
  ],
  [
    'a condition of a chart',
    `{{- if .Values.a }}\n${CONFIG_MAP}{{- end }}\n`,
    [
      'app.yaml:1:1 a template that is not rendered; render it first, such as with helm template, and read the result',
    ],
  ],
  [
    'keys given twice, also in a List',
    `${CONFIG_MAP}data: { a: '1', a: '2' }\n---\napiVersion: v1\nkind: List\nitems:\n  - kind: ConfigMap\n    kind: ConfigMap\n`,
    [
      'app.yaml:4:17 data.a: key given twice, first at app.yaml:4:9; keep one',
      'app.yaml:10:5 items[0].kind: key given twice, first at app.yaml:9:5; keep one',
    ],
  ],
  [
    'aliases that multiply',
    `${'abcdefgh'
      .split('')
      .map(
        (name, i, all) => `${name}: &${name} [${`${i === 0 ? 'x' : `*${all[i - 1] ?? ''}`}, `.repeat(9)}x]`,
      )
      .join('\n')}\n`,
    ['app.yaml:1:1 aliases cannot be followed: Excessive alias count indicates a resource exhaustion attack'],
  ],
  ['a tab', 'a:\n\tb: 1', ['app.yaml:2:1 not YAML: Tabs are not allowed as indentation']],
])('readObjects() reports what is wrong with %s', (_, text, findings) => {
  expect(told(text)).toEqual(findings);
});

it('a text with endless nesting is an error, and no crash', () => {
  expect(told(`a: ${'['.repeat(200_000)}`)).not.toEqual([]);
});

it('an alias of what it is in is an error at its place', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: &m { name: a, labels: *m }\n';
  const { objects, findings } = readObjects('cyclic.yaml', text);
  expect(objects).toEqual([]);
  expect(findings).toMatchObject([
    { file: 'cyclic.yaml', line: 3, message: 'is an alias of what it is in; write the value out' },
  ]);
});
