import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertObjects, kubernetesObjects } from '../../../src/manifests/objects';
import { providerResource } from '../../../src/manifests/provider-resource';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { SAMPLE_SETS, synthesizeSamples } from '../../constructs/kubernetes/sample-stack';
import { secretReader } from '../../constructs/kubernetes/secret-values';

it('the program writes each object of the constructs as its resource, and reads back the same object', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'samples-'));
  try {
    const { documents } = synthesizeSamples(outdir);
    const all = SAMPLE_SETS.flatMap((set) => kubernetesObjects(documents[set], { resolve: secretReader() }));
    const different = all.flatMap(({ address, object }) => {
      const { type, attributes } = providerResource(object);
      const { objects, findings } = convertObjects({
        resource: {
          [type]: {
            a: JSON.parse(
              JSON.stringify(attributes).replace(/[$%]\{/g, (start) => start.charAt(0) + start),
            ) as JsonObject,
          },
        },
      });
      expect(findings).toEqual([]);
      expect(objects[0]?.object).toEqual(object);
      // The default account of a namespace exists before Terraform, and has a type of its own.
      return address.replace('_default_service', '_service').startsWith(`${type}.`)
        ? []
        : [`${address} becomes a ${type}`];
    });
    expect(different).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
