import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformHclModule, TerraformStack, type App } from 'cdktf';
import {
  after,
  definePlatform,
  defineWorkload,
  derived,
  imageTag,
  Stack,
  z,
  type Platform,
  type RegisteredWorkload,
  type StackClass,
} from 'kubernetes-on-aws';
import { ConfigMap, Deployment } from 'kubernetes-on-aws/kubernetes';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { addressesOf } from '../../../src/pipeline/addresses/address-lists';
import { readPlatformRecord } from '../../../src/manifests/platform-record';
import { readStacks } from '../../../src/manifests/stacks';

const HEAD = `name: shop
region: eu-west-1
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:role/admin], controllers: { loadBalancer: false } }
nodes: { n: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
`;
const today = new Date('2026-11-23');
const PLACE = /[^\s(]*define-platform\.test\.ts:\d+(:\d+)?/g;

const blog = defineWorkload({
  name: 'blog',
  description: 'A blog.',
  options: { version: imageTag(), theme: z.object({ dark: z.boolean().default(false) }).optional() },
  build: (scope, { version }) => ({ settings: new ConfigMap(scope, 'settings', { data: { version } }) }),
});
const comments = defineWorkload({
  name: 'comments',
  description: 'Comments on the blog.',
  options: { limit: derived(z.int().min(1), ({ namespace }) => (namespace === 'dev' ? 5 : 50)) },
  uses: { blog },
  build(scope, { limit }, { uses, namespace }) {
    new ConfigMap(scope, 'settings', {
      data: { limit: String(limit), blog: uses.blog.settings.name, in: namespace.name },
    });
  },
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'define-platform-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const namespaces = (dev: string): string => `${HEAD}namespaces: { dev: { nodes: [n], workloads: ${dev} } }\n`;

/** The message, without the places in this file. */
function errorOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(PLACE, 'here');
  }
}

/** What is wrong with a definition. */
const errorsOf = (workloads: readonly unknown[]): string[] =>
  errorOf(() =>
    definePlatform({ workloads: workloads as RegisteredWorkload[] }).parse(namespaces('{}'), 'p.yaml', {
      today,
    }),
  ).split('\n');

describe('a workload', () => {
  const platform = definePlatform({ workloads: [comments, blog] });

  it('gets its options, with the defaults of its place', () => {
    const parsed = platform.parse(namespaces('{ blog: { version: 1.0.0 }, comments: {} }'), 'p.yaml', {
      today,
    });
    expect(parsed.namespaces['dev']?.workloads).toEqual({
      blog: { version: '1.0.0' },
      comments: { limit: 5 },
    });
  });

  it('refuses wrong keys and values with line, column and near name, also in a nested object', () => {
    const text = namespaces('{ blog: { versoin: 1.0.0, theme: { drak: true } }, comments: { limit: 0 } }');
    expect(errorOf(() => platform.parse(text, 'p.yaml', { today })).split('\n')).toEqual([
      'p.yaml:5:55 namespaces.dev.workloads.blog.versoin: unknown key; did you mean "version"? known: version, theme',
      'p.yaml:5:80 namespaces.dev.workloads.blog.theme.drak: unknown key; did you mean "dark"? known: dark',
      'p.yaml:5:115 namespaces.dev.workloads.comments.limit: got the number 0; expected a number, 1 or more',
    ]);
  });

  it('that no namespace calls stops with the near name', () => {
    expect(errorOf(() => platform.parse(namespaces('{ blgo: {} }'), 'p.yaml', { today }))).toBe(
      'p.yaml:5:47 namespaces.dev.workloads.blgo: unknown key; did you mean "blog"? known: blog, comments',
    );
  });

  it('requires in its namespace the workloads that it uses', () => {
    expect(errorOf(() => platform.parse(namespaces('{ comments: {} }'), 'p.yaml', { today }))).toBe(
      'p.yaml:5:47 namespaces.dev.workloads.comments: uses blog, which the namespace does not run; add blog under ' +
        'namespaces.dev.workloads, or remove comments',
    );
  });
});

describe('a definition', () => {
  it('refuses a workload that is listed twice, one of the same name, and what is no workload', () => {
    const other = defineWorkload({
      name: 'blog',
      description: 'Another.',
      options: {},
      build: () => undefined,
    });
    expect(errorsOf([blog, blog, other, undefined])).toEqual([
      'here: workloads[1]: blog is listed twice; remove one',
      'here: workloads[2]: "blog" of here has the name of here; choose another name',
      'here: workloads[3]: got undefined, which is what an import gives that the module does not export; expected what defineWorkload returns: check the import',
    ]);
  });

  it('refuses a used workload that is not registered, and one that does not exist', () => {
    const lost = defineWorkload({
      name: 'lost',
      description: 'Uses what its module does not export.',
      options: {},
      uses: { blog: undefined as unknown as RegisteredWorkload },
      build: () => undefined,
    });
    expect(errorsOf([comments, lost])).toEqual([
      'here: workload "comments": uses blog, which is not registered; add it to workloads at here',
      'here: workload "lost": uses.blog: expected a workload that defineWorkload returned; got undefined, which is what an import gives that the module does not export; two workloads that import each other cannot use each other: remove one use',
    ]);
  });

  it('refuses a circle of uses', () => {
    const uses: Record<string, RegisteredWorkload> = {};
    const first = defineWorkload({
      name: 'first',
      description: 'One.',
      options: {},
      uses,
      build: () => undefined,
    });
    uses['second'] = defineWorkload({
      name: 'second',
      description: 'Two.',
      options: {},
      uses: { first },
      build: () => undefined,
    });
    expect(errorsOf([first, uses['second']])).toContain(
      'here: workloads: first uses second uses first: a circle has no order; remove one use',
    );
  });

  it('refuses an invalid schema, and a name that is no label', () => {
    const wrong = defineWorkload({
      name: 'Wrong_1',
      description: '',
      options: { version: 'text' as unknown as z.ZodString },
      build: () => undefined,
    });
    expect(errorsOf([wrong])).toEqual([
      'here: workload "Wrong_1": name: expected up to 32 of a-z, 0-9 and "-", first a letter, last no "-"; choose such a name',
      'here: workload "Wrong_1": description: got none; write in a sentence what the workload is',
      'here: workload "Wrong_1": options.version: expected a schema of zod, such as z.string(); got string',
    ]);
  });
});

/** Synthesizes a platform whose namespace dev runs nothing. */
function synthesize(...stacks: Parameters<typeof after>[]): void {
  const file = join(folder, 'platform.yaml');
  const definition = definePlatform({ workloads: [], stacks: stacks.map((place) => after(...place)) });
  const text = namespaces('{}');
  writeFileSync(file, text);
  definition.synthesize({ file, outdir: join(folder, 'out'), movedFile: join(folder, 'none'), today });
}

class QueueStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'queues', platform);
    new SqsQueue(this, 'mail', { name: `${platform.name}-mail` });
    new TerraformHclModule(this, 'alarms', { source: 'example/alarms/aws', version: '1.2.3' });
  }
}

