import { DEFAULT_KUBERNETES_VERSION, nextVersion } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { compare } from 'semver';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ToolBuildError } from '@kubernetes-on-aws/eks-facts/tool-builder/build-step';
import { readGoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { buildGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import {
  buildPythonEnvironment,
  isPythonEnvironment,
} from '@kubernetes-on-aws/eks-facts/tool-builder/python-environment';
import { getTools, toolsState, type ToolsOptions } from '../../tools/sandbox-tools';

jest.setTimeout(120_000);

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo && process.env.CI === 'true') throw new Error('go is missing, and CI may skip nothing');
const describeWithGo = hasGo ? describe : describe.skip;

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  // A place that refuses: what is pinned is not asked for elsewhere.
  process.env.TOOLS_MIRROR = 'http://127.0.0.1:9';
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
});

afterEach(() => {
  process.env.PATH = PATH;
  delete process.env.TOOLS_MIRROR;
  rmSync(folder, { recursive: true, force: true });
});

/** A module whose tools are its own packages, so that nothing is downloaded; each says its name. */
function moduleWith(name: string, tools: readonly string[]): string {
  const module = join(folder, 'pins', name);
  for (const tool of tools) {
    const file = join(module, 'cmd', tool, 'main.go');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `package main\n\nfunc main() { println("${name} ${tool}") }\n`);
  }
  const lines = tools.map((tool) => `\ttool.test/${name}/cmd/${tool}`).join('\n');
  writeFileSync(join(module, 'go.mod'), `module tool.test/${name}\n\ngo 1.24\n\ntool (\n${lines}\n)\n`);
  writeFileSync(join(module, 'go.sum'), '');
  return module;
}

function buildOptions(report: string[] = []) {
  return {
    tool: 'kwok',
    into: join(folder, 'cache', 'kwok'),
    logFile: join(folder, 'cache', 'kwok.log'),
    report: (message: string) => {
      report.push(message);
    },
  };
}

/** A Python, before all others, that makes environments of itself, and whose pip ends with a command. */
function pythonThat(pipEnds: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh
case "$2" in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) echo 'Collecting moto==5.2.1 (from -r requirements.txt)'; echo 'Installing collected packages'; ${pipEnds} ;;
  *) echo 'Python 3.12.1' ;;
