import { selectedPlatform } from '../../facts/selected-platform';
import { describeRelease } from '../../manifests/chart-releases';
import { releasesWithoutManifests, writeManifests } from '../../manifests/stacks';

/** `manifests`: writes the Kubernetes objects of the synthesized stacks and says where. */
export function manifests(options: { json?: boolean }): void {
  const { outdir } = selectedPlatform();
  const written = writeManifests(outdir);
  // Beside the result, not in it: who reads JSON is told, too.
  for (const { stack, ...release } of releasesWithoutManifests(outdir)) {
    process.stderr.write(
      `note: ${stack}: there are no manifests of the chart ${describeRelease(release)}: its objects are in the chart\n`,
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
