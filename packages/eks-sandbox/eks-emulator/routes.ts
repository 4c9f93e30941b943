/** A request to the EKS API, already taken apart. */
export interface EksRequest {
  readonly method: string;
  /** Path without the query, still encoded: ARNs are one segment. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The decoded JSON body; an empty object when there is none. */
  readonly body: unknown;
  /** Access key that signed the request; who calls. */
  readonly accessKeyId: string;
}

/** What a handler gets: the decoded parts of the path by name, besides the request. */
export interface EksCall<Body> {
  readonly at: (name: string) => string;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly accessKeyId: string;
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handle: (call: EksCall<never>) => unknown;
}

/** The operations of the emulator by method and path, as the service model writes them. */
export class Routes {
  private readonly routes: Route[] = [];

  /** @param path `/clusters/{name}`; `handle` returns the answer's JSON or a promise of it */
  on<Body = unknown>(method: string, path: string, handle: (call: EksCall<Body>) => unknown): this {
    this.routes.push({ method, segments: path.split('/').slice(1), handle });
    return this;
  }

  /** @returns undefined when no operation has this method and path; otherwise what the handler returns, to be awaited */
  find(request: EksRequest): (() => unknown) | undefined {
    const parts = request.path.split('/').slice(1);
    for (const { method, segments, handle } of this.routes) {
      if (method !== request.method || segments.length !== parts.length) continue;
      const values = new Map<string, string>();
      const matches = segments.every((segment, index) => {
        const part = parts[index] ?? '';
        if (!segment.startsWith('{')) return segment === part;
        values.set(segment.slice(1, -1), decodeURIComponent(part));
        return part !== '';
      });
      if (!matches) continue;
      const at = (name: string): string => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`the path ${segments.join('/')} has no {${name}}`);
        return value;
      };
      return () => handle({ ...request, at, body: request.body as never });
    }
    return undefined;
  }
}

/** One page of a list under its key, as every List operation answers: `maxResults` at most, and where the next page starts. */
export function page(
  key: string,
  items: readonly unknown[],
  query: URLSearchParams,
): Record<string, unknown> {
  const start = Number(query.get('nextToken') ?? 0) || 0;
  const size = Math.min(Number(query.get('maxResults') ?? 100) || 100, 100);
  const end = start + size;
  return { [key]: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
