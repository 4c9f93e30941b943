/** What is still allowed though it must not be. */
export const KNOWN_GAPS: Readonly<Record<'apply' | 'plan' | 'boundary', readonly string[]>> = {
  apply: [],
  plan: [],
  boundary: [],
};
