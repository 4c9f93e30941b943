import { outline } from './outline';
import { blocksOf, byType, differences, renamed, type Blocks } from './stack-blocks';
import type { StackDocument } from './synthesized-platform';

/** The stack that a stack repeats: all of it, or its providers and its `terraform` block. */
interface Model {
  readonly stack: string;
  readonly whole: boolean;
}

const MODELS: Readonly<Record<string, Model>> = {
  cluster: { stack: 'network', whole: false },
  platform: { stack: 'network', whole: false },
  dev: { stack: 'platform', whole: false },
};
/** A namespace's stack is as that of dev is. */
const AS_DEV: Model = { stack: 'dev', whole: true };
const FIRST = 'network';

const everywhere = (blocks: Blocks): Blocks =>
  Object.fromEntries(Object.entries(blocks).filter(([address]) => /^(?:terraform|provider)\./.test(address)));

/** The text that `__snapshots__/<stack>.txt` holds: what is in one stack stands in the next as the difference alone. */
export function stackSnapshot(stack: string, documents: Readonly<Record<string, StackDocument>>): string {
  const of = (name: string): Blocks => {
    const document = documents[name];
    if (!document) throw new Error(`no stack ${name} among ${Object.keys(documents).join(', ')}`);
    return blocksOf(document);
  };
  const blocks = of(stack);
  if (stack === FIRST) return outline(byType(blocks));
  const model = MODELS[stack] ?? AS_DEV;
  const expected = renamed(model.whole ? of(model.stack) : everywhere(of(model.stack)), model.stack, stack);
  const head = `# ${model.whole ? 'All' : 'Providers and state'} as in ${model.stack}, with "${stack}" for "${model.stack}", except:\n`;
  const rest = differences(expected, blocks);
  return head + outline(model.whole ? rest : byType(rest));
}
