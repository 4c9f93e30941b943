import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from '../../terraform/construct';
import { Account } from '../account/account';
import { type GithubIds, type GithubJob, GithubOidc } from './github-oidc';
import { dataReadStatements, dataWriteStatements } from './pipeline-data';
import { guardStatements, notOfOthers, prohibitions } from './pipeline-guard';
import { networkStatements } from './pipeline-network-writes';
import { planStatements, stateReadStatements } from './pipeline-reads';
import { pipelineNames, type PipelinePlatform, PipelineScope } from './pipeline-scope';
import { identityStatements, serviceStatements, stateWriteStatements } from './pipeline-service-writes';
import { MANAGED_POLICY_LIMIT, policyParts } from './policy-parts';
import { roleBoundaryStatements, type RoleBoundaryOptions } from './role-boundary';
import { policyDocument, type PolicyStatement } from '../identity/policy-document';

/** The environment of GitHub whose jobs apply. Its rules, and nothing here, say on which branches and after whose review. */
export const APPLY_ENVIRONMENT = 'deploy';

/** Where what is planned is what would be applied. */
const MAIN_BRANCH = 'main';

const PLANNING: readonly GithubJob[] = [{ event: 'pull_request' }, { branch: MAIN_BRANCH }];
const APPLYING: readonly GithubJob[] = [{ environment: APPLY_ENVIRONMENT }];

/**
 * Seconds for which the credentials of the role that applies last at most: six hours, as long as a job of GitHub. An upgrade of
 * Kubernetes takes up to an hour for the control plane, and up to an hour for each round of node groups.
 */
export const APPLY_SESSION_SECONDS = 21_600;

/** The policies that IAM attaches to a role, unless the account asks for more. Source: IAM User Guide, IAM and AWS STS quotas. */
const ATTACHED_POLICIES = 10;

export interface PipelineRolesOptions extends PipelinePlatform {
  /** Repository of GitHub, `owner/name`, as it is written there: the case of letters counts. */
  readonly repository: string;
  /** @default - none, so that only tokens whose subject has no numbers are trusted */
  readonly repositoryIds?: GithubIds;
  /** Whether the account has GitHub's provider already, of which it can have one. @default false */
  readonly existingProvider?: boolean;
  /**
   * ARN of the policy that an organization bounds its roles by. What the pipeline is forbidden when it applies then stands in a
   * policy of the role, since a role has one boundary.
   * @default - the role that applies has a boundary of its own, and one is made for the platform's roles
   */
  readonly permissionsBoundary?: string;
  /** What the boundary of the platform's roles lets pass besides. @default - nothing */
  readonly boundary?: RoleBoundaryOptions;
}

/**
 * The two roles of a pipeline on GitHub Actions. One plans, for pull requests and on the main branch. It reads only, and
 * writes nothing except locks. The other applies, for jobs in the environment `deploy` alone. It cannot change what limits it: both
 * roles, their policies, GitHub's provider, and the state's bucket.
 *
 * The role boundary is for every role that the platform's stacks make.
 */
export class PipelineRoles extends Construct {
  readonly oidc: GithubOidc;
  /** What the boundary of the platform's roles says; undefined where it is that of an organization. */
  readonly boundary: readonly PolicyStatement[] | undefined;

  constructor(scope: Construct, id: string, options: PipelineRolesOptions) {
    super(scope, id);
    const { permissionsBoundary } = options;
    const trust = (jobs: readonly GithubJob[]): PolicyStatement =>
      this.oidc.trust(options.repository, jobs, options.repositoryIds);
    const names = pipelineNames(options.platform);
    const platform = new PipelineScope(Account.of(this), options);
    const roleBoundary = permissionsBoundary ?? platform.iam('policy', names.roleBoundary);

    this.oidc = new GithubOidc(this, 'github', { existing: options.existingProvider ?? false });
    const guard =
      permissionsBoundary === undefined
        ? this.policy('guard', names.guard, guardStatements(platform, roleBoundary))
        : undefined;
    this.boundary = guard && this.roleBoundary(names.roleBoundary, platform, options.boundary);

    const reads = this.policies(platform, 'read', [
      ...planStatements(platform),
      ...dataReadStatements(platform),
    ]);
    const writes = [
      ...this.policies(platform, 'network', networkStatements(platform)),
      ...this.policies(platform, 'services', [
        ...serviceStatements(platform),
        ...dataWriteStatements(platform),
      ]),
    ];

    const plan = this.role('plan', names.plan, trust(PLANNING), {
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    });
    for (const policy of reads) this.attach(`plan-${policy.node.id}`, plan, policy);
    this.inline('plan-state', plan, stateReadStatements(platform));

    const boundary = guard?.arn ?? permissionsBoundary;
    const apply = this.role('apply', names.apply, trust(APPLYING), {
      ...(boundary !== undefined && { permissionsBoundary: boundary }),
      maxSessionDuration: APPLY_SESSION_SECONDS,
    });
    const attached = [...reads, ...writes];
    for (const policy of attached) this.attach(`apply-${policy.node.id}`, apply, policy);
    this.node.addValidation({
      validate: () =>
        attached.length > ATTACHED_POLICIES
          ? [
              `needs ${attached.length} policies for the role that applies; IAM attaches ${ATTACHED_POLICIES}. Shorten the names`,
            ]
          : [],
    });
    this.inline('apply-state', apply, [...stateReadStatements(platform), ...stateWriteStatements(platform)]);
    const others = notOfOthers(platform);
    if (others.length > 0) this.inline('apply-others', apply, others);
    this.inline('apply-identities', apply, identityStatements(platform, roleBoundary));
    if (!guard) this.inline('apply-guard', apply, prohibitions(platform, roleBoundary));
  }

  private role(
    id: string,
    name: string,
    trust: PolicyStatement,
    settings: { readonly permissionsBoundary?: string; readonly maxSessionDuration?: number },
  ): IamRole {
    return new IamRole(this, id, { name, assumeRolePolicy: policyDocument(trust), ...settings });
  }

  private policy(id: string, name: string, statements: readonly PolicyStatement[]): IamPolicy {
    return new IamPolicy(this, id, { name, policy: policyDocument(...statements) });
  }

  /** As many policies as the statements need, the first with the name itself. */
  private policies(scope: PipelineScope, id: string, statements: readonly PolicyStatement[]): IamPolicy[] {
    return policyParts(statements, (document) => scope.length(document)).map((part, i) => {
      const name = i === 0 ? id : `${id}-${i + 1}`;
      return this.policy(name, `${scope.platform}-pipeline-${name}`, part);
    });
  }

  /** One policy, since a role has one boundary. */
  private roleBoundary(
    name: string,
    scope: PipelineScope,
    options?: RoleBoundaryOptions,
  ): readonly PolicyStatement[] {
    const statements = roleBoundaryStatements(scope, options);
    this.policy('role-boundary', name, statements);
    const length = scope.length(policyDocument(...statements));
    this.node.addValidation({
      validate: () =>
        length > MANAGED_POLICY_LIMIT
          ? [
              `the boundary of the platform's roles has ${length} characters; IAM takes ${MANAGED_POLICY_LIMIT}. Name fewer ` +
                'actions and resources in iam.boundary.allow, by patterns',
            ]
          : [],
    });
    return statements;
  }

  private attach(id: string, role: IamRole, policy: IamPolicy): void {
    new IamRolePolicyAttachment(this, id, { role: role.name, policyArn: policy.arn });
  }

  private inline(id: string, role: IamRole, statements: readonly PolicyStatement[]): void {
    new IamRolePolicy(this, id, { name: id, role: role.name, policy: policyDocument(...statements) });
  }
}
