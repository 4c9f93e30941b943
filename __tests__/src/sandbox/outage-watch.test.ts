import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAwsXml } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { OutageWatch } from '../../../src/sandbox/outage-watch';

let folder: string;
let watch: OutageWatch | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
});
afterEach(async () => {
  await watch?.end();
  rmSync(folder, { recursive: true, force: true });
});

const slice = (ready: boolean): object => ({
  metadata: { namespace: 'dev', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  endpoints: [{ conditions: { ready } }],
});
const nodeOf = (name: string, group: string, labels: object = { 'platform/node': 'node-1' }): object => ({
  metadata: { name, labels: { 'eks.amazonaws.com/nodegroup': group, ...labels } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});
const node = nodeOf('n', 'node-1-old');
const successor = nodeOf('m', 'node-1-new');
const line = (object: object, type = 'ADDED'): string => `echo '${JSON.stringify({ type, object })}'`;

/** Watches through a kubectl that prints these lines of a kind, `nodes` or `endpointslices`. */
function watching(lines: { readonly nodes: readonly string[]; readonly endpointslices: readonly string[] }) {
  const cases = Object.entries(lines).map(
    ([kind, of]) => `*" ${kind} "*) ${[...of, 'exec sleep 30'].join('; ')};;`,
  );
  const script = ['#!/bin/sh', 'case " $* " in', ...cases, 'esac', ''];
  writeFileSync(join(folder, 'kubectl'), script.join('\n'), { mode: 0o755 });
  const kubectl = new Kubectl('none', { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  watch = new OutageWatch(kubectl, { query: () => Promise.resolve(parseAwsXml('<none/>')) });
  return watch;
}

describe('the watch of outages', () => {
  it('has listed when all is known, and reports what fails after that', async () => {
    const after = ['sleep 0.6', line(slice(false), 'MODIFIED')];
    const own = watching({ nodes: [line(node)], endpointslices: [line(slice(true)), ...after] });
    const since = Date.now();
    await own.listed();
    expect(Date.now() - since).toBeLessThan(3_000);
    await own.during('dev', new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect(await own.end()).toMatchObject([
      { what: 'Service dev/web', cause: 'none of its 1 Pods is ready', during: ['dev'], lasts: true },
    ]);
  });

  const gone = line(node, 'DELETED');
  it.each([
    ['first', [line(successor), gone], []],
    ['last', [gone, line(successor)], ['node group node-1: it was deleted and created again']],
  ])('takes a node group and its successor, which comes %s, for one', async (_, edit, outages) => {
    const own = watching({ nodes: [line(node), 'sleep 0.6', ...edit], endpointslices: [line(slice(true))] });
    await own.listed();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await own.end()).map(({ what, cause }) => `${what}: ${cause}`)).toEqual(outages);
  });

  it('knows a node group that is not in platform.yaml by its name in EKS', async () => {
    const own = nodeOf('n', 'own', {});
    const watch = watching({
      nodes: [line(own), 'sleep 0.6', line({ ...own, status: {} }, 'MODIFIED')],
      endpointslices: [line(slice(true))],
    });
    await watch.listed();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await watch.end()).toMatchObject([{ what: 'node group own', lasts: true }]);
  });

  it('that lists nothing is an outage itself', async () => {
    const own = watching({ nodes: [], endpointslices: [line(slice(true))] });
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 300);
    await own.listed(stop.signal);
    expect(await own.end()).toMatchObject([{ what: 'the watch of node groups', cause: 'it listed nothing' }]);
  });
});
