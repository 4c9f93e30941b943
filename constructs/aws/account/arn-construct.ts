import { Construct } from '../../terraform/construct';

/** A construct whose main resource has an ARN. */
export abstract class ArnConstruct extends Construct {
  abstract readonly resource: { readonly arn: string };

  get arn(): string {
    return this.resource.arn;
  }
}
