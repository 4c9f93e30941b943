import { parse } from 'yaml';

/** What a node's user data tells its kubelet, as far as the scheduler can see it. */
export interface KubeletSettings {
  readonly maxPods?: number;
  /** Quantities by resource: `{ cpu: '100m', memory: '500Mi' }`. */
  readonly kubeReserved?: Readonly<Record<string, string>>;
  readonly systemReserved?: Readonly<Record<string, string>>;
}

interface NodeConfig {
  readonly kind?: string;
  readonly spec?: {
    readonly kubelet?: {
      readonly config?: {
        readonly maxPods?: number;
        readonly kubeReserved?: Readonly<Record<string, string>>;
        readonly systemReserved?: Readonly<Record<string, string>>;
      };
      readonly flags?: readonly string[];
    };
  };
}

/**
 * Reads user data as Amazon Linux 2023 (nodeadm: a NodeConfig, alone or in parts of a MIME message) and Bottlerocket
 * (TOML) do; what states nothing about the kubelet gives no settings.
 *
 * @param userData base64, as launch templates keep it
 * @throws when a NodeConfig is no valid YAML
 */
export function kubeletSettingsOf(userData: string | undefined): KubeletSettings {
  if (!userData) return {};
  const text = Buffer.from(userData, 'base64').toString('utf8');
  let settings: KubeletSettings = {};
  for (const document of nodeConfigsIn(text)) {
    const config = parse(document) as NodeConfig | null;
    if (config?.kind !== 'NodeConfig') continue;
    const { config: kubelet, flags = [] } = config.spec?.kubelet ?? {};
    const flag = flags
      .map((value) => /^--max-pods=(\d+)$/.exec(value)?.[1])
      .find((value) => value !== undefined);
    settings = {
      ...settings,
      ...(kubelet?.maxPods === undefined ? {} : { maxPods: kubelet.maxPods }),
      ...(flag === undefined ? {} : { maxPods: Number(flag) }),
      ...(kubelet?.kubeReserved ? { kubeReserved: kubelet.kubeReserved } : {}),
      ...(kubelet?.systemReserved ? { systemReserved: kubelet.systemReserved } : {}),
    };
  }
  const bottlerocket = /^\s*"?max-pods"?\s*=\s*(\d+)/m.exec(text)?.[1];
  return bottlerocket === undefined ? settings : { ...settings, maxPods: Number(bottlerocket) };
}

/** The parts of user data that may be a NodeConfig. */
function nodeConfigsIn(text: string): string[] {
  const boundary = /^content-type:\s*multipart\/[^;]+;[\s\S]*?boundary="?([^"\r\n;]+)"?/im.exec(text)?.[1];
  if (boundary === undefined) return text.includes('kind: NodeConfig') ? text.split(/^---$/m) : [];
  return text
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(part.replace(/^\r?\n/, '')))
    .filter((part) => part?.[1] !== undefined && /application\/node\.eks\.aws/i.test(part[1]))
    .map((part) => part?.[2] ?? '');
}
