import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseStack } from '../../constructs/terraform/base-stack';
import { synthesize } from '../../constructs/terraform/synthesize';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { refusedChanges } from '../../src/pipeline/plan/refused-changes';
import { changesOf, type PlannedStack } from '../../src/pipeline/plan/planned-stack';
import { declare, namespaceOf, SERIES, type Series } from './changed-options';

/** The bytes of a version of each series. */
export function documentOf(
  version: (series: Series) => number,
  series: readonly Series[] = SERIES,
): TerraformDocument {
  const outdir = mkdtempSync(join(tmpdir(), 'changed-options-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'pairs');
    new KubernetesProvider(stack, 'kubernetes', { configPath: 'kubeconfig' });
    namespaceOf(stack, 'pairs');
    declare(stack, series, version);
    synthesize(app);
    return JSON.parse(
      readFileSync(join(outdir, 'stacks', 'pairs', 'cdk.tf.json'), 'utf8'),
    ) as TerraformDocument;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The series that an address belongs to; of two whose names begin alike, the longer one. */
export function seriesOf(address: string): Series | undefined {
  const name = address.split('.')[1] ?? '';
  return SERIES.filter(({ id }) => name.startsWith(`${id.replaceAll('-', '_')}_`)).sort(
    (a, b) => b.id.length - a.id.length,
  )[0];
}

/** What a plan does to each series, a text each: `update deployment, create config_map`, `refused: replace stateful_set`. */
export function effectsOf(stack: PlannedStack): Map<string, string> {
  const refused = refusedChanges(stack).map((message) => message.split(/[: ]/)[0] ?? '');
  const effects = new Map<string, string[]>(SERIES.map(({ name }) => [name, []]));
  for (const { address, type, change } of changesOf(stack)) {
    const kind = type.replace(/^kubernetes_/, '').replace(/_v\d+$/, '');
    const words = `${refused.includes(address) ? 'refused: ' : ''}${change.actions.join('+')} ${kind}`;
    effects.get(seriesOf(address)?.name ?? '')?.push(words);
  }
  return new Map([...effects].map(([name, words]) => [name, words.sort().join(', ') || 'nothing']));
}
