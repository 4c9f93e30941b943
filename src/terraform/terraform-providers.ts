import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { providerAddress, REGISTRY } from './provider-lock';
import { satisfiesConstraint } from './terraform-constraint';

const PROBE_MS = 3000;

/** Terraform's name of this machine: `linux_amd64`, `darwin_arm64`. */
export const MACHINE = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Where the folders of add-on software are; a mirror is looked for in each of their children, and no deeper. */
const SOFTWARE_ROOTS = ['/opt', '/srv', '/usr/local/share', '/usr/share', '/var/lib'];

/** Where `terraform init` takes its providers from. */
export interface ProviderSource {
  /** Who decides: the user's own CLI configuration, the registry, folders on this machine, or nothing was found. */
  readonly kind: 'own configuration' | 'registry' | 'mirror' | 'none';
  /** One line for the user. */
  readonly description: string;
  /**
   * Whether a provider is available, so that a caller can decide before init fails.
   *
   * @param provider - `hashicorp/kubernetes`, or with the registry's host in front
   * @param constraint - Terraform's notation: `2.38.0`, `~> 2.38`. @default - any version
   */
  available(provider: string, constraint?: string): boolean;
  /**
   * The variables by which Terraform uses this source. What they name is written into `directory`, or, where it is a cache
   * of downloads, is in the user's cache folder.
   */
  environment(directory: string): Record<string, string>;
}

/** What a search goes by; all of it is for tests. */
export interface ProviderSearch {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default - the user's home folder */
  readonly home?: string;
  /** Folders whose children may hold a mirror. @default - the system's folders of add-on software */
  readonly softwareRoots?: readonly string[];
  /** Whether the public registry answers. @default - it is asked, for at most 3 s */
  readonly registryAnswers?: () => Promise<boolean>;
}

/**
 * Finds the source of providers. A user's own `provider_installation` comes first, then the registry, if it answers, then mirrors.
 * Mirrors are those of `TF_PROVIDER_MIRROR`, Terraform's implied ones, and any folder of add-on software with the layout
 * of a mirror.
 */
export async function findProviderSource(search: ProviderSearch = {}): Promise<ProviderSource> {
  const environment = search.environment ?? process.env;
  const home = search.home ?? homedir();
  const own = ownConfiguration(environment, home);
  if (own && /^\s*provider_installation\b/m.test(own.text)) return ownSource(own);
  const registryAnswers = search.registryAnswers ?? (() => probeRegistry(environment));
  if (await registryAnswers()) {
    const hasCache =
      Boolean(environment.TF_PLUGIN_CACHE_DIR) || /^\s*plugin_cache_dir\b/m.test(own?.text ?? '');
    return registrySource(hasCache);
  }
  const named = (environment.TF_PROVIDER_MIRROR ?? '').split(delimiter).filter((folder) => folder !== '');
  const mirrors = [
    ...named.map((folder) => resolve(folder)),
    ...impliedMirrors(environment, home),
    ...[...(search.softwareRoots ?? SOFTWARE_ROOTS), home].flatMap(children),
  ].filter((folder) => existsSync(join(folder, REGISTRY)));
  return mirrors.length > 0 ? mirrorSource([...new Set(mirrors)]) : noSource();
}

interface OwnConfiguration {
  readonly file: string;
  /** Without comments. */
  readonly text: string;
}

/** First line of the configuration that a sandbox writes: the sandbox's shell has it. */
const WRITTEN_HERE = '# Written by the sandbox.\n';

/**
 * The user's CLI configuration. A variable that names a file that is not there is no configuration, as for Terraform; neither
 * is what a sandbox has written.
 */
