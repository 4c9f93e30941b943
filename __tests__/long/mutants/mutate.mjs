// Makes mutants of TypeScript: each is a small fault that a test should see. All of a file's are compiled at once. `__mutant(id)` says
// which one is on, and tells that its place was reached.
import ts from 'typescript';

const TOKENS = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ts.SyntaxKind.ExclamationEqualsEqualsToken,
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ts.SyntaxKind.EqualsEqualsEqualsToken,
  [ts.SyntaxKind.AmpersandAmpersandToken]: ts.SyntaxKind.BarBarToken,
  [ts.SyntaxKind.BarBarToken]: ts.SyntaxKind.AmpersandAmpersandToken,
  [ts.SyntaxKind.QuestionQuestionToken]: ts.SyntaxKind.AmpersandAmpersandToken,
  [ts.SyntaxKind.LessThanToken]: ts.SyntaxKind.LessThanEqualsToken,
  [ts.SyntaxKind.LessThanEqualsToken]: ts.SyntaxKind.LessThanToken,
  [ts.SyntaxKind.GreaterThanToken]: ts.SyntaxKind.GreaterThanEqualsToken,
  [ts.SyntaxKind.GreaterThanEqualsToken]: ts.SyntaxKind.GreaterThanToken,
};
const METHODS = { some: 'every', every: 'some', startsWith: 'endsWith', endsWith: 'startsWith' };
const LEFT_OUT = ['filter', 'sort', 'slice', 'trim', 'toLowerCase'];
const f = ts.factory;

/** What may be wrong in place of an expression, each with its name. */
function faultsOf(node) {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [['false', f.createFalse()]];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [['true', f.createTrue()]];
  if (ts.isNumericLiteral(node))
    return [['a number more', f.createNumericLiteral(Number(node.text.replaceAll('_', '')) + 1)]];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return node.text === ''
      ? [['a text', f.createStringLiteral('mutant')]]
      : [['no text', f.createStringLiteral('')]];
  if (ts.isTemplateExpression(node)) return [['no text', f.createStringLiteral('')]];
  if (ts.isRegularExpressionLiteral(node))
    return [
      ...(node.text.startsWith('/^')
        ? [['no beginning', f.createRegularExpressionLiteral(`/${node.text.slice(2)}`)]]
        : []),
      ...(/\$\/[a-z]*$/.test(node.text) && !/\\\$\/[a-z]*$/.test(node.text)
        ? [['no end', f.createRegularExpressionLiteral(node.text.replace(/\$(\/[a-z]*)$/, '$1'))]]
        : []),
    ];
  if (ts.isArrayLiteralExpression(node))
    return node.elements.length === 0
      ? [['an element', f.createArrayLiteralExpression([f.createStringLiteral('mutant')])]]
      : [['no elements', f.createArrayLiteralExpression([])]];
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [['without not', node.operand]];
  if (ts.isBinaryExpression(node)) {
    const other = TOKENS[node.operatorToken.kind];
    return other === undefined
      ? []
      : [[ts.tokenToString(other), f.createBinaryExpression(node.left, other, node.right)]];
  }
  if (ts.isConditionalExpression(node))
    return [
      ['the first', node.whenTrue],
      ['the second', node.whenFalse],
    ];
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && !node.questionDotToken) {
    const { expression, name } = node.expression;
    if (Object.hasOwn(METHODS, name.text))
      return [
        [
          METHODS[name.text],
          f.createCallExpression(
            f.createPropertyAccessExpression(expression, METHODS[name.text]),
            undefined,
            node.arguments,
          ),
        ],
      ];
    if (LEFT_OUT.includes(name.text)) return [[`without ${name.text}`, expression]];
  }
  // What returns nothing already is no mutant.
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && node.body.getText() !== 'undefined')
    return [
      [
        'returns nothing',
        f.updateArrowFunction(
          node,
          node.modifiers,
          undefined,
          node.parameters,
          undefined,
          node.equalsGreaterThanToken,
          f.createIdentifier('undefined'),
        ),
      ],
    ];
  return [];
}

/**
 * An empty text, list or object in the place of what is missing: after `??`, and as a default. The compiler demands a value there
 * (`noUncheckedIndexedAccess`), and any other that equals nothing would do as well. That `??` is there is a mutant of its own.
 */
function standsForNothing(node) {
  const { parent } = node;
  const isEmpty =
    (ts.isStringLiteral(node) && node.text === '') ||
    (ts.isArrayLiteralExpression(node) && node.elements.length === 0);
  return (
    isEmpty &&
    (((ts.isBindingElement(parent) || ts.isParameter(parent)) && parent.initializer === node) ||
      (ts.isBinaryExpression(parent) &&
        parent.right === node &&
        parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken))
  );
}

/** Places in which a text is a name and no value. */
function isName(node) {
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isPropertySignature(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isExternalModuleReference(parent)
  );
}

/**
 * @param first the first free id
 * @returns the code with all mutants in it, and of each mutant its line and what it does
 */
export function mutated(file, text, first) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const mutants = [];
  const asked = (line, what) => {
    const id = first + mutants.length;
    mutants.push({ id, file, line: line + 1, what });
    return f.createCallExpression(f.createIdentifier('__mutant'), undefined, [f.createNumericLiteral(id)]);
  };
  const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const visitor = (context) => {
    const visit = (node) => {
      if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
        return node;
      if (ts.isExpression(node) && node.parent && (!ts.isStringLiteral(node) || !isName(node))) {
        const inside = ts.visitEachChild(node, visit, context);
        const faults = ts.isOptionalChain(node) || standsForNothing(node) ? [] : faultsOf(node);
        return faults.reduce(
          (all, [what, other]) =>
            f.createParenthesizedExpression(
              f.createConditionalExpression(
                asked(lineOf(node), what),
                undefined,
                f.createParenthesizedExpression(other),
                undefined,
                all,
              ),
            ),
          inside,
        );
      }
      if (ts.isIfStatement(node)) {
        const inside = ts.visitEachChild(node, visit, context);
        const [yes, no] = [asked(lineOf(node), 'if true'), asked(lineOf(node), 'if false')];
        const condition = f.createConditionalExpression(
          yes,
          undefined,
          f.createTrue(),
          undefined,
          f.createParenthesizedExpression(
            f.createConditionalExpression(
              no,
              undefined,
              f.createFalse(),
              undefined,
              f.createParenthesizedExpression(inside.expression),
            ),
          ),
        );
        return f.updateIfStatement(inside, condition, inside.thenStatement, inside.elseStatement);
      }
      if (ts.isFunctionDeclaration(node) && node.body) {
        const inside = ts.visitEachChild(node, visit, context);
        const empty = f.createIfStatement(asked(lineOf(node), 'does nothing'), f.createReturnStatement());
        return f.updateFunctionDeclaration(
          inside,
          inside.modifiers,
          inside.asteriskToken,
          inside.name,
          inside.typeParameters,
          inside.parameters,
          inside.type,
          f.updateBlock(inside.body, [empty, ...inside.body.statements]),
        );
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (root) => ts.visitNode(root, visit);
  };
  const { transformed } = ts.transform(source, [visitor]);
  return { code: ts.createPrinter().printFile(transformed[0]), mutants };
}
