import { isObject } from '../manifests/field';
import { asWritten, References } from '../manifests/references';
import type { JsonObject, TerraformDocument } from '../manifests/terraform-document';

export { blocksOf, textOf, textsOf } from '../manifests/attributes';

/** A resource of a synthesized stack. */
export interface Resource {
  /** Terraform address, such as `aws_iam_role.eks_role`. */
  readonly address: string;
  /** Its attributes. A reference to what the document says is followed; any other stands as it is, between `${` and `}`. */
  readonly attributes: JsonObject;
}

/** The resources of some types, in the order of the document. */
export function resourcesOf(document: TerraformDocument, ...types: readonly string[]): Resource[] {
  const references = new References(document, asWritten, () => undefined);
  return types.flatMap((type) =>
    Object.entries(document.resource?.[type] ?? {}).map(([name, written]) => {
      const address = `${type}.${name}`;
      const attributes = references.literal(written, address, '');
      return { address, attributes: isObject(attributes) ? attributes : {} };
    }),
  );
}

/** The resource that an attribute refers to whole: `aws_iam_role.eks_role` of `${aws_iam_role.eks_role.arn}`. */
export function referredTo(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$\{([a-z]\w*\.\w+)\.\w+\}$/.exec(value)?.[1] : undefined;
}
