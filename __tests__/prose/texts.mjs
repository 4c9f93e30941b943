// The texts that people read in a source file: doc comments of exported names, and string literals that are sentences.
import ts from 'typescript';

/** A literal is prose from so many words on: shorter ones are names, flags, and values. */
const WORDS = 4;

/**
 * @param {string} file the path, for the parser
 * @param {string} source TypeScript or JavaScript
 * @returns {{ line: number; lines: string[]; isComment: boolean }[]} texts in Markdown, with the number of the line that each begins in
 */
export function proseOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lineOf = (position) => tree.getLineAndCharacterOfPosition(position).line + 1;
  const texts = [];
  const visit = (node, exported) => {
    const isExported = exported || (node.parent === tree && isExportedStatement(node));
    if (isExported) {
      for (const comment of node.jsDoc ?? [])
        texts.push({
          line: lineOf(comment.pos),
          lines: commentLines(comment.getText(tree)),
          isComment: true,
        });
    }
    const literal = literalText(node);
    if (literal !== undefined) {
      if (isSentence(literal))
        texts.push({ line: lineOf(node.getStart(tree)), lines: [literal], isComment: false });
      // What is spliced into a template may hold further texts.
      ts.forEachChild(node, (child) => {
        if (literalText(child) === undefined) visit(child, isExported);
      });
      return;
    }
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    ts.forEachChild(node, (child) => {
      visit(child, isExported);
    });
  };
  ts.forEachChild(tree, (node) => {
    visit(node, false);
  });
  return texts;
}

/** What runs a test, or a group of them: `it`, `describe`, and names for either where it may be skipped. */
const RUNNERS = /^(it|describe\w*)$/;

/**
 * @param {string} file the path, for the parser
 * @param {string} source a test in TypeScript
 * @returns {{ line: number; lines: string[] }[]} the name of each test with those of the groups around it, without what is in
 *   parentheses: it says what the test needs
 */
export function titlesOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const titles = [];
  const visit = (node, groups) => {
    const title = ts.isCallExpression(node) && isRunner(node) ? literalText(node.arguments[0]) : undefined;
    const names = title === undefined ? groups : [...groups, title];
    if (title !== undefined && runnerOf(node) === 'it')
      titles.push({
        line: tree.getLineAndCharacterOfPosition(node.arguments[0].getStart(tree)).line + 1,
        lines: [names.join(' ').replaceAll(/ ?\([^()]*\)/g, '')],
      });
    ts.forEachChild(node, (child) => {
      visit(child, names);
    });
  };
  visit(tree, []);
  return titles;
}

const isRunner = (call) => call.arguments.length > 1 && RUNNERS.test(runnerOf(call) ?? '');

/** `describe` of `describe.each(…)(…)`, `it.each`…``, and `(is ? describe : describe.skip)(…)`. */
function runnerOf({ expression }) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isTaggedTemplateExpression(expression)) return runnerOf({ expression: expression.tag });
  if (ts.isConditionalExpression(expression)) return runnerOf({ expression: expression.whenTrue });
  return expression.expression && runnerOf(expression);
}

function isExportedStatement(node) {
  return ts.canHaveModifiers(node)
    ? (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
    : false;
}

/** A comment line by line, without its frame; each tag begins a paragraph, and a reference to a page is left out. */
function commentLines(comment) {
  return comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').replaceAll(/\{@link ([^}]+)\}/g, '`$1`'))
    .map((line) =>
      /^\s*@see\b/.test(line) ? '' : line.replace(/^\s*@(param|throws) (\S+)( - )?|^\s*@\w+( - )?/, '\n'),
    );
}

/** The text of a literal, of a template, and of literals that are joined by `+`; what is spliced in reads `X`. */
function literalText(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join('');
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [node.left, node.right].map(literalText);
    if (sides.every((side) => side === undefined)) return undefined;
    return sides.map((side) => side ?? 'X').join('');
  }
  return ts.isParenthesizedExpression(node) ? literalText(node.expression) : undefined;
}

/** Whether a literal is made of words: no code, pattern, or list of names. */
function isSentence(text) {
  const words = text
    .split(/\s+/)
    .filter((word) => /^[("'“‘]?([a-z]|[A-Z](?![A-Z]*[a-z]+[A-Z]))[A-Za-z’'-]*[)"'”’,.:;!?]*$/.test(word));
  return words.length >= WORDS && words.length >= text.split(/\s+/).length / 2;
}
