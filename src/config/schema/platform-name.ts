import { text } from './form';

/** The name of a platform. */
export const platformName = text(
  'a name of up to 32 of a-z, 0-9 and "-", first a letter, last no "-"',
  /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
);
