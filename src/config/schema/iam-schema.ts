import * as z from 'zod/mini';
import { described, mapping, text } from './form';

/** An IAM policy of an account, or one of AWS's own. */
export const POLICY_ARN = /^arn:(aws(?:-[a-z]+)*):iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/;

/** What AWS keeps for itself is no path for a role. Source: IAM User Guide, IAM identifiers. */
const IAM_PATH = /^\/(?!aws-reserved\/|aws-service-role\/)(?=.{0,511}$)([\w+=,.@-]+\/)*$/;

/** `iam`: what all roles have in common. */
export const iam = mapping({
  permissionsBoundary: z.exactOptional(
    described(
      text('the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary', POLICY_ARN),
      'Policy that bounds what every role of the platform may do, whatever its own policies say. Left out: none.',
    ),
  ),
  path: z._default(
    described(
      text('a path that begins and ends with "/", such as /platform/', IAM_PATH, (got) => {
        const better = `/${got}/`.replace(/\/+/g, '/');
        return better !== got && IAM_PATH.test(better) ? `write ${better}` : undefined;
      }),
      "Path of every role of the platform: a part of its ARN that an administrator's policies can name.",
    ),
    '/',
  ),
});
