import { UserError } from '../facts/user-error';

/** One thing of a document that cannot become a Kubernetes object. */
export interface ManifestFinding {
  /** The stack, where several are read. */
  readonly stack?: string;
  /** The Terraform address, for example `kubernetes_deployment_v1.shop_web`. */
  readonly address: string;
  /** The attribute below the address, for example `spec.template.spec.container[0].image`; empty for the whole. */
  readonly path: string;
  /** What is wrong, and what to do about it. */
  readonly message: string;
  /** Whether there is no manifest of the resource at all, though Terraform may well create it. @default false */
  readonly withoutManifest?: boolean;
}

/** Everything of one document that cannot become a Kubernetes object, told at once. */
export class ManifestError extends UserError {
  readonly code = 'not-convertible';
  readonly exitStatus = 1;

  constructor(readonly findings: readonly ManifestFinding[]) {
    super(
      findings
        .map(({ stack, address, path, message }) => {
          const place = [address, path].filter((part) => part !== '').join('.');
          return `${stack === undefined ? '' : `${stack}: `}${place}: ${message}`;
        })
        .join('\n'),
    );
  }
}
