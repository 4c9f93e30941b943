const CONTENT_TYPE = 'application/x-amz-json-1.1';
const PREFIX = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;

interface Answered {
  readonly answer: { readonly status: number; readonly contentType: string; readonly body: string };
}

interface Rule {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** The pull-through cache rules of ECR, of which moto knows nothing. */
export class PullThroughCaches {
  private readonly rules = new Map<string, Rule>();

  amendment({ target, body }: { readonly target: string; readonly body: string }): Answered | undefined {
    const operation = /\.(Create|Describe|Delete)PullThroughCacheRules?$/.exec(target)?.[1];
    if (operation === undefined) return undefined;
    const request = JSON.parse(body) as Partial<Rule> & {
      readonly ecrRepositoryPrefixes?: readonly string[];
    };
    const { ecrRepositoryPrefix: prefix = '', upstreamRegistryUrl = '' } = request;
    if (operation === 'Create') {
      if (prefix.length < 2 || prefix.length > 30 || !PREFIX.test(prefix))
        return refusal('InvalidParameterException', `ecrRepositoryPrefix: ${prefix} is not allowed`);
      if (this.rules.has(prefix))
        return refusal(
          'PullThroughCacheRuleAlreadyExistsException',
          `The rule with the prefix '${prefix}' exists`,
        );
      const createdAt = Math.floor(Date.now() / 1000);
      const rule = { ecrRepositoryPrefix: prefix, upstreamRegistryUrl, createdAt };
      this.rules.set(prefix, rule);
      return answer(rule);
    }
    const prefixes = request.ecrRepositoryPrefixes ?? (prefix === '' ? [...this.rules.keys()] : [prefix]);
    const found = prefixes.flatMap((each) => this.rules.get(each) ?? []);
    if (found.length < prefixes.length)
      return refusal(
        'PullThroughCacheRuleNotFoundException',
        `No rule has the prefix ${prefixes.join(', ')}`,
      );
    if (operation === 'Describe') return answer({ pullThroughCacheRules: found });
    this.rules.delete(prefix);
    return answer(found[0]);
  }
}

function answer(output: unknown, status = 200): Answered {
  return { answer: { status, contentType: CONTENT_TYPE, body: JSON.stringify(output) } };
}

function refusal(type: string, message: string): Answered {
  return answer({ __type: type, message }, 400);
}