describe('a stack of the user', () => {
  it('has the backend and the tags of the platform, and its place in the order', () => {
    synthesize(['network', QueueStack, { before: ['cluster'] }]);
    const out = join(folder, 'out');
    expect(readPlatformRecord(out).stacks).toEqual([
      { name: 'network', after: [] },
      { name: 'queues', after: ['network'] },
      { name: 'cluster', after: ['network', 'queues'] },
      { name: 'platform', after: ['cluster'] },
      { name: 'dev', after: ['platform'] },
    ]);
    const queues = readStacks(out).find(({ name }) => name === 'queues');
    expect(queues?.document).toMatchObject({
      terraform: { backend: { local: { path: '../../../terraform.queues.tfstate' } } },
      provider: { aws: [{ region: 'eu-west-1', default_tags: [{ tags: { Platform: 'shop' } }] }] },
      module: { alarms: { source: 'example/alarms/aws', version: '1.2.3' } },
    });
    expect(addressesOf(queues?.document ?? {})).toEqual(['aws_sqs_queue.mail', 'module.alarms']);
  });

  it('is refused after a missing stack, in a circle, or if it extends no Stack', () => {
    class Foreign extends TerraformStack {
      constructor(app: App) {
        super(app, 'foreign');
      }
    }
    class Broken extends Stack {
      constructor(app: App, platform: Platform) {
        super(app, 'broken', platform);
        throw new TypeError('no zone');
      }
    }
    expect(
      errorOf(() => {
        synthesize(
          ['clustr', QueueStack],
          ['network', Foreign as unknown as StackClass],
          ['network', Broken],
        );
      }).split('\n'),
    ).toEqual(
      expect.arrayContaining([
        'stacks: Foreign is no Stack, so that it has neither backend nor provider of the platform; let it extend Stack',
        'stacks: Broken failed with TypeError: no zone (here); correct it, or remove it from stacks',
        'queues: unknown stack "clustr"; did you mean "cluster"? known: network, cluster, platform, dev, queues',
      ]),
    );
    expect(
      errorOf(() => {
        synthesize(['cluster', QueueStack, { before: ['network'] }]);
      }),
    ).toContain('is deployed before');
  });
});

