import { defaultTaints } from '@kubernetes-on-aws/eks-facts/accelerators';
import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import * as z from 'zod/mini';
import { ACCESS_RULES } from './access-rules';
import { ADD_ON_RULES } from './add-on-rules';
import { CHECK_RULES } from './check-rules';
import { CLUSTER_RULES } from './cluster-rules';
import { byPosition, stopAt } from './config-error';
import type { Finding } from './config-error';
import { IMAGE_RULES } from './image-rules';
import { LABEL_RULES } from './label-rules';
import { NAMESPACE_RULES, usedWorkloadsRun } from './namespace-rules';
import { NETWORK_RULES } from './network-rules';
import { NODE_RULES } from './node-rules';
import { cacheMirrors } from '../facts/image-registries';
import { ecrHost } from '../facts/partitions';
import { selectedPlatform } from '../facts/selected-platform';
import type { Path } from '../facts/document-path';
import { withRanges, withThresholds } from './moving-defaults';
import { PIPELINE_RULES } from './pipeline-rules';
import { REGION_RULES } from './region-rules';
import type { Platform, WorkloadSettings } from './platform';
import type { Rule, RuleContext } from './config-rule';
import { salvage } from './accepted-parts';
import { platformSchema } from './schema/platform-schema';
import { TAG_RULES } from './tag-rules';
import type { PlatformFile } from './schema/platform-schema';
import { schemaFindings } from './schema-findings';
import { sourceDate } from './source-date';
import { WARNINGS } from './config-warnings';
import { optionsAt, type WorkloadKeys, type WorkloadPlace } from './workload-keys';
import { LayeredDocument } from './layered-document';
import { clashFindings } from './platform-list';
import { readPlatform } from './read-platform';

/** What the answer depends on besides the file. */
export interface LoadOptions {
  /**
   * The workloads that namespaces may run.
   * @internal
   * @default []
   */
  readonly workloads?: readonly WorkloadKeys[];
  /**
   * The day against which the end of EKS standard support is held.
   * @default - SOURCE_DATE_EPOCH, or now
   */
  readonly today?: Date;
  /**
   * Called with what is right but will not stay so, or is likely not meant, in the order of the file.
   * @default - no warning is reported
   */
  readonly onWarning?: (warning: Finding) => void;
}

const RULES = [
  ...REGION_RULES,
  ...NETWORK_RULES,
  ...CLUSTER_RULES,
  ...ACCESS_RULES,
  ...ADD_ON_RULES,
  ...NODE_RULES,
  ...LABEL_RULES,
  ...NAMESPACE_RULES,
  ...CHECK_RULES,
  ...PIPELINE_RULES,
  ...TAG_RULES,
  ...IMAGE_RULES,
];

/**
 * Reads and checks the platform's file.
 * @param path the file, against the working directory; default: that of the selected platform
 * @throws ConfigError with every mistake at once
 */
export function loadPlatform(path?: string, options: LoadOptions = {}): Platform {
  const file = path ?? selectedPlatform().file;
  const platform = parsePlatform(readPlatform(file), file, options);
  stopAt(clashFindings(file, platform));
  return platform;
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
  { today = sourceDate(), onWarning, workloads = [] }: LoadOptions = {},
): Platform {
  const document = new LayeredDocument(text, file);
  if (document.isEmpty) {
    stopAt([
      document.finding([], 'the file is empty; expected a mapping with the keys name, region, cluster, …'),
    ]);
  }
  const value = document.toValue();
  const schema = platformSchema(workloads);
  const draft = withRanges(salvage(schema, value) ?? {});
  const isGiven = (path: Path): boolean => document.has(path);
  const reportedBy = (rules: readonly Rule[]): Finding[] => {
    const reported: Finding[] = [];
    const report: RuleContext['report'] = (path, message, part) => {
      reported.push(document.finding(path, message, part));
    };
    for (const rule of rules) rule(draft, { today, isGiven, report });
    return reported;
  };
  stopAt([
    ...document.findings(),
    ...schemaFindings(schema, document, value),
    ...reportedBy([...RULES, usedWorkloadsRun(workloads)]),
  ]);
  if (onWarning) reportedBy(WARNINGS).sort(byPosition).forEach(onWarning);
  return freeze(resolve(z.parse(schema, value), workloads));
}

/** Fills in the defaults that depend on other keys. */
function resolve(given: PlatformFile, workloads: readonly WorkloadKeys[]): Platform {
  const file = withRanges(given);
  const account = file.account ?? parseArn(file.cluster.admins[0] ?? '')?.account ?? '';
  return {
    ...file,
    account,
    imageRegistry: file.imageRegistry ?? `${ecrHost(account, file.region)}/${file.name}`,
    images: {
      ...file.images,
      mirrors: {
        ...(file.images.cache && cacheMirrors(file.name, account, file.region)),
        ...file.images.mirrors,
      },
    },
    cluster: { ...file.cluster, zones: file.cluster.zones ?? file.network.zones },
    nodes: Object.fromEntries(
      Object.entries(file.nodes).map(([name, node]) => [
        name,
        {
          ...node,
          kubelet: withThresholds(node.kubelet),
          desired: node.desired ?? node.min,
          taints: node.taints ?? defaultTaints(node.instanceTypes),
        },
      ]),
    ),
    namespaces: Object.fromEntries(
      Object.entries(file.namespaces).map(([name, namespace]) => [
        name,
        {
          ...namespace,
          workloads: workloadsOf(namespace.workloads, { namespace: name, platform: file }, workloads),
        },
      ]),
    ),
  };
}

function workloadsOf(
  settings: WorkloadSettings,
  { namespace, platform: { name, region } }: WorkloadPlace,
  workloads: readonly WorkloadKeys[],
): WorkloadSettings {
  const place = { namespace, platform: { name, region } };
  return Object.fromEntries(
    workloads.flatMap((keys) => {
      const options = settings[keys.name];
      return options ? [[keys.name, optionsAt(keys, options, place)]] : [];
    }),
  );
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
