import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { CLUSTER_RULES } from './cluster-rules';
import { ConfigError } from './config-error';
import type { Finding } from './config-error';
import { NAMESPACE_RULES } from './namespace-rules';
import { NETWORK_RULES } from './network-rules';
import { NODE_RULES } from './node-rules';
import { ecrHost } from './partition';
import type { RuleContext } from './rule';
import { salvage } from './salvage';
import { PRINCIPAL_ARN, platformSchema } from './schema';
import type { PlatformFile } from './schema';
import { schemaFindings } from './schema-findings';
import { YamlDocument } from './yaml-document';

/** A platform as `platform.yaml` describes it, checked and with every default applied. */
export interface Platform {
  /** Name of the EKS cluster and prefix of every AWS name; at most 32 characters. */
  readonly name: string;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /**
   * Where Terraform keeps its state.
   * @default - local state files
   */
  readonly state?: StateSettings;
  /**
   * Registry, with its path, that the workloads' images are pulled from; without a trailing slash.
   * @default - `<account of the first admin>.dkr.ecr.<region>.amazonaws.com/<name>`
   */
  readonly imageRegistry: string;
  readonly network: NetworkSettings;
  readonly cluster: ClusterSettings;
  /** The managed node groups by name: at least one. */
  readonly nodes: Readonly<Record<string, NodeSettings>>;
  /** The namespaces by name. */
  readonly namespaces: Readonly<Record<string, NamespaceSettings>>;
}

/** The S3 bucket of Terraform's state. */
export interface StateSettings {
  readonly bucket: string;
  /** @default - the platform's region */
  readonly region?: string;
}

/** How the private subnets reach the internet. */
export type Nat = 'per-zone' | 'single' | 'none';

/** The VPC. */
export interface NetworkSettings {
  /**
   * IPv4 range of the VPC, between a /16 and a /20.
   * @default 10.0.0.0/16
   */
  readonly cidr: string;
  /**
   * Letters of the availability zones, at least two.
   * @default [a, b, c]
   */
  readonly zones: readonly string[];
  /** @default per-zone */
  readonly nat: Nat;
}

/** The EKS control plane. */
export interface ClusterSettings {
  /** Kubernetes minor version, such as `1.35`. */
  readonly version: string;
  /** ARNs of the IAM roles and users that administer the cluster: at least one. */
  readonly admins: readonly string[];
  /**
   * IPv4 ranges that reach the public endpoint; when empty, the endpoint is private.
   * @default []
   */
  readonly publicAccess: readonly string[];
  /**
   * IPv4 range of the Services' addresses.
   * @default 172.20.0.0/16
   */
  readonly serviceCidr: string;
  /**
   * Days that CloudWatch keeps the control plane's logs.
   * @default 90
   */
  readonly logRetentionDays: number;
}

/** One managed node group, in one availability zone. */
export interface NodeSettings {
  /** Letter of the availability zone, one of the network's. */
  readonly zone: string;
  /** EC2 instance types in order of preference: at least one. */
  readonly instanceTypes: readonly string[];
  /** Smallest number of EC2 instances. */
  readonly min: number;
  /** Largest number of EC2 instances. */
  readonly max: number;
  /**
   * Number of EC2 instances to start with.
   * @default - min
   */
  readonly desired: number;
  /**
   * Size of each instance's root volume in GiB.
   * @default 50
   */
  readonly diskGiB: number;
}

/** The Pod Security Standard that a namespace enforces. */
export type PodSecurity = 'restricted' | 'baseline';

/** One namespace: its row in the topology, its limits and what runs in it. */
export interface NamespaceSettings {
  /** The row: names of the node groups that the namespace's Pods may run on, at least one. */
  readonly nodes: readonly string[];
  /** @default restricted */
  readonly podSecurity: PodSecurity;
  readonly quota: QuotaSettings;
  /** @default {} */
  readonly workloads: WorkloadSettings;
}

/** The most that all Pods of a namespace may request together. */
export interface QuotaSettings {
  /**
   * CPU requests as a canonical Kubernetes quantity: `4`, `500m`.
   * @default 4
   */
  readonly cpu: string;
  /**
   * Memory requests as a canonical Kubernetes quantity: `8Gi`, `512Mi`.
   * @default 8Gi
   */
  readonly memory: string;
  /**
   * Number of Pods that are not finished.
   * @default 50
   */
  readonly pods: number;
}

