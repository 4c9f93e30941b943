import { execa } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ControlPlane,
  type KubernetesBinaries,
} from '@kubernetes-on-aws/eks-sandbox/control-plane/control-plane';
import { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { kubeletVersion } from '@kubernetes-on-aws/eks-sandbox/eks-emulator/eks-versions';
import { NETWORK_READY_ANNOTATION, startKwok } from '@kubernetes-on-aws/eks-sandbox/nodes/kwok';
import { launchNodes } from '@kubernetes-on-aws/eks-sandbox/nodes/simulated-nodes';
import { watchVolumeClaims } from '@kubernetes-on-aws/eks-sandbox/nodes/volume-stand-in';
import { Processes } from '@kubernetes-on-aws/eks-sandbox/sandbox-processes';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { getTools, type Tools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import { FakeAccount } from '@kubernetes-on-aws/eks-sandbox/__tests__/aws-emulator/fake-account';

/** kubectl that remembers what it printed beside its answers, such as the API server's warnings. */
export class AttentiveKubectl extends Kubectl {
  readonly warnings: string[] = [];

  constructor(private readonly file: string) {
    super(file);
  }

  override async run(
    args: readonly string[],
    { input = '' }: { readonly input?: string } = {},
  ): Promise<string> {
    const { stdout, stderr } = await execa('kubectl', ['--kubeconfig', this.file, ...args], { input });
    this.warnings.push(...stderr.split('\n').filter((line) => line.startsWith('Warning:')));
    return stdout;
  }
}

/** Capacity for all the samples on one machine. */
const AMPLE = { cpu: '200', memory: '512Gi', pods: '1000', 'ephemeral-storage': '1Ti' };

/** A control plane with two nodes and nothing of EKS about it: no sign-in, no add-ons but the EBS driver's stand-in. */
export class BareCluster {
  /**
   * Starts it within seconds, or minutes where the programs have to be built first.
   * @param version of Kubernetes; default: that of EKS
   */
  static async start(version: string = DEFAULT_KUBERNETES_VERSION): Promise<BareCluster> {
    const tools = await getTools(() => undefined, { kubernetes: [version] });
    const directory = mkdtempSync(join(tmpdir(), 'bare-cluster-'));
    const ended: string[] = [];
    const processes = new Processes(directory, ({ name, log }, reason) =>
      ended.push(`${name} ${reason}: ${log}`),
    );
    const webhook = await startWebhook(join(directory, 'egress'));
    const cluster = new BareCluster(directory, tools, processes, webhook, ended);
    try {
      await cluster.startKubernetes(version);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private readonly stopping = new AbortController();
  private controllers: Promise<void> = Promise.resolve();
  private plane: ControlPlane | undefined;

  private constructor(
    /** A folder that goes with the cluster. */
    readonly directory: string,
    readonly tools: Tools,
    readonly processes: Processes,
    private readonly webhook: Server,
    /** What went wrong with processes and controllers meanwhile. */
    readonly failures: string[],
  ) {}

  /** Path of a kubeconfig with all rights. */
  get kubeconfig(): string {
    if (!this.plane) throw new Error('the control plane has not started');
    return this.plane.adminKubeconfig;
  }

  /** Exchanges the programs of the control plane for those of another version, or for others than the built ones. */
  async upgrade(version: string, otherwise: Partial<KubernetesBinaries> = {}): Promise<void> {
    const { kubernetes } = await getTools(() => undefined, { kubernetes: [version] });
    const binaries = kubernetes[version];
    if (!binaries || !this.plane) throw new Error(`no control plane, or no programs for ${version}`);
    await this.plane.upgrade({ ...binaries, ...otherwise });
  }

  /** Ends every process that it started, and removes its files. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.controllers;
    await this.plane?.stop();
    await this.processes.killAll();
    this.webhook.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async startKubernetes(version: string): Promise<void> {
    const binaries = this.tools.kubernetes[version];
    if (!binaries) throw new Error(`no programs for Kubernetes ${version}`);
    const plane = (this.plane = await ControlPlane.start(
      {
        name: 'bare',
        binaries,
        directory: join(this.directory, 'cluster'),
        serviceCidr: '172.20.0.0/16',
        issuer: 'https://127.0.0.1/bare',
        frontDoor: { webhooks: 'http://127.0.0.1:1', egress: join(this.directory, 'egress') },
        encryptSecrets: false,
        audit: false,
      },
      this.processes,
    ));
    await startKwok(this.processes, {
      cluster: 'bare',
      kwok: this.tools.kwok,
      directory: join(this.directory, 'cluster'),
      kubeconfig: plane.adminKubeconfig,
      podCidr: '10.0.0.0/16',
    });
    const account = new FakeAccount();
    const report = (failure: string): void => {
      this.failures.push(failure);
    };
    this.controllers = watchVolumeClaims(plane.api, account, 'bare', this.stopping.signal, report);
    await plane.api.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'ebs.csi.aws.com' },
      spec: { attachRequired: false },
    });
    for (const [node, subnet] of [
      ['node-1', 'subnet-a'],
      ['node-2', 'subnet-b'],
    ] as const) {
      const template = {
        nodeGroup: node,
        region: account.region,
        subnets: await account.subnets([subnet]),
        instanceType: 'm7i.large',
        architecture: 'x86_64',
        osImage: '',
        kubeletVersion: kubeletVersion(version),
        capacity: { capacity: AMPLE, allocatable: AMPLE },
        labels: { 'platform/node': node },
        taints: [],
      } as const;
      const [name = ''] = await launchNodes(plane.api, template, 1);
      await plane.api.patch(
        { apiVersion: 'v1', kind: 'Node', metadata: { name } },
        { metadata: { annotations: { [NETWORK_READY_ANNOTATION]: 'true' } } },
      );
    }
  }
}

/** Replaces the webhook that authenticates users of AWS. It accepts no token. */
async function startWebhook(egress: string): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        status: { allowed: false },
      }),
    );
  });
  // API servers come to it through a tunnel, which it is the end of.
  server.on('connect', (_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>((listening) => server.listen(egress, listening));
  return server;
}
