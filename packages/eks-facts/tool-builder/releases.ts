import { UserError } from '../user-error';

/** A program in the form in which its project publishes it. */
export interface Release {
  /** Name of the program: `kube-apiserver`. */
  readonly binary: string;
  readonly url: string;
  /** Where its SHA-256 checksum is published. */
  readonly checksums: string;
  /** Path of the program in the archive. Left out: the file is the program itself. */
  readonly member?: string;
}

/** The variable that names another place for all releases. */
export const TOOLS_MIRROR = 'TOOLS_MIRROR';

/** `TOOLS_MIRROR` is no URL that can be used. */
export class ToolsMirrorError extends UserError {
  readonly code = 'wrong-tools-mirror';
  readonly exitStatus = 1;
}

/** Where a project publishes a program: host and path without the checksums, which most name after the file. */
interface Published {
  readonly host: string;
  readonly path: string;
  /** Host and path of the checksums. @default - the file with `.sha256` after its name */
  readonly checksums?: readonly [host: string, path: string];
  readonly member?: string;
}

type Publisher = (version: string, system: string) => Published;

/** Systems of which Kubernetes publishes servers; elsewhere they are built. */
const SERVER_SYSTEMS = ['linux-amd64', 'linux-arm64'];

const kubernetes =
  (binary: string): Publisher =>
  (version, system) => ({ host: 'dl.k8s.io', path: `/${version}/bin/${system.replace('-', '/')}/${binary}` });

/** By the Go package that builds the same program. */
const SERVERS: Readonly<Record<string, Publisher>> = {
  'k8s.io/kubernetes/cmd/kube-apiserver': kubernetes('kube-apiserver'),
  'k8s.io/kubernetes/cmd/kube-controller-manager': kubernetes('kube-controller-manager'),
  'k8s.io/kubernetes/cmd/kube-scheduler': kubernetes('kube-scheduler'),
  'go.etcd.io/etcd/server/v3': (version, system) => {
    const release = `/etcd-io/etcd/releases/download/${version}`;
    const name = `etcd-${version}-${system}`;
    return {
      host: 'github.com',
      path: `${release}/${name}.tar.gz`,
      checksums: ['github.com', `${release}/SHA256SUMS`],
      member: `${name}/etcd`,
    };
  },
  // The project publishes no checksums; GitHub states one of each file of a release.
  'sigs.k8s.io/kwok/cmd/kwok': (version, system) => ({
    host: 'github.com',
    path: `/kubernetes-sigs/kwok/releases/download/${version}/kwok-${system}`,
    checksums: ['api.github.com', `/repos/kubernetes-sigs/kwok/releases/tags/${version}`],
  }),
};

/** The same for what renders charts and kustomizations, of which there are releases for every system. */
const RENDERERS: Readonly<Record<string, Publisher>> = {
  'helm.sh/helm/v3/cmd/helm': (version, system) => {
    const path = `/helm-${version}-${system}.tar.gz`;
    return {
      ...{ host: 'get.helm.sh', path, member: `${system}/helm` },
      checksums: ['get.helm.sh', `${path}.sha256sum`],
    };
  },
  'sigs.k8s.io/kustomize/kustomize/v5': (version, system) => {
    const release = `/kubernetes-sigs/kustomize/releases/download/kustomize%2F${version}`;
    return {
      ...{ host: 'github.com', member: 'kustomize' },
      path: `${release}/kustomize_${version}_${system.replace('-', '_')}.tar.gz`,
      checksums: ['github.com', `${release}/checksums.txt`],
    };
  },
};

/** A program that a user runs, and that can be downloaded as well. */
export type ClientName = 'terraform' | 'kubectl';

/** What `platform doctor --download` gets. Terraform's version is that of the workflows. */
const CLIENTS: Readonly<Record<ClientName, readonly [version: string, publisher: Publisher]>> = {
  terraform: [
    '1.11.4',
    (version, system) => {
      const release = `/terraform/${version}/terraform_${version}`;
      return {
        host: 'releases.hashicorp.com',
        path: `${release}_${system.replace('-', '_')}.zip`,
        checksums: ['releases.hashicorp.com', `${release}_SHA256SUMS`],
        member: 'terraform',
      };
    },
  ],
  kubectl: ['v1.36.3', kubernetes('kubectl')],
};

/** This machine as Go names it: `linux-amd64`. */
const SYSTEM = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * The published form of a program that a Go package builds; undefined where there is none for this system.
 *
 * @throws ToolsMirrorError
 */
export function toolRelease(goPackage: string, binary: string, version: string): Release | undefined {
  const publisher =
    RENDERERS[goPackage] ?? (SERVER_SYSTEMS.includes(SYSTEM) ? SERVERS[goPackage] : undefined);
  return publisher && located(binary, publisher(version, SYSTEM));
}

/** The published form of terraform or kubectl. @throws ToolsMirrorError */
export function clientRelease(binary: ClientName): Release {
  const [version, publisher] = CLIENTS[binary];
  return located(binary, publisher(version, SYSTEM));
}

function located(binary: string, { host, path, checksums, member }: Published): Release {
  const mirror = toolsMirror();
  const at = (host: string, path: string): string => `${mirror ?? `https://${host}`}${path}`;
  const [checksumsHost, checksumsPath] = checksums ?? [host, `${path}.sha256`];
  // What GitHub's API says is no file that a mirror could have.
  const isFile = mirror === undefined || checksumsHost === host;
  return {
    binary,
    url: at(host, path),
    checksums: isFile ? at(checksumsHost, checksumsPath) : at(host, `${path}.sha256`),
    ...(member !== undefined && { member }),
  };
}

/** The mirror's URL, without a slash at its end. */
function toolsMirror(): string | undefined {
  const given = process.env[TOOLS_MIRROR];
  if (!given) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ToolsMirrorError(
      `${TOOLS_MIRROR} is not the URL of a mirror. Allowed: http:// or https://, without a username or password. ` +
        'Correct it, or unset it to download from the projects themselves.',
    );
  }
  return given.replace(/\/+$/, '');
}