esac
`;
  writeFileSync(join(bin, 'python3'), script);
  chmodSync(join(bin, 'python3'), 0o755);
  process.env.PATH = [bin, PATH].join(delimiter);
}

const saidBy = (program: string) => spawnSync(program, { encoding: 'utf8' }).stderr.trim();

describe('the pinned tools', () => {
  const next = nextVersion(DEFAULT_KUBERNETES_VERSION) ?? '';
  const pinned = (version: string) => readGoModule(`packages/eks-sandbox/tools/kubernetes-${version}`);
  const CONTROL_PLANE = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

  it.each([
    [DEFAULT_KUBERNETES_VERSION, [...CONTROL_PLANE, 'etcd', 'kwok']],
    [next, CONTROL_PLANE],
  ])('include the programs of %s, their version and the Go that builds them', (version, programs) => {
    const { tools, flags, goVersion } = pinned(version);
    expect(tools.map(({ binary }) => binary).sort()).toEqual([...programs].sort());
    expect(goVersion).toMatch(/^1\.\d+/);
    const [, minor] = version.split('.');
    expect(flags.at(-1)).toMatch(
      new RegExp(`version\\.gitVersion=v1\\.${minor}\\.\\d+ .*gitMajor=1 .*gitMinor=${minor}$`),
    );
  });

  it('have the default version of EKS if none is requested', async () => {
    const options = { cache: folder, assets: undefined };
    const { missing } = await toolsState(options);
    expect(missing).toEqual([`kubernetes ${DEFAULT_KUBERNETES_VERSION}`, 'moto']);
    expect((await toolsState({ ...options, kubernetes: [next] })).missing).toEqual([
      'etcd and KWOK',
      `kubernetes ${next}`,
      'moto',
    ]);
  });

  it('have no older module in the next version, so that builds share much', () => {
    const pins = (version: string): Map<string, string> => {
      const goMod = readFileSync(`packages/eks-sandbox/tools/kubernetes-${version}/go.mod`, 'utf8');
      const lines = [...goMod.matchAll(/^\t(\S+) (v\S+) \/\/ indirect$/gm)];
      return new Map(lines.map(([, module = '', version = '']) => [module, version]));
    };
    const [older, newer] = [pins(DEFAULT_KUBERNETES_VERSION), pins(next)];
    const behind = [...older].filter(
      ([module, version]) => compare(newer.get(module) ?? version, version) < 0,
    );
    expect(older.size).toBeGreaterThan(100);
    expect(behind.filter(([module]) => !module.startsWith('k8s.io/'))).toEqual([]);
  });

  it('are another set if a pin changes', () => {
    const module = moduleWith('kwok', ['kwok']);
    const { key } = readGoModule(module);
    expect(readGoModule(module).key).toBe(key);
    appendFileSync(join(module, 'go.sum'), 'tool.test/other v1.0.0 h1:0=\n');
    expect(readGoModule(module).key).not.toBe(key);
  });

  it('have one version of every Python package', () => {
    const lines = readFileSync('packages/eks-sandbox/tools/moto/requirements.txt', 'utf8').split('\n');
    const packages = lines.filter((line) => line !== '' && !/^#| --hash=sha256:[0-9a-f]{64}/.test(line));
    expect(packages).toContainEqual(expect.stringMatching(/^moto==/));
    expect(packages.filter((line) => !/^[\w.-]+==[\w.]+ \\$/.test(line))).toEqual([]);
  });

  it('are an error if no tool is named', () => {
    const module = moduleWith('kwok', ['kwok']);
    writeFileSync(join(module, 'go.mod'), 'module tool.test/kwok\n\ngo 1.24\n');
    expect(() => readGoModule(module)).toThrow('names no tool');
  });
});

describeWithGo('the build of Go tools (skipped where go is missing)', () => {
  it('puts working programs into the folder, etcd under its name, and reports its progress', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok', 'server']));
    const report: string[] = [];
    const options = buildOptions(report);
    await buildGoTools(module, module.tools, options);
    expect(saidBy(join(options.into, 'kwok'))).toBe('kwok kwok');
    expect(saidBy(join(options.into, 'etcd'))).toBe('kwok server');
    expect(readdirSync(options.into).sort()).toEqual(['etcd', 'kwok']);
    expect(report).toContain('linking kwok, etcd');
    expect(readFileSync(options.logFile, 'utf8')).toContain('$ go install');
  });

  it('skips existing programs, and builds only missing ones', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok', 'server']));
    const options = buildOptions();
    mkdirSync(options.into, { recursive: true });
    writeFileSync(join(options.into, 'kwok'), 'from before');
    await buildGoTools(module, module.tools, options);
    expect(readFileSync(join(options.into, 'kwok'), 'utf8')).toBe('from before');
    const report: string[] = [];
    await buildGoTools(module, module.tools, buildOptions(report));
    expect(report).toEqual([]);
  });

  it('shows the end of the output if it fails, names the log, and leaves no partial file', async () => {
    const folderOfModule = moduleWith('kwok', ['kwok', 'server']);
    writeFileSync(
      join(folderOfModule, 'cmd', 'server', 'main.go'),
      'package main\n\nfunc main() { nowhere() }\n',
    );
    const module = readGoModule(folderOfModule);
    const options = buildOptions();
    const failure = buildGoTools(module, module.tools, options);
    await expect(failure).rejects.toThrow(ToolBuildError);
    await expect(failure).rejects.toThrow(/building kwok failed[^]*kwok\.log[^]*undefined: nowhere/);
    expect(readdirSync(options.into)).toEqual([]);
    expect(readFileSync(options.logFile, 'utf8')).toContain('undefined: nowhere');
  });

  it('leaves no partial file if it is interrupted, and builds after that', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok']));
    const controller = new AbortController();
    const options = buildOptions();
    const interrupted = buildGoTools(module, module.tools, {
      ...options,
      signal: controller.signal,
      report: () => {
        controller.abort();
      },
    });
    await expect(interrupted).rejects.toThrow(/abort/i);
    expect(readdirSync(options.into)).toEqual([]);
    await buildGoTools(module, module.tools, options);
    expect(saidBy(join(options.into, 'kwok'))).toBe('kwok kwok');
  });

  it('removes the files of a killed build', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok']));
    const options = buildOptions();
    mkdirSync(join(options.into, '.draft-left'), { recursive: true });
    writeFileSync(join(options.into, '.draft-left', 'kwok'), 'half');
    await buildGoTools(module, module.tools, options);
    expect(readdirSync(options.into)).toEqual(['kwok']);
  });

  it('runs in one of two processes; the other waits and gets the result', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok']));
    const [first, second]: [string[], string[]] = [[], []];
    await Promise.all([
      buildGoTools(module, module.tools, buildOptions(first)),
      buildGoTools(module, module.tools, buildOptions(second)),
    ]);
    const [waited, built] = first.length < second.length ? [first, second] : [second, first];
    expect(waited).toEqual([`waiting for process ${process.pid}, which builds kwok`]);
    expect(built).toContain('linking kwok');
    expect(saidBy(join(buildOptions().into, 'kwok'))).toBe('kwok kwok');
  });
});

describe('a build without go', () => {
  it('reports that the program cannot be started', async () => {
    const module = readGoModule(moduleWith('kwok', ['kwok']));
    // ps, by which locks tell who has them, is to be found.
    symlinkSync(execFileSync('which', ['ps'], { encoding: 'utf8' }).trim(), join(folder, 'ps'));
    process.env.PATH = folder;
    await expect(buildGoTools(module, module.tools, buildOptions())).rejects.toThrow(
      /building kwok failed: spawn go ENOENT/,
    );
  });
});

describe('the set of tools', () => {
  const NAMES = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'server'];

  function pinned(...versions: string[]): ToolsOptions & { cache: string } {
    for (const version of versions) moduleWith(`kubernetes-${version}`, NAMES);
    mkdirSync(join(folder, 'pins', 'moto'));
    writeFileSync(join(folder, 'pins', 'moto', 'requirements.txt'), '# nothing\n');
    return { pins: join(folder, 'pins'), cache: join(folder, 'cache'), assets: undefined };
  }

  function assetsOf(version: string, ...binaries: string[]): string {
    const assets = join(folder, 'assets');
    mkdirSync(assets);
    for (const binary of binaries) {
      writeFileSync(join(assets, binary), `#!/bin/sh\necho Kubernetes v${version}.2\n`);
      chmodSync(join(assets, binary), 0o755);
    }
    return assets;
  }

  it('is missing at first, with what its build needs', async () => {
    const options = { ...pinned('1.34', '1.35'), kubernetes: ['1.34', '1.35'] };
    const { missing, needs, tools } = await toolsState(options);
    expect(missing).toEqual(['kubernetes 1.34', 'kubernetes 1.35', 'moto']);
    expect(needs).toEqual({ go: '1.24', python: true });
    expect(Object.keys(tools.kubernetes)).toEqual(['1.34', '1.35']);
    expect(existsSync(tools.kwok)).toBe(false);
  });

  it('depends on the requested versions', async () => {
    const options = pinned('1.34', '1.35');
    const missing = async (...kubernetes: string[]) => (await toolsState({ ...options, kubernetes })).missing;
    expect(await missing('1.35')).toEqual(['kubernetes 1.35', 'moto']);
    expect(await missing('1.34')).toEqual(['kubernetes 1.34', 'etcd and KWOK', 'moto']);
    expect((await toolsState(options)).missing).toEqual(['kubernetes 1.35', 'moto']);
    await expect(toolsState({ ...options, kubernetes: ['1.36'] })).rejects.toThrow(
      'no sandbox for Kubernetes 1.36: there is one for 1.34, 1.35',
    );
  });

  it('uses the binaries of envtest if they have the same version', async () => {
    const assets = assetsOf('1.35', 'kube-apiserver', 'etcd');
    const { tools } = await toolsState({ ...pinned('1.35'), assets });
    expect(tools.kubernetes['1.35']).toMatchObject({
      etcd: join(assets, 'etcd'),
      kubeApiserver: join(assets, 'kube-apiserver'),
      kubeScheduler: expect.stringContaining(join(folder, 'cache')) as unknown,
    });
  });

  it('uses no binaries of another version', async () => {
    const assets = assetsOf('1.34', 'kube-apiserver', 'etcd');
    const { tools } = await toolsState({ ...pinned('1.35'), assets });
    expect(tools.kubernetes['1.35']?.kubeApiserver).toContain(join(folder, 'cache'));
    expect(tools.kubernetes['1.35']?.etcd).toContain(join(folder, 'cache'));
  });

  it('uses etcd and KWOK of the newest version', async () => {
    const { tools } = await toolsState({ ...pinned('1.34', '1.35'), kubernetes: ['1.34'] });
    expect(tools.kwok).toMatch(/kubernetes-1\.35-[0-9a-f]+.kwok$/);
    expect(tools.kubernetes['1.34']?.etcd).toMatch(/kubernetes-1\.35-[0-9a-f]+.etcd$/);
    expect(tools.kubernetes['1.34']?.kubeApiserver).toMatch(/kubernetes-1\.34-[0-9a-f]+.kube-apiserver$/);
  });

  it('has the same places for every version: a sandbox survives an upgrade', async () => {
    const options = pinned('1.34', '1.35');
    const { tools } = await toolsState({ ...options, kubernetes: ['1.34'] });
    expect((await toolsState({ ...options, kubernetes: ['1.35'] })).tools).toEqual(tools);
  });

  it('needs KWOK only beside an older version whose other programs are ready', async () => {
    const assets = assetsOf('1.34', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd');
    const options = { ...pinned('1.34', '1.35'), assets, kubernetes: ['1.34'] };
    expect((await toolsState(options)).missing).toEqual(['etcd and KWOK', 'moto']);
    expect((await toolsState(options)).tools.kubernetes['1.34']?.etcd).toBe(join(assets, 'etcd'));
  });

  describeWithGo('in the cache (skipped where go is missing)', () => {
    it('is built, and then found', async () => {
      pythonThat('exit 0');
      const options = pinned('1.35');
      const report: string[] = [];
      const tools = await getTools((tool, message) => report.push(`${tool}: ${message}`), options);
      expect(saidBy(tools.kubernetes['1.35']?.kubeScheduler ?? '')).toBe('kubernetes-1.35 kube-scheduler');
      expect(saidBy(tools.kubernetes['1.35']?.etcd ?? '')).toBe('kubernetes-1.35 server');
      expect(saidBy(tools.kwok)).toBe('kubernetes-1.35 kwok');
      expect(report.filter((line) => / built in \d+ s$/.test(line))).toHaveLength(2);
      expect(await toolsState(options)).toEqual({
        tools,
        missing: [],
        needs: { go: undefined, python: false },
        releases: { found: [], unavailable: [] },
      });
      const again: string[] = [];
      expect(await getTools((tool) => again.push(tool), options)).toEqual(tools);
      expect(again).toEqual([]);
    });

    it('has the control plane of an older version, and the shared programs of the newest', async () => {
      pythonThat('exit 0');
      const options = { ...pinned('1.34', '1.35'), kubernetes: ['1.34'] };
      const { kubernetes, kwok } = await getTools(() => undefined, options);
      expect(saidBy(kubernetes['1.34']?.kubeApiserver ?? '')).toBe('kubernetes-1.34 kube-apiserver');
      expect(saidBy(kubernetes['1.34']?.etcd ?? '')).toBe('kubernetes-1.35 server');
      expect(saidBy(kwok)).toBe('kubernetes-1.35 kwok');
      expect(existsSync(kubernetes['1.35']?.kubeApiserver ?? '')).toBe(false);
      expect((await toolsState(options)).missing).toEqual([]);
    });

    it('ends all builds if one fails', async () => {
      const options = pinned('1.35');
      pythonThat('exec sleep 60');
      writeFileSync(join(folder, 'pins', 'kubernetes-1.35', 'cmd', 'kwok', 'main.go'), 'no Go');
      await expect(getTools(() => undefined, options)).rejects.toThrow('building kubernetes 1.35 failed');
      expect((await toolsState(options)).missing).toEqual(['kubernetes 1.35', 'moto']);
      expect(readdirSync(join(options.cache, 'tools')).filter((name) => name.endsWith('.lock'))).toEqual([]);
    });
  });
});