it('two stacks of one name are refused', () => {
  class Again extends Stack {
    constructor(app: App, platform: Platform) {
      super(app, 'queues', platform);
    }
  }
  const refused = errorOf(() => {
    synthesize(['network', QueueStack], ['network', Again]);
  });
  expect(refused).toBe(
    'stacks: Again failed with Error: a stack with the name "queues" exists; choose another name (here); correct it, or remove it from stacks',
  );
});

it('a key is unknown in a platform without workloads, or in a workload without options', () => {
  const file = join(folder, 'platform.yaml');
  const refused = (workloads: RegisteredWorkload[], text: string): string => {
    writeFileSync(file, namespaces(text));
    return errorOf(() => definePlatform({ workloads }).load(file, { today }));
  };
  const one = defineWorkload({ name: 'one', description: 'One.', options: {}, build: () => undefined });
  expect(refused([], '{ one: {} }')).toMatch(/unknown key; known: none$/);
  expect(refused([one], '{ one: { host: a } }')).toMatch(/unknown key; known: none$/);
  expect(refused([one], '{ one: 1 }')).toMatch(/got the number 1; expected an empty mapping: \{\}$/);
});

it('a stack whose name is no label, or that comes after itself, is refused', () => {
  const named = (name: string): StackClass =>
    class Named extends Stack {
      constructor(app: App, platform: Platform) {
        super(app, name, platform);
      }
    };
  const synth = (name: string) =>
    errorOf(() => {
      synthesize(['network', named(name)], ['queues', QueueStack]);
    }).split('\n');
  expect(synth('../evil')[0]).toBe(
    'stacks: Named failed with Error: the name "../evil" is no DNS label; expected 1 to 63 of a-z, 0-9 and "-" (here); correct it, or remove it from stacks',
  );
  expect(synth('mail')).toContain('queues: comes after or before itself; name another stack');
});

describe('a mistake in a definition', () => {
  const one = (definition: object): string => {
    const file = join(folder, 'platform.yaml');
    writeFileSync(file, namespaces('{ one: {} }'));
    const workload = defineWorkload({
      name: 'one',
      description: 'One.',
      options: {},
      build: () => undefined,
      ...definition,
    });
    return errorOf(() =>
      definePlatform({ workloads: [workload] }).synthesize({
        file,
        outdir: join(folder, 'out'),
        movedFile: 'none',
        today,
      }),
    );
  };

  it('is a build that returns a promise: what it declares later would be in no stack', () => {
    expect(one({ build: () => Promise.resolve() })).toContain(
      'build() returned a promise, and must declare everything before it returns',
    );
  });

  it('is a default that its own schema refuses, or that fails', () => {
    const least = z.int().min(1);
    expect(one({ options: { limit: derived(least, () => -5) } })).toContain(
      'here: options.limit: its derived default is -5, which its schema refuses',
    );
    const failing = derived(least, () => {
      throw new Error('no limit');
    });
    expect(one({ options: { limit: failing } })).toBe(
      'here: options.limit: its derived default failed with Error: no limit (here); correct the function that gives it',
    );
  });

  it('is a default derived within another schema, which would never be set', () => {
    const limit = derived(z.int(), () => 5);
    const refused = 'derived stands within another schema';
    expect(one({ options: { limits: z.object({ limit }) } })).toContain(`options.limits: ${refused}`);
    expect(one({ options: { limits: z.array(z.object({ limit })).optional() } })).toContain(refused);
  });

  it('is reported at the place of the value if a schema throws, and for a union', () => {
    const parse = (schema: z.core.$ZodType, value: string): string =>
      errorOf(() => {
        const workload = defineWorkload({
          name: 'one',
          description: 'One.',
          options: { at: schema },
          build: () => undefined,
        });
        definePlatform({ workloads: [workload] }).parse(namespaces(`{ one: { at: ${value} } }`), 'p.yaml', {
          today,
        });
      });
    const host = z.string().refine((text) => new URL(text).host !== '');
    expect(parse(host, 'here')).toMatch(
      /^p\.yaml:\d+:\d+ namespaces\.dev\.workloads\.one\.at: got "here"; the schema of this key failed with TypeError: Invalid URL \(here\); correct the schema$/,
    );
    expect(parse(z.union([z.int(), z.enum(['all', 'none'])]), 'some')).toContain(
      'expected a number, or expected one of all, none',
    );
  });

  it('is a name or an option that clashes with an existing one, or a value that YAML cannot have', () => {
    expect(one({ name: 'quota' })).toContain('name: quota is an object of every namespace');
    expect(one({ options: { constructor: z.string() } })).toContain(
      "options.constructor: JavaScript's objects",
    );
    expect(one({ options: { when: z.date() } })).toContain('options.when: Date cannot be represented');
  });

  it('throws when the workloads are read, so that schema and promote write nothing', () => {
    const broken = definePlatform({ workloads: [undefined as unknown as RegisteredWorkload] });
    expect(() => broken.workloads).toThrow('workloads[0]: got undefined');
  });
});

