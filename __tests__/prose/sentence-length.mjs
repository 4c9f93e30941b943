import { split, SentenceSplitterSyntax } from 'sentence-splitter';
import { StringSource } from 'textlint-util-to-string';

/** A rule of textlint: a sentence has at most `max` words. A line break ends no sentence; code in backticks is one word. */
export const sentenceLength = (context, { max }) => {
  const { Syntax, RuleError, report } = context;
  const check = (node) => {
    const source = new StringSource(node, {
      replacer: ({ node: inner, maskValue }) => (inner.type === Syntax.Code ? maskValue('x') : undefined),
    });
    const text = source.toString().replaceAll('\n', ' ');
    for (const sentence of split(text)) {
      if (sentence.type !== SentenceSplitterSyntax.Sentence) continue;
      const words = sentence.raw.split(/\s+/).filter((word) => /\w/.test(word)).length;
      if (words > max) {
        const index = source.originalIndexFromIndex(sentence.range[0]) ?? 0;
        report(node, new RuleError(`a sentence of ${words} words; at most ${max} are allowed`, { index }));
      }
    }
  };
  return { [Syntax.Paragraph]: check, [Syntax.TableCell]: check };
};
