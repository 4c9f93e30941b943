import { type App, TerraformElement } from 'cdktf';
import type { IConstruct } from 'constructs';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { thrownAt } from '../../src/facts/thrown';
import { UserError } from '../../src/facts/user-error';
import type { KubernetesObject } from '../../src/manifests/objects';
import { type Known, objectErrors } from '../../src/rules/object-errors';
import { type OwnProvider, runningCode } from '../../src/rules/running-code';
import { MAIN_CHILD } from './construct';
import { BaseStack } from './base-stack';

/** What is wrong with a tree of constructs: every finding, with the path of its construct unless it is of the whole app. */
export class SynthesisError extends UserError {
  readonly code = 'invalid-constructs';
  readonly exitStatus = 1;
}

/** The version of Kubernetes, the sources and the providers that the validation uses. */
export interface SynthesizeOptions {
  /**
   * The minor version of Kubernetes by whose rules the objects are validated.
   * @default - the version that EKS gives a cluster when none is requested
   */
  readonly kubernetes?: string;
  /**
   * Where the source of a construct is, such as `workloads/orders/index.ts:5`.
   * @default - findings name the construct only
   */
  readonly sourceOf?: (construct: IConstruct) => string | undefined;
  /** Providers of stacks of one's own, each with its exact version. @default [] */
  readonly providers?: readonly OwnProvider[];
}

/** A construct whose object has to be as the construct made it in some fields, whatever changed it since. */
interface PromiseKeeper {
  brokenPromises: (object: KubernetesObject) => readonly string[];
}

/** A construct whose object is written in a file of its own. */
interface Written {
  /** Where the field that a message begins with is; empty where the construct itself is the place. */
  writtenAt: (message: string) => string;
  /** The text of a scalar in the file, if it has the value there. */
  textAt: (field: string, json: string) => string | undefined;
}

/** A construct of a custom kind that has Pods. */
interface PodOwner {
  customPods: (object: KubernetesObject) => NonNullable<Known['pods']>;
}

const hasPods = (construct: IConstruct): construct is IConstruct & PodOwner => 'customPods' in construct;

const isWritten = (construct: IConstruct): construct is IConstruct & Written => 'writtenAt' in construct;

const keepsPromises = (construct: IConstruct): construct is IConstruct & PromiseKeeper =>
  'brokenPromises' in construct;

const at =
  (construct: IConstruct, sourceOf?: SynthesizeOptions['sourceOf']) =>
  (message: string): Finding => {
    const { path } = construct.node;
    return { ...beforeOf(construct, sourceOf), path, text: path === '' ? message : `: ${message}` };
  };

/** The place in the user's files, as a line begins with it. */
function beforeOf(construct: IConstruct, sourceOf?: SynthesizeOptions['sourceOf']): Pick<Finding, 'before'> {
  const source = sourceOf?.(construct);
  return source === undefined ? {} : { before: `${source}: ` };
}

/**
 * Asks every construct of an app what is wrong with it.
 *
 * @param sourceOf where the source of a construct is
 * @returns what makes findings of an error that a construct throws
 * @throws SynthesisError with the findings of the whole tree
 * @internal
 */
export function validateTree(
  app: App,
  sourceOf?: SynthesizeOptions['sourceOf'],
): (construct: IConstruct) => (error: unknown) => Finding[] {
  for (const child of app.node.children) if (child instanceof BaseStack) child.prepareValidation();
  // An error without a place in the user's files would not tell which construct has the wrong option.
  const located =
    (construct: IConstruct) =>
    (error: unknown): Finding[] => {
      if (!(error instanceof TypeError) || thrownAt(error) !== undefined) throw error;
      const { scope } = construct.node;
      const owner = construct.node.id === MAIN_CHILD && scope ? scope : construct;
      return [
        {
          ...beforeOf(owner, sourceOf),
          path: owner.node.path,
          text: `: ${error.message}; an option may have a value of another type, which npx tsc would name`,
        },
      ];
    };
  // Only what is whole can be written as Terraform JSON.
  stopAt(
    app.node
      .findAll()
      .flatMap((construct) =>
        attempt(() => construct.node.validate().map(at(construct, sourceOf)), located(construct)),
      ),
  );
  return located;
}

