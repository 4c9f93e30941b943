import type { App } from 'cdktf';
import type { IConstruct } from 'constructs';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { UserError } from '../../src/facts/user-error';
import type { KubernetesObject } from '../../src/manifests/objects';
import { objectErrors } from '../../src/rules/object-errors';
import { MAIN_CHILD } from './address-name';
import { BaseStack } from './base-stack';

/** What is wrong with a tree of constructs: every finding, with the path of its construct unless it is of the whole app. */
export class SynthesisError extends UserError {
  readonly code = 'invalid-constructs';
  readonly exitStatus = 1;
}

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
}

/** A construct whose object has to be as the construct made it in some fields, whatever changed it since. */
interface PromiseKeeper {
  brokenPromises: (object: KubernetesObject) => readonly string[];
}

const keepsPromises = (construct: IConstruct): construct is IConstruct & PromiseKeeper =>
  'brokenPromises' in construct;

/**
 * Writes the Terraform JSON of every stack of an app, in the layout that `cdktf synth` writes. The whole tree is validated
 * first, and all of its Kubernetes objects as the API server validates them.
 *
 * @returns the minor version whose rules were applied to the objects; undefined when no build of the oracle is there
 * @throws SynthesisError with the findings of the whole tree; nothing is written then
 */
export function synthesize(app: App, options: SynthesizeOptions = {}): string | undefined {
  const { kubernetes = DEFAULT_KUBERNETES_VERSION, sourceOf } = options;
  const constructs = app.node.findAll();
  const at = (construct: IConstruct) => (message: string) =>
    construct === app ? message : `${construct.node.path}: ${message}`;
  const findings = constructs.flatMap((construct) => construct.node.validate().map(at(construct)));
  // Only what is whole can be written as Terraform JSON.
  stopAt(findings);
  const stacks = constructs.filter((construct) => construct instanceof BaseStack);
  stopAt(stacks.flatMap((stack) => stack.foreignReferences().map(at(stack))));
  const documents = new Map(stacks.map((stack) => [stack.node.id, stack.toTerraform()]));
  const resources = new Map<string, Map<string, IConstruct>>();
  const constructOf = (stack: string, address: string): IConstruct | undefined => {
    const known = resources.get(stack) ?? stacks.find(({ node }) => node.id === stack)?.resources();
    if (known) resources.set(stack, known);
    const resource = known?.get(address);
    return resource?.node.id === MAIN_CHILD ? resource.node.scope : resource;
  };
  const judged = objectErrors(documents, kubernetes, ({ stack, address, object }) => {
    const construct = constructOf(stack, address);
    return construct && keepsPromises(construct) ? construct.brokenPromises(object) : [];
  });
  stopAt(
    judged.errors.map(({ stack, address, message }) => {
      const construct = constructOf(stack, address);
      const source = construct && sourceOf?.(construct);
      const place = construct ? `${construct.node.path} (${address})` : `${stack}: ${address}`;
      return `${source === undefined ? '' : `${source}: `}${place}: ${message}`;
    }),
  );
  app.synth();
  return judged.kubernetes;
}

function stopAt(findings: readonly string[]): void {
  if (findings.length > 0) throw new SynthesisError(findings);
}
