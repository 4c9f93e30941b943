import * as z from 'zod/mini';
import { text } from './form';

/**
 * What all of those who are told the tags take: AWS itself, and the schema of the EBS CSI driver's add-on, which knows no letters but
 * those of English. Source: Tagging AWS resources, Tag naming limits and requirements.
 */
const ALLOWED = 'letters, digits, spaces and _ . : / = + - @';

/** The key of a tag. The controllers in the cluster are told `key=value`. */
export const TAG_KEY = /^[A-Za-z0-9 _.:/+@-]{1,128}$/;
export const TAG_KEY_EXPECTED = '1 to 128 characters: letters, digits, spaces and _ . : / + - @';

/** `tags`: values by key. */
export const tags = z
  .record(
    z.string(),
    text(`a text of up to 256 characters: ${ALLOWED}`, /^[\w .:/=+@-]{0,256}$/),
    'expected a mapping from keys of tags to their values',
  )
  .register(z.globalRegistry, { propertyNames: { pattern: TAG_KEY.source }, maxProperties: 40 });
