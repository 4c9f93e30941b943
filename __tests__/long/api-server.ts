import { Agent, request, type AgentOptions } from 'node:https';
import type { Json, Refusal } from './drawn-objects';
import type { Sample } from './valid-objects';

/** An API server that drawn objects are sent to, over connections that are kept open. */
export class ApiServer {
  private readonly agent: Agent;
  private readonly headers: Readonly<Record<string, string>>;
  /** Versions of the objects that are stored, by their paths. */
  private readonly versions = new Map<string, string>();

  /** @param signIn certificates, or a token */
  constructor(
    private readonly url: string,
    { token, ...certificates }: AgentOptions & { readonly token?: string },
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, ...certificates });
    this.headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  }

  send(method: string, path: string, body?: Json): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { agent, headers } = this;
      const sent = request(new URL(path, this.url), { method, headers, agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('error', reject).on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Stores an object, so that drawn ones can replace it. */
  async store({ path, object }: Sample): Promise<void> {
    const { status, text } = await this.send('POST', path, object as Json);
    if (status !== 201) throw new Error(`${path}: ${text}`);
    const { metadata } = JSON.parse(text) as { readonly metadata: { readonly resourceVersion: string } };
    this.versions.set(path, metadata.resourceVersion);
  }

  /** Why it refuses an object that is created. Nothing is stored. */
  readonly refusal: Refusal = ({ sample: { path }, object }) => this.refused('POST', path, object);

  /** Why it refuses an object that replaces the stored one. Nothing is stored. */
  readonly refusalOfUpdate: Refusal = ({ sample: { path, object: valid }, object }) => {
    // Some kinds are replaced only by an object that says which version it was made from.
    const resourceVersion = this.versions.get(path) ?? '';
    const { metadata, ...rest } = object as { readonly metadata: { readonly [key: string]: Json } };
    const versioned = { ...rest, metadata: { ...metadata, resourceVersion } };
    return this.refused('PUT', `${path}/${valid.metadata.name}`, versioned);
  };

  private async refused(method: string, path: string, object: Json): Promise<string | undefined> {
    try {
      const { status, text } = await this.send(method, `${path}?dryRun=All&fieldValidation=Strict`, object);
      return status < 300 ? undefined : (JSON.parse(text) as { message: string }).message;
    } catch (cause) {
      throw new Error(`the API server does not answer to ${JSON.stringify(object)}`, { cause });
    }
  }
}
