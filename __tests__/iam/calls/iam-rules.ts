import type { Call, Need, Rules } from './call';

/** What a call makes or names: only the call that makes it gives its path. */
const pathed =
  (kind: string, parameter: string) =>
  (call: Call): string => {
    const name = call.text(parameter);
    const path = call.maybe('Path');
    return path === undefined
      ? (call.account.partsOf(`${kind}/${name}`)[0] ?? `${kind}/${name}`)
      : `${kind}${path}${name}`;
  };
const role = pathed('role', 'RoleName');
const profile = pathed('instance-profile', 'InstanceProfileName');
const policy = pathed('policy', 'PolicyName');
/** The needs of a call that makes something with a path, which is known from then on. */
const makesPathed = (call: Call, resource: string, tagAction: string): Need[] =>
  call.makes(resource, tagAction).map(({ then, ...need }) => ({
    ...need,
    then: () => {
      then?.();
      call.account.joins(`${resource.split('/')[0] ?? ''}/${resource.split('/').at(-1) ?? ''}`, [resource]);
    },
  }));
const ofRole = (call: Call): Need[] => [call.on(role(call))];
const ofPolicy = (call: Call): Need[] => [call.on(call.text('PolicyArn'))];
const ofProvider = (call: Call): Need[] => [call.on(call.text('OpenIDConnectProviderArn'))];
const ofProfile = (call: Call): Need[] => [call.on(profile(call))];
const withPolicy = (call: Call): Need[] => [call.on(role(call), { 'iam:PolicyARN': call.text('PolicyArn') })];

const untagKeys = (call: Call): string[] =>
  Object.entries(call.parameters).flatMap(([name, key]) =>
    /^TagKeys\.member\.\d+$/.test(name) ? [String(key)] : [],
  );

function bounds(call: Call, needs: readonly Need[]): Need[] {
  const boundary = call.maybe('PermissionsBoundary');
  if (boundary === undefined) return [...needs];
  return needs.map(({ then, ...need }) => ({
    ...need,
    context: {
      ...need.context,
      ...(need.action !== 'iam:TagRole' && { 'iam:PermissionsBoundary': boundary }),
    },
    then: () => {
      then?.();
      call.account.bound(call.arn(role(call)), boundary);
    },
  }));
}

export const IAM_RULES: Rules = {
  CreateRole: (call) => bounds(call, makesPathed(call, role(call), 'iam:TagRole')),
  PutRolePermissionsBoundary: (call) => bounds(call, ofRole(call)),
  DeleteRolePermissionsBoundary: ofRole,
  GetRole: ofRole,
  DeleteRole: ofRole,
  UpdateRole: ofRole,
  UpdateRoleDescription: ofRole,
  UpdateAssumeRolePolicy: ofRole,
  ListRolePolicies: ofRole,
  ListAttachedRolePolicies: ofRole,
  ListInstanceProfilesForRole: ofRole,
  ListRoleTags: ofRole,
  PutRolePolicy: ofRole,
  GetRolePolicy: ofRole,
  DeleteRolePolicy: ofRole,
  AttachRolePolicy: withPolicy,
  DetachRolePolicy: withPolicy,
  TagRole: (call) => call.tagsIt(role(call)),
  UntagRole: (call) => call.untagsIt(role(call), untagKeys(call)),

  CreatePolicy: (call) => call.makes(policy(call), 'iam:TagPolicy'),
  GetPolicy: ofPolicy,
  GetPolicyVersion: ofPolicy,
  ListPolicyVersions: ofPolicy,
  CreatePolicyVersion: ofPolicy,
  DeletePolicyVersion: ofPolicy,
  DeletePolicy: ofPolicy,
  ListPolicyTags: ofPolicy,

  CreateOpenIDConnectProvider: (call) =>
    call.makes(`oidc-provider/${call.text('Url').replace('https://', '')}`, 'iam:TagOpenIDConnectProvider'),
  GetOpenIDConnectProvider: ofProvider,
  DeleteOpenIDConnectProvider: ofProvider,
  ListOpenIDConnectProviders: (call) => [call.on('*')],

  CreateInstanceProfile: (call) => makesPathed(call, profile(call), 'iam:TagInstanceProfile'),
  // The role goes to the instances of the profile. Source: IAM User Guide, "Grant a user permissions to pass a role".
  AddRoleToInstanceProfile: (call) => [
    ...ofProfile(call),
    ...call.passes(call.arn(role(call)), 'ec2.amazonaws.com'),
  ],
  GetInstanceProfile: ofProfile,
  RemoveRoleFromInstanceProfile: ofProfile,
  DeleteInstanceProfile: ofProfile,
  ListRoles: (call) => [call.on('*')],
  ListUsers: (call) => [call.on('*')],
};

export const STS_RULES: Rules = {
  // No policy can deny it. Source: IAM User Guide.
  GetCallerIdentity: () => [],
};
