import { text, type Remedy } from './form';

/** An IAM role or user that EKS takes, with its partition and account. Source: IAM User Guide, IAM and AWS STS quotas. */
export const PRINCIPAL_ARN =
  /^arn:(aws(?:-[a-z]+)*):iam::(\d{12}):(?:role|user)\/(?!AWSReservedSSO_|aws-service-role\/)(?=(?:.{0,510}\/)?[^/]{1,64}$)(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/;

const principalRemedy: Remedy = (got) => {
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(got);
  if (session) {
    const [, partition = '', account = '', role = ''] = session;
    return `this is a session: write its role, arn:${partition}:iam::${account}:role/${role}, with the role's path if it has one`;
  }
  if (/^arn:[\w-]+:iam::\d{12}:root$/.test(got)) return 'EKS admits no root user: name a role';
  if (/^arn:[\w-]+:iam::\d{12}:group\//.test(got)) return 'EKS admits no groups: name a role';
  const [, sso] = /:role\/(AWSReservedSSO_.*)/.exec(got) ?? [];
  if (sso !== undefined) {
    return `a role of IAM Identity Center has a path: write what aws iam get-role --role-name ${sso} --query Role.Arn prints`;
  }
  if (/:role\/aws-service-role\//.test(got)) return 'EKS admits no service-linked role: name another role';
  const name = /:(?:role|user)\/(?:.*\/)?([^/]{65,})$/.exec(got)?.[1];
  return name === undefined ? undefined : `its name has ${name.length} characters, and IAM allows 64`;
};

const PRINCIPAL = 'the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin';

/** The ARN of an IAM role or user. */
export const principal = () => text(PRINCIPAL, PRINCIPAL_ARN, principalRemedy);

/** What is wrong with a key that is to be a principal; nothing when it is one. */
export function principalError(key: string): string | undefined {
  if (PRINCIPAL_ARN.test(key)) return undefined;
  const remedy = principalRemedy(key);
  return `not a principal; expected ${PRINCIPAL}${remedy === undefined ? '' : `; ${remedy}`}`;
}