/**
 * Writes the Terraform JSON of every stack of an app, in the layout that `cdktf synth` writes. The whole tree is validated
 * first, and all of its Kubernetes objects as the API server validates them.
 *
 * @returns the minor version whose rules were applied to the objects; undefined when no build of the oracle is there
 * @throws SynthesisError with the findings of the whole tree; nothing is written then
 */
export function synthesize(app: App, options: SynthesizeOptions = {}): string | undefined {
  const { kubernetes = DEFAULT_KUBERNETES_VERSION, sourceOf, providers } = options;
  const located = validateTree(app, sourceOf);
  const constructs = app.node.findAll();
  const stacks = constructs.filter((construct) => construct instanceof BaseStack);
  stopAt(
    stacks.flatMap((stack) =>
      attempt<Finding[]>(
        () => (stack.toTerraform(), []),
        (error) => {
          const elements = stack.node.findAll().filter((each) => TerraformElement.isTerraformElement(each));
          const found = elements.flatMap((each) =>
            each.node === stack.node ? [] : attempt<Finding[]>(() => (each.toTerraform(), []), located(each)),
          );
          if (found.length === 0) throw error;
          return found;
        },
      ),
    ),
  );
  stopAt(stacks.flatMap((stack) => stack.foreignReferences().map(at(stack))));
  const documents = new Map(stacks.map((stack) => [stack.node.id, stack.toTerraform()]));
  const resources = new Map<string, Map<string, IConstruct>>();
  const constructOf = (stack: string, address: string): IConstruct | undefined => {
    const known = resources.get(stack) ?? stacks.find(({ node }) => node.id === stack)?.resources();
    if (known) resources.set(stack, known);
    const resource = known?.get(address);
    return resource?.node.id === MAIN_CHILD ? resource.node.scope : resource;
  };
  const running = [...documents].flatMap(([stack, document]) =>
    runningCode(document, providers).map((error) => ({ stack, ...error })),
  );
  const judged = objectErrors(documents, kubernetes, ({ stack, address, object }) => {
    const construct = constructOf(stack, address);
    return {
      ...(construct && keepsPromises(construct) && { promised: construct.brokenPromises(object) }),
      ...(construct && hasPods(construct) && { pods: construct.customPods(object) }),
      ...(construct && isWritten(construct) && { textAt: (field, json) => construct.textAt(field, json) }),
    };
  });
  stopAt(
    [...running, ...judged.errors].map(({ stack, address, message }) => {
      const construct = constructOf(stack, address);
      const written = construct && isWritten(construct) ? construct.writtenAt(message) : '';
      const source = written === '' ? construct && sourceOf?.(construct) : written;
      return {
        before: source === undefined ? '' : `${source}: `,
        path: construct?.node.path.replace(`/${MAIN_CHILD}`, '') ?? stack,
        text: construct ? ` (${address}): ${message}` : `: ${address}: ${message}`,
      };
    }),
  );
  app.synth();
  return judged.kubernetes;
}

/** What a function gives, or what is made of the error that it throws. */
function attempt<Result>(run: () => Result, failed: (error: unknown) => Result): Result {
  try {
    return run();
  } catch (error) {
    return failed(error);
  }
}

/** A mistake: its line is `before`, the path of the construct, and `text`. */
interface Finding {
  readonly before?: string;
  readonly path: string;
  readonly text: string;
}

/** @throws SynthesisError with one line for the same mistake in several stacks: `dev/orders, qa/orders: …` */
function stopAt(findings: readonly Finding[]): void {
  const lines = new Map<string, Finding & { readonly paths: string[] }>();
  for (const finding of findings) {
    const { before, path, text } = finding;
    const key = JSON.stringify([before ?? '', path.replace(/^[^/]*/, ''), text]);
    const line = lines.get(key) ?? { ...finding, paths: [] };
    line.paths.push(path);
    lines.set(key, line);
  }
  if (lines.size === 0) return;
  throw new SynthesisError(
    [...lines.values()].map(({ before = '', paths, text }) => `${before}${paths.join(', ')}${text}`),
  );
}
