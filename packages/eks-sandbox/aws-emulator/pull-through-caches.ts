import { jsonAnswer, jsonRefusal, type Amendment, type SeenRequest } from './amendment';
import { Memory } from './memory';

const PREFIX = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;

interface Rule {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** The pull-through cache rules of ECR, of which moto knows nothing. */
export class PullThroughCaches {
  private readonly rules: Map<string, Rule>;

  constructor(memory = new Memory()) {
    this.rules = memory.map();
  }

  amendment({ target, body }: SeenRequest): Amendment | undefined {
    const operation = /\.(Create|Describe|Delete)PullThroughCacheRules?$/.exec(target)?.[1];
    if (operation === undefined) return undefined;
    const request = JSON.parse(body) as Partial<Rule> & {
      readonly ecrRepositoryPrefixes?: readonly string[];
    };
    const { ecrRepositoryPrefix: prefix = '', upstreamRegistryUrl = '' } = request;
    if (operation === 'Create') {
      if (prefix.length < 2 || prefix.length > 30 || !PREFIX.test(prefix))
        return jsonRefusal('InvalidParameterException', `ecrRepositoryPrefix: ${prefix} is not allowed`);
      if (this.rules.has(prefix))
        return jsonRefusal(
          'PullThroughCacheRuleAlreadyExistsException',
          `The rule with the prefix '${prefix}' exists`,
        );
      const createdAt = Math.floor(Date.now() / 1000);
      const rule = { ecrRepositoryPrefix: prefix, upstreamRegistryUrl, createdAt };
      this.rules.set(prefix, rule);
      return jsonAnswer(rule);
    }
    const prefixes = request.ecrRepositoryPrefixes ?? (prefix === '' ? [...this.rules.keys()] : [prefix]);
    const found = prefixes.flatMap((each) => this.rules.get(each) ?? []);
    if (found.length < prefixes.length)
      return jsonRefusal(
        'PullThroughCacheRuleNotFoundException',
        `No rule has the prefix ${prefixes.join(', ')}`,
      );
    if (operation === 'Describe') return jsonAnswer({ pullThroughCacheRules: found });
    this.rules.delete(prefix);
    return jsonAnswer(found[0]);
  }
}
