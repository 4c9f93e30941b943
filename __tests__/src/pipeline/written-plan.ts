import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import type { PlanAction } from '../../../src/pipeline/plan/plan-json';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';

/** One change of a plan that a test writes itself. */
export interface WrittenChange {
  /** @default update */
  readonly actions?: readonly PlanAction[];
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly after_unknown?: Json;
  /** Key of what a failed apply has left at the address. The test writes the address with `#` and anything then. */
  readonly deposed?: string;
  readonly replace_paths?: readonly (readonly string[])[];
  readonly action_reason?: string;
}

/** A planned stack of which something exists, by what is done to each address. */
export function writtenPlan(
  name: string,
  changes: Readonly<Record<string, WrittenChange>>,
  document: TerraformDocument = {},
): PlannedStack {
  const resources = Object.entries(changes).map(([key, change]) => {
    const [address = ''] = key.split('#');
    const [type = '', label = ''] = address.split('.');
    return { address, mode: 'managed' as const, type, name: label, change };
  });
  return {
    name,
    document,
    protectedBefore: [],
    plan: {
      format_version: '1.2',
      terraform_version: '1.11.4',
      resource_changes: resources.map(
        ({
          change: { actions = ['update'], before, after, deposed, action_reason, ...rest },
          ...resource
        }) => ({
          ...resource,
          ...(deposed !== undefined && { deposed }),
          ...(action_reason !== undefined && { action_reason }),
          change: { actions, before: before ?? null, after: after ?? null, ...rest },
        }),
      ),
      prior_state: {
        values: {
          root_module: {
            resources: [
              { address: 'aws_vpc.any', mode: 'managed', type: 'aws_vpc', name: 'any', values: {} },
              ...resources
                .filter(({ change }) => change.before !== undefined && change.deposed === undefined)
                .map(({ change, ...resource }) => ({ ...resource, values: change.before ?? {} })),
            ],
          },
        },
      },
    },
  };
}
