import type { TerraformDocument } from '../../manifests/terraform-document';
import type { ModuleJson, PlanJson, ResourceChangeJson, ResourceJson } from './plan-json';

/** What happens to an object. */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'import' | 'move';

/** A stack with what Terraform would do to it. */
export interface PlannedStack {
  readonly name: string;
  readonly plan: PlanJson;
  /** Its Terraform JSON. */
  readonly document: TerraformDocument;
  /** Addresses that Terraform refused to destroy (`prevent_destroy`) when the stack was applied last; none when nothing is known of that. */
  readonly protectedBefore: readonly string[];
  /** The classes of the platform's own types when the stack was applied last, each as `type path class`. @default [] */
  readonly classesBefore?: readonly string[];
  /** Digests of the changes that an exception has let pass in earlier applies of the stack. @default [] */
  readonly passedBefore?: readonly string[];
}

/** An object that a plan changes. */
export interface Change extends ResourceChangeJson {
  readonly stack: string;
  readonly action: Action;
}

/** Whether the creation of an object did not end, so that Terraform replaces it. */
export const isTainted = ({ action_reason }: Pick<ResourceChangeJson, 'action_reason'>): boolean =>
  action_reason === 'replace_because_tainted';

/** What is said of it. */
export const TAINTED = 'tainted: an earlier apply did not finish its creation';

/** The objects that a plan changes, in Terraform's order: no data sources, and nothing that stays as it is. */
export function changesOf({ name, plan }: Pick<PlannedStack, 'name' | 'plan'>): Change[] {
  return (plan.resource_changes ?? []).flatMap((resource) => {
    const action = resource.mode === 'managed' ? actionOf(resource) : undefined;
    return action === undefined ? [] : [{ ...resource, stack: name, action }];
  });
}

/** What exists of a stack before the plan: its resources, refreshed; empty for a stack that was never applied. */
export function existingResources({ plan }: Pick<PlannedStack, 'plan'>): readonly ResourceJson[] {
  const resourcesIn = ({ resources = [], child_modules = [] }: ModuleJson): ResourceJson[] => [
    ...resources.filter(({ mode }) => mode === 'managed'),
    ...child_modules.flatMap(resourcesIn),
  ];
  return resourcesIn(plan.prior_state?.values?.root_module ?? {});
}

function actionOf({
  change: { actions, importing },
  previous_address,
}: ResourceChangeJson): Action | undefined {
  const [first, second] = actions;
  if (second !== undefined) return 'replace';
  switch (first) {
    case 'create':
    case 'update':
    case 'delete':
    case 'forget':
      return first;
    default:
      if (importing) return 'import';
      return previous_address === undefined ? undefined : 'move';
  }
}
