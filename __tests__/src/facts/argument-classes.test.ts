import { readFileSync } from 'node:fs';
import aws from '../../../src/facts/attributes/aws@5.100.0.behavior.json';
import awsTable from '../../../src/facts/attributes/aws@5.100.0.json';
import kubernetes from '../../../src/facts/attributes/kubernetes@2.38.0.behavior.json';
import { ArgumentClasses, isClassed } from '../../../src/facts/argument-classes';
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

  it('is read: the class, the direction, and whether a new object counts', () => {
    expect(classes.of(['aws_vpc', 'cidr_block'])).toEqual({ is: 'content', new: false, isWhole: true });
    expect(classes.of(['aws_x', 'role_arn'])).toEqual({ is: 'identity', new: 'other', isWhole: false });
    expect(classes.of(['aws_launch_template', 'image_id'])).toEqual({
      is: 'code',
      new: true,
      isWhole: false,
    });
    const dropped = { is: 'rights', safe: 'false', new: true, isWhole: false };
    for (const containers of ['containers', 'initContainers', 'ephemeralContainers']) {
      const of = (...names: string[]) =>
        classes.of(['Deployment', 'spec', 'template', 'spec', ...names, 'securityContext', 'privileged']);
      expect(of(containers)).toEqual(dropped);
      expect(of(`x${containers}`)).toBeUndefined();
      expect(of(`${containers}x`)).toBeUndefined();
    }
    expect(classes.of(['Namespace', 'metadata', 'labels', 'team'])).toEqual({
      ...{ is: 'content', new: false, isWhole: false },
    });
    expect([isClassed('aws_vpc'), isClassed('Deployment'), isClassed('aws_x')]).toEqual([true, true, false]);
  });

  it('has the classes of one platform, for a type and for an argument of it', () => {
    const own = { type: 'aws_x', class: 'content', reason: 'ours' } as const;
    const argument = { ...own, path: 'grant.to', class: 'rights' } as const;
    const of = (entries: (typeof own | typeof argument)[], ...names: string[]) =>
      new ArgumentClasses(entries).of(['aws_x', ...names]);
    expect(of([own], 'grant', 'to')).toEqual({ is: 'content', new: false, isWhole: true, own });
    expect(of([own, argument], 'grant', 'to')).toEqual({
      ...{ is: 'rights', new: false, isWhole: false, own: argument },
    });
    expect(of([argument], 'grant', 'of')).toBeUndefined();
    expect(of([argument], 'tags')).toEqual({ is: 'content', new: false, isWhole: false });
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
    const missing = written.filter(
      (path) => !META.includes(path[1] ?? '') && classes.of(path as [string, ...string[]]) === undefined,
    );
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
