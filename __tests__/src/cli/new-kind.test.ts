import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { addKind } from '../../../src/cli/scaffold/add-kind';
import { ProjectFiles } from '../../../src/cli/scaffold/project-files';
import { Page } from '../../docs/page';
import { typeErrors } from '../../docs/type-errors';

const FILE = 'stacks/definitions/backups.yaml';

const definition = (
  schema: string,
  others: readonly string[] = [],
): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: backups.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Backup, plural: backups }
  versions:
    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { ${schema} } } }
${others
  .map(
    (version) => `    - { ${version}, storage: false, schema: { openAPIV3Schema: { type: object } } }
`,
  )
  .join('')}`;

const SCHEMA = `
  type: object
  required: [spec]
  properties:
    apiVersion: { type: string }
    kind: { type: string }
    metadata: { type: object }
    status: { type: object, required: [phase], properties: { phase: { type: string } } }
    spec:
      type: object
      description: "What is kept, and how long. */ It is text."
      required: [schedule, targets]
      oneOf: [{ required: [days] }, { required: [count] }]
      properties:
        schedule: { type: string, pattern: '^.+$' }
        days: { type: integer, minimum: 1, nullable: true }
        count: { anyOf: [{ type: integer }, { type: string }], x-kubernetes-int-or-string: true }
        mode: { type: string, enum: [full, changes] }
        tags: { type: object, additionalProperties: { type: string } }
        settings: { type: object, x-kubernetes-preserve-unknown-fields: true }
        targets: { type: array, minItems: 1, items: { type: object, required: [name], properties: { name: { type: string } } } }`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kind-'));
  mkdirSync(join(folder, 'stacks/definitions'), { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command on a text. @returns what it wrote */
async function typesOf(text: string): Promise<string> {
  writeFileSync(join(folder, FILE), text);
  const files = new ProjectFiles(folder);
  await addKind(files, FILE);
  await files.write();
  return readFileSync(join(folder, FILE.replace('.yaml', '.ts')), 'utf8');
}

const WITH_SCHEMA = definition(JSON.stringify(parse(SCHEMA)).slice(1, -1));

const OBJECT = `new ApiObject<Backup>(stack, 'backup', {
  apiVersion: 'example.com/v1',
  kind: 'Backup',
  metadata: { labels: { team: 'shop' } },
  spec: {
    schedule: '0 3 * * *',
    days: null,
    count: '10%',
    mode: 'full',
    tags: { a: 'b' },
    settings: { anything: [1] },
    targets: [{ name: 'orders' }],
  },
});`;

it('the types of a definition are those of its fields, so that ApiObject finds what is misspelt, missing or another type', async () => {
  const types = (await typesOf(WITH_SCHEMA)).replaceAll(
    /export interface (?!Backup )/g,
    'export interface _',
  );
  const objects = [
    OBJECT,
    OBJECT.replace('schedule:', 'shedule:'),
    OBJECT.replace("targets: [{ name: 'orders' }],", ''),
    OBJECT.replace("mode: 'full'", "mode: 'ful'"),
    OBJECT.replace("{ a: 'b' }", '{ a: 1 }'),
    OBJECT.replace('example.com/v1', 'example.com/v2'),
    OBJECT.replace('spec: {', "status: { phase: 'x' }, spec: {"),
  ];
  // A block of a page is within a function, which exports nothing.
  const code = types.replaceAll('export interface', 'interface');
  const pages = objects.map(
    (object, i) =>
      new Page(
        `docs/kind-${i}.md`,
        `\`\`\`ts\nimport { ApiObject } from 'kubernetes-on-aws/kubernetes';\n\`\`\`\n\`\`\`ts\n${code}\n${object}\n\`\`\`\n`,
      ),
  );
  expect(typeErrors(pages).map((each) => each.replace(/:\d+:\d+/, ''))).toEqual([
    expect.stringMatching(/^docs\/kind-1.md .*'shedule' does not exist in type/),
    expect.stringMatching(/^docs\/kind-2.md .*Property 'targets' is missing/),
    expect.stringMatching(/^docs\/kind-3.md Type '"ful"' is not assignable to type '"full" \| "changes"/),
    expect.stringMatching(/^docs\/kind-4.md Type 'number' is not assignable to type 'string'/),
    expect.stringMatching(
      /^docs\/kind-5.md Type '"example.com\/v2"' is not assignable to type '"example.com\/v1"'/,
    ),
    expect.stringMatching(/^docs\/kind-6.md .*'status' does not exist in type/),
  ]);
});

it('each served version has a type, and the stored one has the name of the kind', async () => {
  const others = ['name: v1beta1, served: true', 'name: v1alpha1, served: false'];
  const types = await typesOf(definition('type: object', others));
  expect([...types.matchAll(/^export interface (\w+)/gm)].map(([, name]) => name)).toEqual([
    'Backup',
    'BackupV1Beta1',
  ]);
});

it('after a change of the definition the types are written again, but never over code of others', async () => {
  await typesOf(definition('type: object'));
  expect(await typesOf(WITH_SCHEMA)).toContain('schedule');
  writeFileSync(join(folder, 'stacks/definitions/backups.ts'), 'export const mine = 1;\n');
  await expect(typesOf(WITH_SCHEMA)).rejects.toThrow(
    'stacks/definitions/backups.ts: exists already, and has other code. Rename it, or stacks/definitions/backups.yaml',
  );
});

it.each([
  ['no YAML', 'a: [', `${FILE}:`],
  [
    'no definition',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    'no CustomResourceDefinition with the schema',
  ],
  [
    'two definitions of one kind',
    `${definition('type: object')}---\n${definition('type: object')}`,
    'two definitions have the type Backup; write each into a file of its own',
  ],
])('a file with %s is an error', async (_, text, message) => {
  await expect(typesOf(text)).rejects.toThrow(message);
});

it('a file that does not exist is an error', async () => {
  await expect(addKind(new ProjectFiles(folder), 'other.yaml')).rejects.toThrow('other.yaml: no such file');
});