it('one error reports each workload that fails, with its place', () => {
  const failing = ['one', 'two'].map((name) =>
    defineWorkload({
      name,
      description: 'Fails.',
      options: {},
      build() {
        throw new RangeError(`${name} is out of range`);
      },
    }),
  );
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, namespaces('{ one: {}, two: {} }'));
  const message = errorOf(() =>
    definePlatform({ workloads: failing }).synthesize({
      file,
      outdir: join(folder, 'out'),
      movedFile: 'none',
      today,
    }),
  );
  expect(message.split('\n')).toEqual([
    'here: dev/one: build() of the workload failed with RangeError: one is out of range (here); correct it, or remove one from the workloads of the namespace',
    'here: dev/two: build() of the workload failed with RangeError: two is out of range (here); correct it, or remove two from the workloads of the namespace',
  ]);
  expect(() => readFileSync(join(folder, 'out', 'platform.json'))).toThrow('ENOENT');
});

it('an error of an object names the line of the workload that makes it', () => {
  const spaced = defineWorkload({
    name: 'spaced',
    description: 'Has a name with a space.',
    options: {},
    build: (scope) => new ConfigMap(scope, 'settings', { name: 'a b', data: {} }),
  });
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, namespaces('{ spaced: {} }'));
  const lines = readFileSync(__filename, 'utf8').split('\n');
  const line = lines.findIndex((each) => each.includes("{ name: 'a b'")) + 1;
  expect(() => {
    definePlatform({ workloads: [spaced] }).synthesize({
      file,
      outdir: join(folder, 'out'),
      movedFile: 'none',
      today,
    });
  }).toThrow(`define-platform.test.ts:${line}: dev/spaced/settings (`);
});

it('an error of what a program changes names the line of the workload too', () => {
  const odd = defineWorkload({
    name: 'odd',
    description: 'Changes what it does not return.',
    options: {},
    build: (scope) => {
      new Deployment(scope, 'a', { image: 'registry.example.com/a:1' }).customize((() => 5) as never);
      new Deployment(scope, 'b', { image: 'registry.example.com/b:1' }).patch((() => 5) as never);
    },
  });
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, namespaces('{ odd: {} }'));
  const message = errorOf(() =>
    definePlatform({ workloads: [odd] }).synthesize({
      ...{ file, outdir: join(folder, 'out'), movedFile: 'none', today },
    }),
  );
  expect(message.split('\n')).toEqual([
    'here: dev/odd/a: customize() returned 5; return the spec',
    'here: dev/odd/b: patch() returned 5; return an object, or nothing after a change in place',
  ]);
});

it('a state forgets a listed claim that the program no longer has, and the claim stays in the cluster', () => {
  const claim = 'kubernetes_persistent_volume_claim_v1.blog_store_data_1';
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, namespaces('{ blog: { version: 1.0.0 } }'));
  writeFileSync(join(folder, 'dev.txt'), `kubernetes_config_map_v1.gone\n${claim}\n`);
  const outdir = join(folder, 'out');
  definePlatform({ workloads: [blog] }).synthesize({
    file,
    outdir,
    movedFile: 'none',
    addresses: folder,
    today,
  });
  const removed = readStacks(outdir).map(({ name, document }) => [name, document['removed']]);
  expect(Object.fromEntries(removed)).toMatchObject({
    cluster: undefined,
    dev: [{ from: claim, lifecycle: { destroy: false } }],
  });
});
