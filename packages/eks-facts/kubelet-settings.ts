import { quantityAmount } from './quantity';
import { parse } from 'yaml';
import { bottlerocketSettings } from './bottlerocket-settings';

/** Quantities by resource: `{ cpu: '100m', memory: '500Mi' }`. */
type Quantities = Readonly<Record<string, string>>;

/** What a node's user data tells its kubelet, as far as the scheduler can see it. */
export interface KubeletSettings {
  readonly maxPods?: number;
  readonly kubeReserved?: Quantities;
  readonly systemReserved?: Quantities;
  /** Quantities or percentages by signal: `{ 'memory.available': '100Mi' }`. */
  readonly evictionHard?: Quantities;
}

/** What user data is written in. */
export type UserDataForm = 'mime' | 'node-config' | 'toml' | 'other';

interface NodeConfig {
  readonly kind?: string;
  readonly spec?: {
    readonly kubelet?: { readonly config?: KubeletSettings; readonly flags?: readonly string[] };
  };
}

const MULTIPART = /^content-type:\s*multipart\/[^;]+;[\s\S]*?boundary="?([^"\r\n;]+)"?/im;

/** @param userData base64, as launch templates keep it */
export function userDataForm(userData: string): UserDataForm {
  const text = decode(userData);
  if (MULTIPART.test(text)) return 'mime';
  if (text.includes('kind: NodeConfig')) return 'node-config';
  return /^\s*\[[^\]]+\]\s*$/m.test(text) ? 'toml' : 'other';
}

/**
 * Reads user data as Amazon Linux 2023 does (nodeadm: a NodeConfig, alone or in parts of a MIME message), and as Bottlerocket does
 * (TOML). What states nothing about the kubelet gives no settings.
 *
 * @param userData base64, as launch templates keep it
 * @throws when a NodeConfig is not valid YAML, settings are not TOML, or an amount is not a quantity
 */
export function kubeletSettingsOf(userData: string | undefined): KubeletSettings {
  if (!userData) return {};
  const text = decode(userData);
  const settings =
    userDataForm(userData) === 'toml' ? settingsOfBottlerocket(text) : settingsOfNodeConfigs(text);
  for (const table of ['kubeReserved', 'systemReserved', 'evictionHard'] as const) {
    for (const [key, amount] of Object.entries(settings[table] ?? {})) {
      if (quantityAmount(amount.replace(table === 'evictionHard' ? /%$/ : '', '')) !== undefined) continue;
      throw new RangeError(`${table}.${key}: "${amount}" is not a Kubernetes quantity, such as 500m or 1Gi`);
    }
  }
  return settings;
}

function decode(userData: string): string {
  return Buffer.from(userData, 'base64').toString('utf8');
}

/** nodeadm merges the objects in their order. */
function settingsOfNodeConfigs(text: string): KubeletSettings {
  let settings: KubeletSettings = {};
  for (const document of nodeConfigsIn(text)) {
    const config = parse(document) as NodeConfig | null;
    if (config?.kind !== 'NodeConfig') continue;
    const { config: kubelet = {}, flags = [] } = config.spec?.kubelet ?? {};
    const flag = flags
      .map((value) => /^--max-pods=(\d+)$/.exec(value)?.[1])
      .find((value) => value !== undefined);
    const pods = flag === undefined ? kubelet.maxPods : Number(flag);
    settings = {
      ...settings,
      ...(pods === undefined ? {} : { maxPods: pods }),
      ...merged('kubeReserved', settings, kubelet),
      ...merged('systemReserved', settings, kubelet),
      ...merged('evictionHard', settings, kubelet),
    };
  }
  return settings;
}

function merged(
  key: 'kubeReserved' | 'systemReserved' | 'evictionHard',
  before: KubeletSettings,
  after: KubeletSettings,
): KubeletSettings {
  return after[key] ? { [key]: { ...before[key], ...texts(after[key]) } } : {};
}

/** YAML and TOML may have numbers where Kubernetes has quantities. */
function texts(table: Readonly<Record<string, unknown>>): Quantities {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, String(value)]));
}

function settingsOfBottlerocket(text: string): KubeletSettings {
  const tables = bottlerocketSettings(text);
  const { 'max-pods': pods } = tables['settings.kubernetes'] ?? {};
  const table = (key: string, name: string): KubeletSettings => {
    const found = tables[`settings.kubernetes.${name}`];
    return found ? { [key]: texts(found) } : {};
  };
  return {
    ...(pods === undefined ? {} : { maxPods: Number(pods) }),
    ...table('kubeReserved', 'kube-reserved'),
    ...table('systemReserved', 'system-reserved'),
    ...table('evictionHard', 'eviction-hard'),
  };
}

/** The parts of user data that may be a NodeConfig. */
function nodeConfigsIn(text: string): string[] {
  const boundary = MULTIPART.exec(text)?.[1];
  if (boundary === undefined) return text.includes('kind: NodeConfig') ? text.split(/^---$/m) : [];
  return text
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(part.replace(/^\r?\n/, '')))
    .filter((part) => part?.[1] !== undefined && /application\/node\.eks\.aws/i.test(part[1]))
    .map((part) => part?.[2] ?? '');
}
