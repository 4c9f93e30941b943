/** A file mode in octal digits with a leading 0, such as `0440`; without it the provider refuses the mode. */
export type FileMode = `0${number}`;

/**
 * A mode that is one.
 *
 * @throws RangeError for other digits
 */
export function fileMode(octal: FileMode): FileMode {
  if (!/^0[0-7]{3}$/.test(octal)) {
    throw new RangeError(`file mode: got "${octal}"; 0 and three octal digits are allowed, such as 0440`);
  }
  return octal;
}
