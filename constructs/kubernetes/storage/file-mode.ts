/** A file mode in octal digits with a leading 0, such as `0440`; without it the provider refuses the mode. */
export type FileMode = `0${number}`;
