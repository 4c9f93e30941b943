import { readFileSync } from 'node:fs';
import aws from '../../../src/facts/attributes/aws@5.100.0.behavior.json';
import awsTable from '../../../src/facts/attributes/aws@5.100.0.json';
import kubernetes from '../../../src/facts/attributes/kubernetes@2.38.0.behavior.json';
import { ArgumentClasses } from '../../../src/facts/argument-classes';
import { isObject } from '../../../src/manifests/field';
import { kubernetesObjects } from '../../../src/manifests/objects';
import type { Json } from '../../../src/manifests/terraform-document';
import { EVERY_OPTION } from '../../iam/every-option';
import { synthesizedStacks } from '../checks/synthesized-stacks';

const BLOCKS: Readonly<Record<string, Readonly<Record<string, string>>>> = awsTable.blocks;
const RESOURCES: Readonly<Record<string, string>> = awsTable.resources;

/** Whether a provider's schema has an argument at a path; of what is JSON in a text all below it counts. */
function hasArgument(type: string, path: readonly string[]): boolean {
  let block = RESOURCES[type];
  for (const name of path) {
    const text = block === undefined ? undefined : BLOCKS[block]?.[name];
    if (text === undefined) return false;
    if (/^string\b/.test(text)) return true;
    block = text
      .split(' ')
      .find((word) => word.startsWith('#'))
      ?.slice(1);
  }
  return true;
}

const WORDS =
  /^(content|exposure|rights|protection|identity|code)( (true|false|more|fewer|longer|set|keys|judged|=\S+|node-config))?( new| other)?$/;
const classes = new ArgumentClasses();

describe('the table of classes', () => {
  it('gives each entry one of six classes, and a valid direction', () => {
    const all = Object.entries({ ...aws.classes, ...kubernetes.classes, ...kubernetes.keys });
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, text]) => !WORDS.test(text))).toEqual([]);
  });

  it('names arguments of AWS that the provider has', () => {
    const paths = Object.keys(aws.classes).filter((path) => path.startsWith('aws_'));
    const unknown = paths.filter((path) => {
      const [type = '', ...names] = path.split('.');
      return !hasArgument(type, names);
    });
    // The EKS API has it, and the next version of the provider.
    expect(unknown).toEqual(['aws_eks_cluster.deletion_protection']);
  });

  it('has a class for every value that the program writes', () => {
    const documents = [readFileSync('platform.yaml', 'utf8'), EVERY_OPTION].flatMap(synthesizedStacks);
    const written = documents.flatMap(({ document }) => [
      ...Object.entries(document.resource ?? {})
        .filter(([type]) => type in RESOURCES)
        .flatMap(([type, named]) =>
          Object.values(named).flatMap((body) =>
            leaves(body as unknown as Json).map((path) => [type, ...path]),
          ),
        ),
      ...kubernetesObjects(document, { resolve: (expression) => `\${${expression}}` }).flatMap(({ object }) =>
        leaves(object as unknown as Json).map((path) => [object.kind, ...path]),
      ),
    ]);
    const missing = written.filter((path) => !META.includes(path[1] ?? '') && classes.of(path) === undefined);
    expect(written.length).toBeGreaterThan(5000);
    expect([...new Set(missing.map((path) => path.join('.')))]).toEqual([]);
  }, 120_000);
});

/** Arguments of Terraform itself. */
const META = ['//', 'lifecycle', 'depends_on', 'provider', 'count', 'for_each', 'connection', 'provisioner'];

function leaves(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).filter((item) => isObject(item));
    return items.length === 0 ? [path] : items.flatMap((item) => leaves(item, path));
  }
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}
