import { dirname } from 'node:path';
import { Manifests } from '../../constructs/kubernetes/manifests';
import { scalarText } from '../../src/manifests/attributes';
import { isObject } from '../../src/manifests/field';
import type { Json } from '../../src/manifests/terraform-document';
import { APPLICATIONS } from '../examples/applications';
import { inNamespace } from '../constructs/kubernetes/namespace-of';
import { ApplicationsLife, OCCUPIED } from '../e2e/applications-life';
import { ApplicationsPlatform } from '../e2e/applications-platform';
import { needsProvider } from './needs';
import { byKey, changesBetween, GIVEN, titleOf } from './given-fields';
import {
  besideApplications,
  filesOf,
  objectsOf,
  ORIGINALS,
  originalsFolder,
  ORIGINALS_OCCUPY,
} from './originals';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

/** What differs from the originals, by the field, and why. */
const DIFFERENT: readonly (readonly [field: RegExp, why: string])[] = [
  [
    /securityContext\.(fsGroup|runAsGroup|runAsUser|runAsNonRoot): /,
    'user and group are those of the container, or of all',
  ],
  [/metadata\.namespace: /, 'the namespace is any'],
  [
    /Probe\.(initialDelaySeconds|periodSeconds): /,
    'a startup probe takes the place of a delay, and one health check has one period',
  ],
  [/Probe\.httpGet\.httpHeaders\.Cookie\./, 'a health check needs no session'],
  [/annotations\.sidecar\.istio\.io/, 'there is no service mesh'],
  [/frontend-check\.(command\.\d|image): /, 'the wait for the frontend is a loop of one line'],
  [/^Job indexed-job: .*initContainers\.input\.command\.2: /s, 'the same script in one line'],
  [/restartPolicy: Always is undefined/, 'the default of the API'],
  [/secretKeyRef\.name: ([\w-]+) is "\1-[0-9a-f]{8}"/, 'a rotation makes another Secret, and rolls the Pods'],
  [/image: ([\w./]+) is "\1:[\d.]+"/, 'images have a tag'],
  [/^PersistentVolumeClaim .*: metadata\.labels\./, 'nothing selects claims by it'],
  [/targetPort: \d+ is "[a-z-]+"/, 'Services name the port of the container'],
  [/CASSANDRA_SEEDS\.value: .*\.default\.svc/, 'the namespace is any'],
  [/capabilities\.add\.0: IPC_LOCK/, 'Pod Security restricted and baseline refuse it'],
  [/annotations\.volume\.beta\.kubernetes\.io\/storage-class/, 'the field storageClassName has its place'],
  [/sessionAffinity: None is undefined/, 'the default of the API'],
  [/cpu: 1000m is "1"/, 'quantities as the API server writes them'],
  [/Probe\.tcpSocket\.port: transport is 9300/, 'the number of the same port'],
  [
    /labels\.(addonmanager\.)?kubernetes\.io\/(mode|name|cluster-service): /,
    'nothing in EKS reads the labels of the add-on manager',
  ],
  [/[lL]abels\.version: v7/, 'with a version in the selector no update could be in place'],
  [
    /elasticsearch-logging\.image: |env\.MINIMUM_MASTER_NODES|^ClusterRole(Binding)? elasticsearch-logging: missing/,
    "Elastic's own image, whose nodes find each other by DNS",
  ],
  [/elasticsearch-logging-init\./, 'files are not mapped, so that no setting of the machine is needed'],
  [
    /volumeMounts\.\/data\.|volumes\.elasticsearch-logging\./,
    'a disk for each node, not a folder of the machine',
  ],
  [/node-exporter: \S*args\.(8|9|10): /, 'the file systems and interfaces of EKS'],
  [/kube-rbac-proxy\.args\.[12]: /, "Go's own choice of ciphers"],
  [
    /^ClusterRole(Binding)? node-exporter: missing/,
    'objects of the cluster have the name of the stack before theirs',
  ],
  [
    /^ServiceAccount node-exporter: (automount\w+: false is true|metadata\.labels\.\S*version)/,
    'the account of one workload says what its Pods do',
  ],
  [/^NetworkPolicy node-exporter: missing/, 'Pods on the network of the machine are beyond it'],
  [/^ServiceMonitor node-exporter: missing/, 'the kind is that of an operator: ApiObject'],
  [
    /^StorageClass fast: missing/,
    'the class of the cluster has the name of its stack before it, and is one of EBS',
  ],
];

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

it.each(Object.keys(APPLICATIONS))(
  '%s has every field of the published YAML, except for those that are listed',
  (name) => {
    const [build, , level] = APPLICATIONS[name] ?? [];
    const made = inNamespace(
      (stack) => void build?.(stack),
      level === undefined ? {} : { podSecurity: level },
    );
    const found = objectsOf(name).flatMap(
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

it.each(Object.entries(ORIGINALS))(
  '%s through fromYaml is the same objects, except for listed fields',
  (name, { privileged, ...options }) => {
    const before = objectsOf(name);
    const made = inNamespace(
      (stack) => {
        Manifests.fromYaml(stack, name, { folder: dirname(filesOf(name)[0] ?? ''), ...options });
      },
      { podSecurity: privileged ? 'privileged' : 'restricted' },
    );
    const names = new Set(before.map(titleOf));
    const after = [...new Set(before.map(({ kind }) => kind))]
      .flatMap((kind) => made.objects(kind))
      .filter((object) => names.has(titleOf(object)));
    const unlisted = changesBetween(before, after).filter(
      (each) => !GIVEN.some(([field]) => field.test(each)),
    );
    expect(unlisted).toEqual([]);
    expect(after.length).toBeGreaterThan(0);
  },
);

describe('the applications and their originals, by the real provider,', () => {
  let platform: ApplicationsPlatform;
  let life: ApplicationsLife;

  beforeAll(async () => {
    await needsProvider('hashicorp/kubernetes');
    platform = await ApplicationsPlatform.copy(besideApplications(originalsFolder()));
    life = new ApplicationsLife(platform, { ...OCCUPIED, ...ORIGINALS_OCCUPY });
    await platform.start();
  }, 60 * MINUTE);

  afterAll(() => platform.remove(), 5 * MINUTE);

  it('deploy, with every Pod Ready on the nodes of its namespace', async () => {
    expect(await life.deploy()).toEqual({
      changed: ['network', 'cluster', 'monitors', 'platform', 'made', 'given', 'agents', 'original-agents'],
      wrong: [],
    });
  });

  it('have nothing to change the second time', async () => {
    expect((await platform.project.up()).changed).toEqual([]);
  });

  it('change their images in place', async () => {
    expect(await life.change()).toEqual({
      changed: ['made', 'given', 'agents', 'original-agents'],
      wrong: [],
    });
  });

  it('leave nothing but the seven disks whose class is Retain', async () => {
    const volume = expect.stringMatching(/^left in the account: ec2 Volume vol-/) as string;
    expect(await platform.destroy()).toEqual(Array.from({ length: 7 }, () => volume));
  });
});
