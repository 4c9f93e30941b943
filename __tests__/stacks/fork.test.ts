import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVERY_OPTION } from '../iam/every-option';
import { Project, succeeded } from '../e2e/project';
import { installLockedPackages } from '../locked-packages';

const MINUTE = 60_000;
const PLATFORMS = ['platform.yaml', 'every-option'];

/** The text of every file that a copy of this project synthesizes for the platforms, by its path. */
async function synthesizedFiles(replacedModules?: string): Promise<Record<string, string>> {
  const project = await Project.copy({}, replacedModules);
  try {
    mkdirSync(project.path('platforms'), { recursive: true });
    // Two platforms of one account have two names.
    const text = EVERY_OPTION.replace('name: seed', 'name: every-option');
    writeFileSync(project.path('platforms', 'every-option.yaml'), text);
    for (const platform of PLATFORMS) succeeded(await project.npm('synth', ['--platform', platform]));
    const root = project.path('cdktf.out');
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(files.map((file) => [file.slice(root.length), readFileSync(file, 'utf8')]));
  } finally {
    project.remove();
  }
}

/** The version of CDKTF, and how an empty list or object is written: all that the two may differ in. */
const withoutMark = (text: string, version: string): string =>
  text.replaceAll(`"version": "${version}"`, '"version": "CDKTF"').replaceAll(/([[{])\s+(?=[\]}])/g, '$1');

it(
  'CDK Terrain, the fork of CDKTF, writes the same bytes from the same sources, except for its version',
  async () => {
    const cdktn = await installLockedPackages(join(__dirname, 'tools', 'cdktn'));
    const stock = await synthesizedFiles();
    const fork = await synthesizedFiles(cdktn);
    const stacks = Object.keys(stock).filter((file) => file.endsWith('cdk.tf.json'));
    expect(stacks.length).toBeGreaterThan(2 * 5);
    expect(Object.keys(fork)).toEqual(Object.keys(stock));
    const marked = Object.keys(stock).filter((file) => /(manifest|cdk\.tf)\.json$/.test(file));
    expect(marked.filter((file) => !stock[file]?.includes('"version": "0.21.0"'))).toEqual([]);
    expect(marked.filter((file) => !fork[file]?.includes('"version": "0.24.0"'))).toEqual([]);
    for (const [file, text] of Object.entries(stock)) {
      expect(withoutMark(fork[file] ?? '', '0.24.0')).toBe(withoutMark(text, '0.21.0'));
    }
  },
  5 * MINUTE,
);
