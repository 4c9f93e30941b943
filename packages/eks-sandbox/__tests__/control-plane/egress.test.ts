import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlPlane } from '../../control-plane/control-plane';
import { Processes } from '../../sandbox-processes';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egress-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A program that runs a shell script. */
function program(name: string, script: string): string {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return join(folder, name);
}

it('an API server reaches nodes by address, and all others except etcd through the front door', async () => {
  // It says what it was started with, and ends.
  const says = `for each; do case "$each" in --egress*) cp "\${each#*=}" ${folder}/egress;; *) echo "$each" >> ${folder}/flags; esac; done`;
  const processes = new Processes(folder, () => undefined);
  const start = ControlPlane.start(
    {
      ...{ name: 'seed', directory: join(folder, 'cluster'), serviceCidr: '172.20.0.0/16' },
      ...{ issuer: 'https://oidc.example.com', encryptSecrets: false, audit: false },
      frontDoor: { webhooks: 'http://127.0.0.1:9/__sandbox/token', egress: '/front-door' },
      binaries: {
        etcd: program('etcd', 'sleep 60'),
        kubeApiserver: program('kube-apiserver', says),
        kubeControllerManager: '/none',
        kubeScheduler: '/none',
      },
    },
    processes,
  );
  await expect(start).rejects.toThrow('kube-apiserver of seed did not become ready');
  // By any other type of address, it would look up the name of a node itself.
  expect(readFileSync(join(folder, 'flags'), 'utf8')).toContain(
    '\n--kubelet-preferred-address-types=InternalIP\n',
  );
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: '/front-door' } } };
  expect(JSON.parse(readFileSync(join(folder, 'egress'), 'utf8'))).toMatchObject({
    egressSelections: ['cluster', 'controlplane'].map((name) => ({ name, connection })),
  });
});
