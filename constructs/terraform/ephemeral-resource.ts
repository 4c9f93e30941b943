import { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

/** The type and the arguments of an ephemeral resource. */
export interface EphemeralResourceOptions {
  /** Terraform type, such as `aws_secretsmanager_secret_version`. */
  readonly type: string;
  /** Arguments by their Terraform names. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * A value that Terraform reads again in each plan and each apply and writes nowhere: into no plan and no state. Only
 * write-only arguments and providers take it. CDKTF 0.21 has no class for it.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/ephemeral
 */
export class EphemeralResource extends TerraformElement {
  readonly terraformResourceType: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly options: EphemeralResourceOptions,
  ) {
    super(scope, id, `ephemeral.${options.type}`);
    // By the type without `ephemeral.`, an ephemeral resource would seem to share the address of a resource.
    this.terraformResourceType = `ephemeral.${options.type}`;
  }

  /** An attribute, as an expression for use between `${` and `}`. */
  expression(attribute: string): string {
    return `ephemeral.${this.options.type}.${this.cdktfStack.getLogicalId(this)}.${attribute}`;
  }

  /** @internal */
  override toTerraform(): unknown {
    return {
      ephemeral: {
        [this.options.type]: {
          [this.cdktfStack.getLogicalId(this)]: {
            '//': this.constructNodeMetadata,
            ...this.options.arguments,
          },
        },
      },
    };
  }
}
