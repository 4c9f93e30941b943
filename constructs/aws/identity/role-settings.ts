import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Aspects } from 'cdktf';
import type { IConstruct } from 'constructs';

/** The permissions boundary and the path that all IAM roles of a stack have. */
export interface RoleSettings {
  /**
   * ARN of the IAM policy that bounds what the roles may do, whatever their own policies say.
   * @default - none
   */
  readonly permissionsBoundary?: string;
  /** Path of the roles, such as `/platform/`. @default / */
  readonly path?: string;
}

/**
 * Sets the permissions boundary and the path of every IAM role below a stack. With these, an organization lets a platform create
 * roles, but none with more rights than its own. Policies and instance profiles get the path too. A role that sets a value of its
 * own keeps it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function setRoles(stack: IConstruct, { permissionsBoundary, path = '/' }: RoleSettings): void {
  Aspects.of(stack).add({
    visit: (construct) => {
      if (construct instanceof IamRole && permissionsBoundary !== undefined) {
        construct.permissionsBoundary = construct.permissionsBoundaryInput ?? permissionsBoundary;
      }
      const hasPath =
        construct instanceof IamRole ||
        construct instanceof IamPolicy ||
        construct instanceof IamInstanceProfile;
      if (hasPath && path !== '/') construct.path = construct.pathInput ?? path;
    },
  });
}
