import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { kubeconfigOf } from '../kubeconfig';
import { CertificateAuthority, serviceAccountKeys, type Certificate } from './certificates';

/** What the files of a cluster's control plane are made from. */
export interface ClusterFilesOptions {
  /** The cluster's name. */
  readonly name: string;
  /** Absolute path of a folder of the cluster's own, which goes away with it. */
  readonly directory: string;
  /** IPv4 range of Services, as kubernetesNetworkConfig states it. */
  readonly serviceCidr: string;
  /** The sandbox's front door, whose webhooks decide who signs in and what they may. */
  readonly frontDoor: {
    readonly webhooks: string;
    /** Path of the socket for every connection but those to etcd. */
    readonly egress: string;
  };
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
  }
}

/** Writes certificates, keys and the kubeconfigs that hold them. */
export async function writeCredentials(
  { name, directory, serviceCidr }: ClusterFilesOptions,
  port: number,
): Promise<Certificate & { readonly ca: string }> {
  const authority = await CertificateAuthority.create(`${name} sandbox`);
  const kubernetesService = new Cidr(serviceCidr).at(1);
  const [server, admin, controllerManager, scheduler] = await Promise.all([
    authority.server(
      'kube-apiserver',
      [
        'localhost',
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.cluster.local',
      ],
      ['127.0.0.1', kubernetesService],
    ),
    authority.client('sandbox', 'system:masters'),
    authority.client('system:kube-controller-manager'),
    authority.client('system:kube-scheduler'),
  ]);
  const keys = serviceAccountKeys();
  const kubeconfig = (user: string, { cert, key }: Certificate): string =>
    kubeconfigOf(`https://127.0.0.1:${port}`, user, {
      ca: base64(authority.cert),
      user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
    });
  write(directory, {
    'ca.crt': authority.cert,
    'server.crt': server.cert,
    'server.key': server.key,
    'service-accounts.key': keys.privateKey,
    'service-accounts.pub': keys.publicKey,
    'admin.kubeconfig': kubeconfig('sandbox', admin),
    'kube-controller-manager.kubeconfig': kubeconfig('system:kube-controller-manager', controllerManager),
    'kube-scheduler.kubeconfig': kubeconfig('system:kube-scheduler', scheduler),
  });
  return { ca: authority.cert, ...admin };
}

/** Writes what kube-apiserver reads besides certificates. JSON is YAML. */
export function writeConfiguration({ name, directory, frontDoor }: ClusterFilesOptions): void {
  const webhook = (path: string): string =>
    kubeconfigOf(`${frontDoor.webhooks}/${path}/${name}`, 'kube-apiserver');
  write(directory, {
    'token-webhook.kubeconfig': webhook('token-review'),
    'authorization-webhook.kubeconfig': webhook('subject-access-review'),
    'authentication.json': JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      // As on EKS since 1.32: who does not sign in may ask for health and for nothing else.
      anonymous: { enabled: true, conditions: ['/healthz', '/livez', '/readyz'].map((path) => ({ path })) },
    }),
    'egress.json': JSON.stringify({
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      // Admission webhooks with a URL, and those of the front door, are of the control plane.
      egressSelections: ['cluster', 'controlplane'].map((egress) => ({
        name: egress,
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: frontDoor.egress } } },
      })),
    }),
    'encryption.json': JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources: [
        {
          resources: ['secrets'],
          providers: [
            { aescbc: { keys: [{ name: 'kms', secret: randomBytes(32).toString('base64') }] } },
            { identity: {} },
          ],
        },
      ],
    }),
    'audit-policy.json': JSON.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [
        { level: 'None', userGroups: ['system:nodes', 'system:masters'] },
        { level: 'None', verbs: ['get', 'list', 'watch'] },
        { level: 'Metadata' },
      ],
    }),
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
