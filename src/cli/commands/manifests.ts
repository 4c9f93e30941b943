import definition from '../../../main';
import { describeRelease } from '../../manifests/chart-releases';
import { releasesWithoutManifests, writeManifests } from '../../manifests/stacks';
import { printWarning } from '../terminal/print-warning';

/** `manifests`: synthesizes the platform, writes the Kubernetes objects of its stacks, and says where. */
export function manifests(options: { json?: boolean }): void {
  const { outdir } = definition.synthesize({ onWarning: printWarning });
  const written = writeManifests(outdir);
  // Beside the result, not in it: who reads JSON is told, too.
  const stacks = new Map<string, string[]>();
  for (const { stack, ...release } of releasesWithoutManifests(outdir)) {
    // One line for a workload's chart in all namespaces that run it.
    const namespace = release.namespace === stack ? 'its namespace' : release.namespace;
    const chart = describeRelease({ ...release, namespace });
    stacks.set(chart, [...(stacks.get(chart) ?? []), stack]);
  }
  for (const [chart, names] of stacks) {
    process.stderr.write(
      `note: ${names.join(', ')}: no manifests are written of the chart ${chart}: its objects are in the chart\n`,
    );
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(written)}\n`);
    return;
  }
  const unknown = [...new Set(written.flatMap((stack) => stack.unknown))];
  process.stdout.write(
    written.map(({ file, objects }) => `${file}: ${objects} objects\n`).join('') +
      (unknown.length === 0
        ? ''
        : `\nOnly a deployment knows these, which stand in the files as they are:\n${unknown
            .map((expression) => `  \${${expression}}\n`)
            .join('')}`),
  );
}
