import * as z from 'zod/mini';
import { described, mapping, text } from './form';
import { region } from './region-schema';

/** Source: Amazon S3 User Guide, General purpose bucket naming rules. */
const BUCKET =
  /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `state`: where Terraform keeps its state. */
export const state = mapping({
  bucket: described(
    text('the name of an S3 bucket: 3 to 63 of a-z, 0-9, "." and "-"', BUCKET, (got) =>
      got.startsWith('s3://') ? 'leave out s3:// and what follows the name' : undefined,
    ),
    'S3 bucket that keeps the state.',
  ),
  region: z.exactOptional(described(region(), "The bucket's region. Left out: the platform's region.")),
});
