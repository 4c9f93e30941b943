import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parsePlatform } from '../own-platform';
import { MOVED_FILE, parseMovedAddresses } from '../../src/config/moved-addresses-file';
import { Page, pages } from './page';
import { objectsOf } from './synthesized-example';
import { typeErrors } from './type-errors';

const PAGES = pages();
const PROGRAM_TIMEOUT = 180_000;

const wrong = new Page(
  'docs/wrong.md',
  `# Wrong
\`\`\`ts
import { Service } from 'kubernetes-on-aws/kubernetes';
\`\`\`
## Two mistakes

\`\`\`ts
new Service(stack, 'api', {
  ports: { http: '80' },
});
const unused = 1;
\`\`\`
\`\`\`ts
new Service(stack, 'api', { ports: { http: 80 } });
\`\`\`
`,
);

it(
  'no example of any page has a type error',
  () => {
    expect(typeErrors([...PAGES, wrong])).toEqual([
      "docs/wrong.md:9:12 Type 'string' is not assignable to type 'number | ServicePortOptions'.",
      "docs/wrong.md:11:7 'unused' is declared but its value is never read.",
    ]);
  },
  PROGRAM_TIMEOUT,
);

const EXAMPLES = PAGES.flatMap((page) =>
  page.examples.map((block) => [`${page.path}:${block.line} ${block.heading}`, page, block] as const),
);

it.each(EXAMPLES)('%s synthesizes', (_, page, block) => {
  // The namespace and its default account are always there.
  expect(objectsOf(page, block).length).toBeGreaterThan(2);
});

it('a mistake in an example is reported as in any stack', () => {
  const [, unanswered] = wrong.examples;
  if (!unanswered) throw new Error('the page has two examples');
  expect(() => objectsOf(wrong, unanswered)).toThrow(
    'shop/api: no backend. Set workload, or call backedBy()',
  );
});

/** Blocks of YAML; one that holds only a comment says nothing. */
const YAML = PAGES.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language, code }) => language === 'yaml' && parse(code) !== null)
    .map(({ line, code }) => [`${path}:${line}`, code] as const),
);

const isOfMoves = (code: string): boolean => code.startsWith(`# ${MOVED_FILE}\n`);
const MOVES = YAML.filter(([, code]) => isOfMoves(code));
const FILE = /^# platforms\/(.+\.yaml)\n/;
/** What a step of a guide adds, which guides.test.ts does. */
const isStep = (code: string): boolean =>
  /^# (platform\.yaml|(cdk8s|charts|stacks|workloads)\/\S+)\n/.test(code);
const PLATFORMS = YAML.filter(([, code]) => !isOfMoves(code) && !FILE.test(code) && !isStep(code));
const FURTHER = YAML.filter(([, code]) => FILE.test(code));

it.each(MOVES)('%s is a file of moves', (place, code) => {
  expect(() => parseMovedAddresses(code, place)).not.toThrow();
});

/** A part of a platform.yaml is laid over the project's own; one with a name is whole. */
function whole(code: string): string {
  const given = parse(code) as object;
  if ('name' in given) return code;
  const own: unknown = parse(readFileSync(join(__dirname, '../../platform.yaml'), 'utf8'));
  return stringify(laidOver(own, given));
}

/** Mappings key by key, at every depth; all else takes the place of what was there. */
function laidOver(own: unknown, given: unknown): unknown {
  if (!isMapping(own) || !isMapping(given)) return given;
  const both = Object.entries(given).map(([key, value]) => [key, laidOver(own[key], value)] as const);
  return { ...own, ...Object.fromEntries(both) };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

it.each(PLATFORMS)('%s is a platform.yaml', (place, code) => {
  expect(() => parsePlatform(whole(code), place, { today: new Date('2026-11-23') })).not.toThrow();
});

it('files of platforms/ extend each other as their pages say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'platforms-'));
  try {
    for (const [, code] of FURTHER) writeFileSync(join(folder, FILE.exec(code)?.[1] ?? ''), code);
    const extending = FURTHER.filter(([, code]) => 'extends' in (parse(code) as object));
    expect(extending).not.toEqual([]);
    for (const [, code] of extending) {
      const file = join(folder, FILE.exec(code)?.[1] ?? '');
      expect(() => parsePlatform(code, file, { today: new Date('2026-11-23') })).not.toThrow();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a wrong part of a platform.yaml is reported', () => {
  expect(() => parsePlatform(whole('region: [eu-west-1]'), 'docs/wrong.md:1')).toThrow('region');
});
