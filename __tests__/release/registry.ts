import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { execaSync } from 'execa';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** A registry of npm on 127.0.0.1 that has tarballs of its own, and sends for all else to the one that is configured. */
export class StandInRegistry {
  /** Paths that were asked for and that it has. */
  readonly served: string[] = [];

  static async start(tarballs: readonly string[]): Promise<StandInRegistry> {
    const configured = execaSync('npm', ['config', 'get', 'registry']).stdout.trim();
    const registry = new StandInRegistry(createServer(), configured.replace(/\/$/, ''));
    registry.server.listen(0, '127.0.0.1');
    await once(registry.server, 'listening');
    for (const tarball of tarballs) registry.add(tarball);
    return registry;
  }

  private readonly content = new Map<string, Buffer>();

  private constructor(
    private readonly server: Server,
    configured: string,
  ) {
    server.on('request', ({ url = '' }, response) => {
      const path = decodeURIComponent(url);
      const found = this.content.get(path);
      if (found) {
        this.served.push(path);
        response.end(found);
      } else {
        response.writeHead(302, { location: configured + url }).end();
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private add(tarball: string): void {
    const bytes = readFileSync(tarball);
    const args = ['--extract', '--to-stdout', '--file', tarball, 'package/package.json'];
    const manifest = JSON.parse(execaSync('tar', args).stdout) as Manifest;
    const { name, version } = manifest;
    const path = `/${name}/-/${basename(tarball)}`;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const versions = { [version]: { ...manifest, dist: { tarball: this.url + path, integrity } } };
    this.content.set(path, bytes);
    this.content.set(
      `/${name}`,
      Buffer.from(JSON.stringify({ name, 'dist-tags': { latest: version }, versions })),
    );
  }
}
