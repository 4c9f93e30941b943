import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@kubernetes-on-aws/eks-sandbox/control-plane/certificates';

interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const CHART = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * A registry on 127.0.0.1 with charts: it answers what Helm asks to download one.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull
 */
export class ChartRegistry {
  static async start(): Promise<ChartRegistry> {
    const folder = mkdtempSync(join(tmpdir(), 'registry-'));
    const authority = await CertificateAuthority.create('registry');
    const { cert, key } = await authority.server('registry', [], ['127.0.0.1']);
    writeFileSync(join(folder, 'ca.crt'), authority.cert);
    const contents = new Map<string, Content>();
    const server = createServer({ cert, key }, (request, response) => {
      const content = contents.get(request.url ?? '');
      response.statusCode = content || request.url === '/v2/' ? 200 : 404;
      if (content) {
        response.setHeader('content-type', content.type);
        response.setHeader('content-length', content.bytes.length);
        response.setHeader('docker-content-digest', digestOf(content.bytes));
      }
      response.end(request.method === 'HEAD' ? undefined : content?.bytes);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new ChartRegistry(folder, server, contents);
  }

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
    private readonly contents: Map<string, Content>,
  ) {}

  get url(): string {
    return `oci://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The variable with which a program trusts its certificate. */
  get trust(): Record<string, string> {
    return { SSL_CERT_FILE: join(this.folder, 'ca.crt') };
  }

  /** Publishes a chart, by the JSON of its `Chart.yaml` and its archive. */
  put(repository: string, version: string, config: Buffer, archive: Buffer): void {
    const descriptor = (mediaType: string, bytes: Buffer) => {
      const digest = digestOf(bytes);
      this.contents.set(`/v2/${repository}/blobs/${digest}`, { type: 'application/octet-stream', bytes });
      return { mediaType, digest, size: bytes.length };
    };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: descriptor(CONFIG, config),
        layers: [descriptor(CHART, archive)],
      }),
    );
    for (const reference of [version, digestOf(manifest)])
      this.contents.set(`/v2/${repository}/manifests/${reference}`, { type: MANIFEST, bytes: manifest });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    rmSync(this.folder, { recursive: true });
  }
}
