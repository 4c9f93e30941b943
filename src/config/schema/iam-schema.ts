import * as z from 'zod/mini';
import { described, listOf, mapping, text } from './form';

/** An IAM policy of an account, or one of AWS's own. */
export const POLICY_ARN =
  /^arn:(aws(?:-[a-z]+)*):iam::(?:\d{12}|aws):policy\/(?=(?:.{0,510}\/)?[^/]{1,128}$)(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/;

/**
 * What AWS keeps for itself is no path for a role. IAM takes 512 characters, and 10,240 in the policies of a role, where those of the
 * pipeline have the path in each ARN. Source: IAM User Guide, IAM identifiers; IAM and AWS STS quotas.
 */
const IAM_PATH = /^\/(?!aws-reserved\/|aws-service-role\/)(?=.{0,255}$)([\w+=,.@-]+\/)*$/;

/** What changes rights is in no role of a platform: the boundary would bound nothing. */
const BOUNDED_ACTION = /^(?!(?:iam|organizations|account|sso|sso-directory):)[a-z0-9-]+:[A-Za-z0-9*?]+$/;

const allowance = mapping({
  actions: described(
    listOf(
      text('an action of a service other than IAM, such as bedrock:InvokeModel or kinesis:*', BOUNDED_ACTION),
      1,
      'a list of at least one action, such as [bedrock:InvokeModel]',
    ),
    'Actions that the boundary allows.',
  ),
  resources: z._default(
    described(
      listOf(
        text('an ARN or a pattern of some, such as arn:aws:s3:::shared-assets/*', /^(arn:[^\s]+|\*)$/),
        1,
        'a list of at least one ARN',
      ),
      'Resources that they are allowed on.',
    ),
    ['*'],
  ),
});

/** `iam`: what all roles have in common. */
export const iam = mapping({
  permissionsBoundary: z.exactOptional(
    described(
      text('the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary', POLICY_ARN),
      'Permissions boundary of every role of the platform. Left out: none.',
    ),
  ),
  boundary: z.exactOptional(
    described(
      mapping({
        allow: described(
          listOf(allowance, 1, 'a list of at least one mapping with actions and resources'),
          "What the boundary of the platform's roles allows, besides what the platform and its controllers need.",
        ),
      }),
      "The policy that the pipeline creates as the boundary of the platform's roles. Left out: nothing more is allowed.",
    ),
  ),
  path: z._default(
    described(
      text(
        'a path of up to 256 characters that begins and ends with "/", such as /platform/',
        IAM_PATH,
        (got) => {
          const better = `/${got}/`.replace(/\/+/g, '/');
          return better !== got && IAM_PATH.test(better) ? `write ${better}` : undefined;
        },
      ),
      "Path of every role of the platform: a part of its ARN that an administrator's policies can name.",
    ),
    '/',
  ),
});
