/** A type of `@aws-sdk/client-eks` as it travels: dates are seconds since 1970. */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** This moment as the EKS API writes it. */
export function now(): number {
  return Math.round(Date.now()) / 1000;
}