/** What runs in a namespace; a workload that is left out does not run. */
export interface WorkloadSettings {
  readonly storefront?: StorefrontSettings;
}

/** The storefront example. */
export interface StorefrontSettings {
  /** Tag of the storefront's images, such as `1.4.0`. */
  readonly version: string;
  /**
   * Number of web Pods.
   * @default 2
   */
  readonly replicas: number;
  /**
   * Host name of the shop.
   * @default - `shop.<namespace>.<name of the platform>.internal`
   */
  readonly host: string;
  /**
   * Whether a Pod to debug from runs beside it.
   * @default - in the namespace `dev` only
   */
  readonly debug: boolean;
  /**
   * Counts the rotations of the database's password, from 1.
   * @default 1
   */
  readonly loginRevision: number;
}

/** What the answer depends on besides the file. */
export interface LoadOptions {
  /**
   * The day against which the end of EKS standard support is held.
   * @default - now
   */
  readonly today?: Date;
}

const RULES = [...NETWORK_RULES, ...CLUSTER_RULES, ...NODE_RULES, ...NAMESPACE_RULES];

/**
 * Reads and checks the platform's file.
 * @param path the file, against the working directory; default: `PLATFORM_FILE`, otherwise `platform.yaml`
 * @throws ConfigError with every mistake at once
 */
export function loadPlatform(path?: string, options: LoadOptions = {}): Platform {
  // An empty PLATFORM_FILE is what a shell makes of one that is not set.
  const file = path ?? (process.env['PLATFORM_FILE'] || 'platform.yaml');
  return parsePlatform(read(file), file, options);
}

/**
 * Checks a platform's text.
 * @param text YAML
 * @param file the name to report
 * @throws ConfigError with every mistake at once
 */
export function parsePlatform(
  text: string,
  file: string,
  { today = new Date() }: LoadOptions = {},
): Platform {
  // Editors on Windows begin a file with a byte order mark, which would shift the first line's columns.
  const document = new YamlDocument(file, text.replace(/^\uFEFF/, ''));
  stopAt(document.syntaxFindings());
  if (document.isEmpty) {
    stopAt([
      document.finding([], 'the file is empty; expected a mapping with the keys name, region, cluster, …'),
    ]);
  }
  const value = toValue(document);
  const findings = [...document.duplicateKeys(), ...schemaFindings(document, value)];
  const draft = salvage(platformSchema, value) ?? {};
  const report: RuleContext['report'] = (path, message, part) => {
    findings.push(document.finding(path, message, part));
  };
  for (const rule of RULES) rule(draft, { today, isGiven: (path) => document.has(path), report });
  stopAt(findings);
  return freeze(resolve(z.parse(platformSchema, value)));
}

/** Why the file could not be read, by the system's code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; create it, or name another one in PLATFORM_FILE',
  ENOTDIR: 'no such file; create it, or name another one in PLATFORM_FILE',
  EISDIR: 'a directory; name the file in it',
  EACCES: 'may not be read; give yourself the right to, or name another file in PLATFORM_FILE',
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ConfigError([{ file, path: '', message: UNREADABLE[code] ?? `cannot be read: ${message}` }]);
  }
}

function toValue(document: YamlDocument): unknown {
  try {
    return document.toValue();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([document.finding([], `aliases cannot be followed: ${reason}`)]);
  }
}

function stopAt(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new ConfigError(findings);
}

/** Fills in the defaults that depend on other keys. */
function resolve(file: PlatformFile): Platform {
  const account = PRINCIPAL_ARN.exec(file.cluster.admins[0] ?? '')?.[2] ?? '';
  return {
    ...file,
    imageRegistry: file.imageRegistry ?? `${ecrHost(account, file.region)}/${file.name}`,
    nodes: Object.fromEntries(
      Object.entries(file.nodes).map(([name, node]) => [
        name,
        { ...node, desired: node.desired ?? node.min },
      ]),
    ),
    namespaces: Object.fromEntries(
      Object.entries(file.namespaces).map(([name, namespace]) => [
        name,
        { ...namespace, workloads: workloadsOf(namespace.workloads, name, file.name) },
      ]),
    ),
  };
}

function workloadsOf(
  { storefront }: PlatformFile['namespaces'][string]['workloads'],
  namespace: string,
  platform: string,
): WorkloadSettings {
  if (!storefront) return {};
  const { host = `shop.${namespace}.${platform}.internal`, debug = namespace === 'dev' } = storefront;
  return { storefront: { ...storefront, host, debug } };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