function ownConfiguration(environment: NodeJS.ProcessEnv, home: string): OwnConfiguration | undefined {
  const named = environment.TF_CLI_CONFIG_FILE || environment.TERRAFORM_CONFIG;
  for (const file of [named, join(home, '.terraformrc')]) {
    if (!file || !existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    if (!text.startsWith(WRITTEN_HERE)) return { file, text: text.replace(/^\s*(#|\/\/).*$/gm, '') };
  }
  return undefined;
}

function ownSource({ file, text }: OwnConfiguration): ProviderSource {
  // Only what lies in folders can be looked at beforehand; for the rest the answer is left to init.
  const folders = [...text.matchAll(/^\s*path\s*=\s*"([^"]+)"/gm)].flatMap(([, path]) => path ?? []);
  const elsewhere = /^\s*(direct|network_mirror|dev_overrides)\b/m.test(text);
  return {
    kind: 'own configuration',
    description: `Terraform providers as ${file} says`,
    available: (provider, constraint) => elsewhere || isMirrored(folders, provider, constraint),
    environment: () => ({ TF_CLI_CONFIG_FILE: file }),
  };
}

function registrySource(hasCache: boolean): ProviderSource {
  return {
    kind: 'registry',
    description: `Terraform providers from ${REGISTRY}`,
    available: () => true,
    environment: () => {
      const cache = join(toolCache(), 'terraform-providers');
      if (!hasCache) mkdirSync(cache, { recursive: true });
      return {
        ...(hasCache ? {} : { TF_PLUGIN_CACHE_DIR: cache }),
        // Else every stack, none of which has a lock file at first, downloads again what the cache has.
        TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
      };
    },
  };
}

function mirrorSource(mirrors: readonly string[]): ProviderSource {
  return {
    kind: 'mirror',
    description: `Terraform providers from ${mirrors.join(', ')}: ${REGISTRY} cannot be reached`,
    available: (provider, constraint) => isMirrored(mirrors, provider, constraint),
    environment: (directory) => {
      const file = join(directory, 'terraform.rc');
      mkdirSync(directory, { recursive: true });
      // Another Terraform may read it at this moment: the file is there as a whole, or as it was.
      const whole = `${file}.${process.pid}`;
      writeFileSync(whole, cliConfiguration(mirrors));
      renameSync(whole, file);
      return { TF_CLI_CONFIG_FILE: file };
    },
  };
}

/** Terraform is left to try and to say what is wrong: it may know more ways than were looked at. */
function noSource(): ProviderSource {
  return {
    kind: 'none',
    description:
      `no Terraform providers: ${REGISTRY} cannot be reached, and no folder with a mirror was found ` +
      '(TF_PROVIDER_MIRROR may name one)',
    available: () => false,
    environment: () => ({}),
  };
}

/** What a mirror lacks is not sought in the registry, where the search would end in a network error after a while. */
function cliConfiguration(mirrors: readonly string[]): string {
  const blocks = mirrors.map(
    (path) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(path)}\n    include = ["${REGISTRY}/*/*"]\n  }\n`,
  );
  const direct = `  direct {\n    exclude = ["${REGISTRY}/*/*"]\n  }\n`;
  return `${WRITTEN_HERE}provider_installation {\n${blocks.join('')}${direct}}\n`;
}

/** Terraform's own list of folders that it looks into unasked (Terraform CLI: Implied Local Mirror Directories). */
function impliedMirrors(environment: NodeJS.ProcessEnv, home: string): string[] {
  const ofTheSystem = process.platform === 'darwin' ? [join('/', 'Library', 'Application Support')] : [];
  const ofTheUser =
    process.platform === 'darwin'
      ? [join(home, 'Library', 'Application Support')]
      : [environment.XDG_DATA_HOME || join(home, '.local', 'share')];
  const shared = (environment.XDG_DATA_DIRS || ['/usr/local/share', '/usr/share'].join(delimiter)).split(
    delimiter,
  );
  const software = ['io.terraform', 'terraform'];
  return [
    join(home, '.terraform.d', 'plugins'),
    ...[...ofTheUser, ...ofTheSystem, ...(process.platform === 'darwin' ? [] : shared)].flatMap((folder) =>
      software.map((name) => join(folder, name, 'plugins')),
    ),
  ];
}

function children(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => join(root, entry.name));
  } catch {
    // A root that is not there, or that this user may not list, holds no mirror for them.
    return [];
  }
}

/** Looks for an unpacked provider, `<version>/<platform>/`, and for a packed one, `terraform-provider-…_<platform>.zip`. */
function isMirrored(mirrors: readonly string[], provider: string, constraint = '>= 0.0.0'): boolean {
  const address = providerAddress(provider);
  const type = address.split('/').at(-1) ?? '';
  return mirrors.some((mirror) => {
    const folder = join(mirror, address);
    const found = existsSync(folder) ? readdirSync(folder) : [];
    const unpacked = found.filter((version) => existsSync(join(folder, version, MACHINE)));
    const [prefix, suffix] = [`terraform-provider-${type}_`, `_${MACHINE}.zip`];
    const packed = found
      .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
      .map((name) => name.slice(prefix.length, -suffix.length));
    return [...unpacked, ...packed].some((version) => satisfiesConstraint(version, constraint));
  });
}

/** Asks the registry for its discovery document, through the proxy where there is one, which `fetch` would not use. */
async function probeRegistry(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const proxy = environment.HTTPS_PROXY || environment.https_proxy;
  if (proxy) return connectsThrough(proxy);
  try {
    const url = `https://${REGISTRY}/.well-known/terraform.json`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    return answer.ok && 'providers.v1' in ((await answer.json()) as object);
  } catch (error) {
    // A certificate that Node.js does not know is a company's own, which Terraform finds in the system's store.
    const code = String((error as { cause?: { code?: unknown } }).cause?.code);
    return /CERT|SIGNATURE/.test(code);
  }
}

function connectsThrough(proxy: string): Promise<boolean> {
  const { hostname, port, username, password } = new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new Promise((answer) => {
    request({
      method: 'CONNECT',
      host: hostname,
      port: port || 80,
      path: `${REGISTRY}:443`,
      signal: AbortSignal.timeout(PROBE_MS),
      headers: username
        ? { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
        : {},
    })
      .once('connect', ({ statusCode }, socket) => {
        socket.destroy();
        answer(statusCode === 200);
      })
      .once('error', () => {
        answer(false);
      })
      .end();
  });
}
