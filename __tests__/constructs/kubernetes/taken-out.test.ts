import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argumentsOf, type Arguments } from '../../../src/facts/attribute-table';
import { blocksOf } from '../../../src/manifests/attributes';
import type { Json } from '../../../src/manifests/terraform-document';
import { SAMPLE_SETS, synthesizeSamples } from './sample-stack';

/** Arguments that the provider keeps when they are left out, and that are left out: why that is right. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'spec.template.spec.container.image_pull_policy': 'another Job runs when its containers change',
  'spec.replicas': 'an autoscaler decides',
  'spec.limit.default_request': 'a limit of another type has none',
  'spec.storage_class_name': 'a claim never changes its class',
  'spec.volume_name': 'a claim never changes its volume',
  'spec.cluster_ip': 'a Service never changes whether it is headless; plan refuses it',
  'spec.port.node_port': 'Kubernetes keeps the port that it has allocated; the guide says how to free it',
  'spec.hostname': 'of a bare Pod, which customize() alone can give one',
};

it('a removed option takes effect: the bytes state what the provider would keep', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'taken-out-'));
  try {
    const { documents } = synthesizeSamples(outdir);
    const written = new Set<string>();
    const leftOut = new Set<string>();
    const look = (known: Arguments, value: Json, path: readonly string[], type: string): void => {
      for (const block of blocksOf(value)) {
        for (const [name, argument] of Object.entries(known)) {
          const at = [...path, name];
          if (argument.isKept) (block[name] === undefined ? leftOut : written).add(`${type} ${at.join('.')}`);
          if (argument.block && block[name] !== undefined) look(argument.block, block[name], at, type);
        }
      }
    };
    for (const set of SAMPLE_SETS) {
      for (const [type, named] of Object.entries(documents[set].resource ?? {})) {
        const known = type.startsWith('kubernetes_') ? argumentsOf(type) : undefined;
        for (const body of Object.values(named)) look(known ?? {}, body, [], type);
      }
    }
    const both = [...leftOut].filter((place) => written.has(place)).map((place) => place.split(' ')[1] ?? '');
    expect(written.size).toBeGreaterThan(50);
    expect([...new Set(both)].sort()).toEqual(Object.keys(LEFT_OUT).sort());
    expect([...leftOut].filter((place) => written.has(place) && place.includes('image_pull_policy'))).toEqual(
      ['kubernetes_job_v1 spec.template.spec.container.image_pull_policy'],
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
