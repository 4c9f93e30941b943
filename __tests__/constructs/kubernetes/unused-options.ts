import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const CONSTRUCTS = resolve(__dirname, '../../../constructs/kubernetes');

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('index.ts'))
    .map((file) => join(folder, file));

/** Whether an interface is that of a construct: what one is, is not said. */
const isOfConstruct = (node: ts.Node): boolean =>
  ts.isInterfaceDeclaration(node) &&
  (node.heritageClauses ?? []).some(({ types }) =>
    types.some(({ expression }) => /^(I?Construct|PodSet)$/.test(expression.getText())),
  );

/** Of packages nothing is read: only our own types count, and theirs take seconds to read. */
function ownProgram(roots: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = { lib: ['lib.es5.d.ts'], types: [], strict: true };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, containing) =>
    names.map(({ text }) => {
      const file = `${resolve(dirname(containing), text)}.ts`;
      const found = text.startsWith('.') && existsSync(file);
      return {
        resolvedModule: found
          ? { resolvedFileName: file, extension: ts.Extension.Ts, isExternalLibraryImport: false }
          : undefined,
      };
    });
  return ts.createProgram([...roots], options, host);
}

function descendants(root: ts.Node, skip: (node: ts.Node) => boolean = () => false): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (skip(node)) return;
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

type Option = ts.PropertySignature | ts.MethodDeclaration;

const has = ({ modifiers }: ts.MethodDeclaration | ts.ConstructorDeclaration, kind: ts.SyntaxKind): boolean =>
  modifiers?.some((modifier) => modifier.kind === kind) ?? false;

const isPublic = (member: ts.MethodDeclaration): boolean =>
  !has(member, ts.SyntaxKind.PrivateKeyword) && !has(member, ts.SyntaxKind.ProtectedKeyword);

/** Classes that are constructs, by the names that they extend. */
function constructsAmong(classes: readonly ts.ClassDeclaration[]): ts.ClassDeclaration[] {
  const names = new Set(['Construct']);
  const extended = ({ heritageClauses }: ts.ClassDeclaration): string[] =>
    (heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  for (let before = 0; before < names.size;) {
    before = names.size;
    for (const each of classes) {
      if (each.name && extended(each).some((name) => names.has(name))) names.add(each.name.text);
    }
  }
  return classes.filter(({ name }) => name && names.has(name.text));
}

/**
 * What a user of the constructs can say: the properties of the types that constructors and methods of constructs take, and
 * factories of what they are told, and of the types that those are made of; and the methods by which it is said: the static
 * ones, but for lookups, and those that return `this`.
 */
function offered(sources: readonly ts.SourceFile[]): Map<Option, string> {
  const nodes = sources.flatMap((source) => descendants(source));
  const types = new Map(
    nodes
      .filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      .filter((node) => !isOfConstruct(node))
      .map((node) => [node.name.text, node]),
  );
  const classes = nodes.filter((node) => ts.isClassDeclaration(node));
  const methods = classes
    .flatMap(({ members }) => members.filter((member) => ts.isMethodDeclaration(member)))
    .filter((method) =>
      has(method, ts.SyntaxKind.StaticKeyword)
        ? method.name.getText() !== 'of'
        : method.type?.kind === ts.SyntaxKind.ThisType,
    )
    .filter(isPublic);
  const members = constructsAmong(classes)
    .flatMap((each) => [...each.members])
    .filter((member) =>
      // The constructor of an abstract class is protected, and its subclasses hand on what they are told.
      ts.isConstructorDeclaration(member)
        ? !has(member, ts.SyntaxKind.PrivateKeyword)
        : ts.isMethodDeclaration(member) && isPublic(member),
    )
    .filter((member) => ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member));
  const left: ts.Node[] = [...methods, ...members].flatMap(({ parameters }) => [...parameters]);
  const seen = new Set<ts.Node>();
  const found = new Map<Option, string>();
  for (let node = left.pop(); node; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const inner of descendants(node)) {
      if (ts.isPropertySignature(inner)) found.set(inner, inner.name.getText());
      const name = ts.isTypeReferenceNode(inner)
        ? inner.typeName.getText()
        : ts.isExpressionWithTypeArguments(inner)
          ? inner.expression.getText()
          : undefined;
      const type = name === undefined ? undefined : types.get(name);
      if (type) left.push(type);
    }
  }
  for (const method of methods) found.set(method, `${method.name.getText()}()`);
  return found;
}

/** The declarations of all that is said by an object literal, or called. */
function used(sources: readonly ts.SourceFile[], checker: ts.TypeChecker): Set<ts.Declaration> {
  const isDefaults = (node: ts.Node): boolean =>
    ts.isFunctionDeclaration(node) && node.name?.text === 'defaults';
  const symbols = sources
    .flatMap((source) => descendants(source, isDefaults))
    .flatMap((node) => {
      if (ts.isPropertyAccessExpression(node)) return [checker.getSymbolAtLocation(node.name)];
      if (!ts.isObjectLiteralExpression(node)) return [];
      const type = checker.getContextualType(node);
      const types = type?.isUnion() ? type.types : type ? [type] : [];
      return node.properties.flatMap(({ name }) =>
        types.map((each) => (name ? each.getProperty(name.getText()) : undefined)),
      );
    });
  return new Set(symbols.flatMap((symbol) => symbol?.declarations ?? []));
}

/**
 * What the constructs offer and no sample with everything makes use of, as `<file>: <option>`.
 *
 * @param folder that of the samples
 * @param more further files that they are made of
 */
export function unusedOptions(folder: string, ...more: readonly string[]): string[] {
  const samples = [...files(folder), ...more];
  const program = ownProgram([...files(CONSTRUCTS), ...samples]);
  const sourcesOf = (names: readonly string[]) =>
    names.map((name) => program.getSourceFile(name)).filter((source) => source !== undefined);
  const declarations = used(sourcesOf(samples), program.getTypeChecker());
  return [...offered(sourcesOf(files(CONSTRUCTS)))]
    .filter(([option]) => !declarations.has(option))
    .map(([option, name]) => {
      const owner = option.parent;
      const type = 'name' in owner ? (owner.name as ts.Node).getText() : '';
      return [basename(option.getSourceFile().fileName), type, name].join(' ');
    })
    .sort();
}