describe('a Python environment', () => {
  const make = (report: string[] = []) => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'moto==5.2.1\nFlask==3.1.3\n');
    const into = join(folder, 'environment');
    return buildPythonEnvironment(requirements, { ...buildOptions(report), tool: 'moto', into }).then(
      () => into,
    );
  };

  it('is created once, and reports its progress', async () => {
    pythonThat('exit 0');
    const report: string[] = [];
    expect(isPythonEnvironment(await make(report))).toBe(true);
    expect(report).toEqual([
      'making a virtual environment',
      'downloading package 1 of 2: moto==5.2.1',
      'installing 2 packages',
    ]);
    const again: string[] = [];
    await make(again);
    expect(again).toEqual([]);
  });

  it('is deleted after a failed build, and built the next time', async () => {
    pythonThat('echo no matching distribution; exit 1');
    await expect(make()).rejects.toThrow(/building moto failed[^]*no matching distribution/);
    expect(isPythonEnvironment(join(folder, 'environment'))).toBe(false);
    writeFileSync(join(folder, 'environment', 'left'), '');
    pythonThat('exit 0');
    const into = await make();
    expect(isPythonEnvironment(into)).toBe(true);
    expect(existsSync(join(into, 'left'))).toBe(false);
  });

  it('is missing without the Python that it was created with', async () => {
    pythonThat('exit 0');
    const into = await make();
    rmSync(join(into, 'bin', 'python'));
    expect(isPythonEnvironment(into)).toBe(false);
  });
});
