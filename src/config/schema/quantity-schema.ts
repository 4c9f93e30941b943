import * as z from 'zod/mini';
import { type Remedy, text, type Text } from './form';

/** An amount of CPU: `500m`, `4`. */
export const CPU = /^[1-9]\d*m?$/;

/** An amount of memory or storage: `512Mi`, `8G`. */
export const BYTES = /^[1-9]\d*([KMGTPE]i|[kMGTPE])?$/;

/** A quantity in its canonical form alone: the API server rewrites any other, and Terraform would plan it again for ever. */
export function quantity(expects: string, form: RegExp, rewrite: Remedy): Text {
  const advice: Remedy = (got) => {
    const better = rewrite(got);
    return better === undefined ? undefined : `write "${better}"`;
  };
  return text(expects, form, advice).check(
    z.refine((value) => rewrite(value) === value, {
      error: ({ input }) => `expected ${expects}, in canonical form; ${advice(String(input)) ?? ''}`,
    }),
  );
}
