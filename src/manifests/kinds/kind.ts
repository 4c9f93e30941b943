import type { Block } from '../field';

/** A kind of Kubernetes object that a Terraform resource type stands for. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The attributes of the resource itself, `metadata` among them. */
  readonly fields: Block;
}
