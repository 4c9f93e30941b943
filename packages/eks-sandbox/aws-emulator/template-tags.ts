import { withSets, type Amendment } from './amendment';
import { parametersOf } from './aws-query';
import { Memory } from './memory';

/** Changed tags of launch templates. moto answers with those that a template got at its creation. */
export class TemplateTags {
  /** By the ID of the template: the values of its changed tags, undefined for a deleted one. */
  private readonly changed: Map<string, Map<string, string | undefined>>;

  constructor(memory = new Memory()) {
    this.changed = memory.map();
  }

  /** @param body the form of a request to EC2 */
  amendment(body: string): Amendment | undefined {
    const request = new URLSearchParams(body);
    const action = request.get('Action') ?? '';
    if (action === 'DescribeLaunchTemplates') return { rewrite: (answer) => this.withChanges(answer) };
    const templates = parametersOf(request, 'ResourceId.').filter((id) => id.startsWith('lt-'));
    if (templates.length === 0 || !/^(Create|Delete)Tags$/.test(action)) return undefined;
    return {
      rewrite: (answer) => {
        for (const id of templates) this.learn(id, request, action === 'DeleteTags');
        return answer;
      },
    };
  }

  private learn(id: string, request: URLSearchParams, isDeletion: boolean): void {
    const tags = this.changed.get(id) ?? new Map<string, string | undefined>();
    this.changed.set(id, tags);
    for (const [name, key] of request) {
      const at = /^(Tag\.\d+\.)Key$/.exec(name)?.[1];
      if (at === undefined) continue;
      tags.set(key, isDeletion ? undefined : (request.get(`${at}Value`) ?? ''));
    }
  }

  private withChanges(answer: string): string {
    return withSets(answer, { id: 'launchTemplateId', set: 'tagSet' }, (id, items) => {
      const changes = this.changed.get(id);
      if (!changes) return undefined;
      const kept = [...items.matchAll(/<item>\s*<key>([^<]*)<\/key>[\s\S]*?<\/item>/g)]
        .filter(([, key = '']) => !changes.has(key))
        .map(([item]) => item);
      const set = [...changes].flatMap(([key, value]) =>
        value === undefined
          ? []
          : [`<item><key>${escaped(key)}</key><value>${escaped(value)}</value></item>`],
      );
      return [...kept, ...set].join('');
    });
  }
}

const escaped = (text: string): string => text.replace(/[&<]/g, (c) => `&#${c.charCodeAt(0)};`);
