import { canonicalQuantity } from '@kubernetes-on-aws/eks-facts/quantity';
import * as z from 'zod/mini';
import { text, type Text } from './form';

/** An amount of CPU: `500m`, `4`. */
export const CPU = /^[1-9]\d*[mkMGTPE]?$/;

/** An amount of memory or storage: `512Mi`, `8G`. */
export const BYTES = /^[1-9]\d*([KMGTPE]i|[kMGTPE])?$/;

/** A quantity in its canonical form alone: the API server rewrites any other, and Terraform would plan a change forever. */
export function quantity(expects: string, form: RegExp): Text {
  const advice = (got: string): string | undefined => {
    const canonical = canonicalQuantity(got);
    return canonical !== undefined && form.test(canonical) ? `write "${canonical}"` : undefined;
  };
  return text(expects, form, advice).check(
    z.refine((value) => canonicalQuantity(value) === value, {
      error: ({ input }) =>
        `expected ${expects}, in canonical form; ${advice(String(input)) ?? 'this amount is too large'}`,
    }),
  );
}
