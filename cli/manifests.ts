import { writeManifests } from '../manifests/stacks';

/** `manifests`: writes the Kubernetes objects of the synthesised stacks and says where. */
export function manifests(options: { json?: boolean }): void {
  const written = writeManifests(process.env['CDKTF_OUTDIR'] ?? 'cdktf.out');
  process.stdout.write(
    options.json
      ? `${JSON.stringify(written)}\n`
      : written.map(({ file, objects }) => `${file}: ${objects} objects\n`).join(''),
  );
}
