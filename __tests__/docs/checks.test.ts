import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CODES, type Code } from '../../src/checks/finding';
import { CHECK_NAMES, checkPlatform } from '../../src/checks/platform-checks';
import { readPlatformRecord } from '../../src/manifests/platform-record';
import { readStacks } from '../../src/manifests/stacks';
import { appOf, parsePlatform } from '../own-platform';
import { changed, type Change } from '../src/checks/mutants';

const TODAY = '2026-11-23';
const sections = readFileSync('docs/reference/checks.md', 'utf8')
  .split(/^### (?=[A-Z]{3}-)/m)
  .slice(1);
const blockOf = (section: string, language: string): string | undefined =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];

const platform = (() => {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    const today = new Date(TODAY);
    appOf(
      parsePlatform(readFileSync('platform.yaml', 'utf8'), 'platform.yaml', { today }),
      outdir,
    ).synthesize();
    return { record: readPlatformRecord(outdir), stacks: readStacks(outdir) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
})();

describe('the page on checks', () => {
  it('has a section for every code, in their order', () => {
    expect(sections.map((section) => section.slice(0, 7))).toEqual(Object.keys(CODES));
  });

  const examples = sections
    .map(
      (section) => [section.slice(0, 7) as Code, blockOf(section, 'json'), blockOf(section, 'text')] as const,
    )
    // Waivers have one of their own, and no object is known that the next version alone refuses.
    .filter(([code]) => !/^WVR|^API-002/.test(code));

  it.each(examples)('shows by %s how its example reads', (code, json = '', text = '') => {
    const { 'platform.json': more = {}, ...places } = JSON.parse(json) as Record<
      string,
      Record<string, unknown>
    >;
    const changes = Object.entries(places).flatMap(([place, values]) => {
      const [stack = '', ...address] = place.split('/');
      return Object.entries(values).map(([path, value]): Change => [stack, address.join('/'), path, value]);
    });
    const { findings } = checkPlatform(
      { ...platform.record, ...more },
      changed(platform.stacks, changes),
      CHECK_NAMES,
      TODAY,
    );
    const read = findings.map(
      (finding) =>
        `${finding.code} ${finding.level === 'warning' ? 'warning: ' : ''}${finding.object}: ${finding.message}`,
    );
    expect(read).toContain(text.trim());
    expect(text.startsWith(code)).toBe(true);
  });
});
