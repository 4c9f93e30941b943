import type { Json, JsonObject } from '../../manifests/terraform-document';

/** What is done to an object, as Terraform's plans have it. */
export type PlanAction = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** The values of an object before and after a change (Terraform: JSON Output Format, Change Representation). */
export interface ChangeJson {
  /** Two for a replacement, in their order. */
  readonly actions: readonly PlanAction[];
  /** Null for what does not exist yet. */
  readonly before: Json;
  /** Null for what will not exist any more; without what is known only after the change. */
  readonly after: Json;
  /** True, or an object of the same form, where a value is known only after the change. */
  readonly after_unknown?: Json;
  /** True, or an object of the same form, where a value is sensitive. */
  readonly before_sensitive?: Json;
  readonly after_sensitive?: Json;
  /** There where the object exists and the state lacks it. */
  readonly importing?: { readonly id?: string };
  /** The arguments that make it a replacement, each as a path. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

/** A resource in a plan. */
export interface ResourceChangeJson {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Key of an object that a failed apply has left beside its successor; Terraform destroys it. */
  readonly deposed?: string;
  /** Where it was, when it was moved. */
  readonly previous_address?: string;
  readonly change: ChangeJson;
  /** Why Terraform does it: `replace_because_tainted` where an apply has begun to create the object and has not ended it. */
  readonly action_reason?: string;
}

/** A resource as a state or a plan lists its values. */
export interface ResourceJson {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly values: JsonObject;
}

/** The resources of a module, and of the modules that it calls. */
export interface ModuleJson {
  readonly resources?: readonly ResourceJson[];
  readonly child_modules?: readonly ModuleJson[];
}

/** A plan as `terraform show -json` prints it, as far as it is read here. */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version: string;
  /** What is done to each resource. */
  readonly resource_changes?: readonly ResourceChangeJson[];
  /** What has changed outside Terraform. */
  readonly resource_drift?: readonly ResourceChangeJson[];
  readonly output_changes?: Readonly<Record<string, ChangeJson>>;
  /** What the state knew, refreshed. */
  readonly prior_state?: { readonly values?: { readonly root_module?: ModuleJson } };
}
