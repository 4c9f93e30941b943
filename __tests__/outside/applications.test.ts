import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { scalarText } from '../../src/manifests/attributes';
import { isObject } from '../../src/manifests/field';
import type { KubernetesObject } from '../../src/manifests/objects';
import type { Json } from '../../src/manifests/terraform-document';
import { APPLICATIONS } from '../examples/applications';
import { inNamespace } from '../constructs/kubernetes/namespace-of';

/** A folder with a folder of the published YAML of each application, which is no part of the project. */
const ORIGINALS = process.env['APPLICATION_YAML'] ?? '';

/** What differs from the originals, by the field, and why. */
const DIFFERENT: readonly (readonly [field: RegExp, why: string])[] = [
  [/securityContext\.(fsGroup|runAsGroup|runAsUser): 1000 /, 'user and group are those of the container'],
  [
    /Probe\.(initialDelaySeconds|periodSeconds): /,
    'a startup probe takes the place of a delay, and one health check has one period',
  ],
  [/Probe\.httpGet\.httpHeaders\.Cookie\./, 'a health check needs no session'],
  [/annotations\.sidecar\.istio\.io/, 'there is no service mesh'],
  [/frontend-check\.(command\.\d|image): /, 'the wait for the frontend is a loop of one line'],
  [/restartPolicy: Always is undefined/, 'the default of the API'],
  [/secretKeyRef\.name: ([\w-]+) is "\1-[0-9a-f]{8}"/, 'a rotation makes another Secret, and rolls the Pods'],
  [/image: ([\w./]+) is "\1:[\d.]+"/, 'images have a tag'],
  [/^PersistentVolumeClaim .*: metadata\.labels\./, 'nothing selects claims by it'],
  [/targetPort: \d+ is "[a-z-]+"/, 'Services name the port of the container'],
  [/CASSANDRA_SEEDS\.value: .*\.default\.svc/, 'the namespace is any'],
  [/capabilities\.add\.0: IPC_LOCK/, 'Pod Security restricted and baseline refuse it'],
  [/annotations\.volume\.beta\.kubernetes\.io\/storage-class/, 'the field storageClassName has its place'],
  [
    /^StorageClass fast: missing/,
    'the class of the cluster has the name of its stack before it, and is one of EBS',
  ],
];

function originals(name: string): KubernetesObject[] {
  const folder = join(ORIGINALS, name);
  if (ORIGINALS === '' || !existsSync(folder)) {
    throw new Error(
      `APPLICATION_YAML: expected a folder with the folder ${name}, which has the published YAML; got "${ORIGINALS}"`,
    );
  }
  const files = readdirSync(folder);
  if (files.length === 0) throw new Error(`${folder} has no YAML`);
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).flatMap(
      (document) => (document.toJS() as KubernetesObject | null) ?? [],
    ),
  );
}

/** Elements of a list by what the API tells them apart by. */
function byKey(list: readonly Json[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    list.map((each, i) => {
      const key = isObject(each)
        ? (each['containerPort'] ?? each['port'] ?? each['mountPath'] ?? each['name'] ?? i)
        : i;
      return [scalarText(key), each];
    }),
  );
}

/** The fields of the original that are missing or another in ours. */
function differences(original: Json, ours: Json | undefined, path: string): string[] {
  if (Array.isArray(original)) {
    return differences(byKey(original), Array.isArray(ours) ? byKey(ours) : {}, path);
  }
  if (isObject(original)) {
    return Object.entries(original).flatMap(([key, value]) =>
      differences(value, isObject(ours) ? ours[key] : undefined, path === '' ? key : `${path}.${key}`),
    );
  }
  // A number of one may be a text of the other.
  const texts = [original, ours].map((value) =>
    typeof value === 'boolean' ? `${value}` : scalarText(value),
  );
  return texts[0] === texts[1] ? [] : [`${path}: ${texts[0]} is ${JSON.stringify(ours)}`];
}

it.each(Object.keys(APPLICATIONS).filter((name) => !['elasticsearch', 'nodeExporter'].includes(name)))(
  '%s has every field of the published YAML, except for those that are listed',
  (name) => {
    const [build, , level] = APPLICATIONS[name] ?? [];
    const made = inNamespace(
      (stack) => void build?.(stack),
      level === undefined ? {} : { podSecurity: level },
    );
    const found = originals(name).flatMap(
      ({ kind, metadata: { name: wanted = '', ...metadata }, ...rest }) => {
        const ours = made
          .objects(kind)
          .find((each) => each.metadata.name?.replace(/-[0-9a-f]{8}$/, '') === wanted);
        return ours
          ? differences({ ...rest, metadata } as unknown as Json, ours as unknown as Json, '').map(
              (each) => `${kind} ${wanted}: ${each}`,
            )
          : [`${kind} ${wanted}: missing`];
      },
    );
    const unlisted = found.filter((each) => !DIFFERENT.some(([field]) => field.test(each)));
    expect(unlisted).toEqual([]);
  },
);
