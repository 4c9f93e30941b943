import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { Account } from '../account/account';
import { type GithubJob, GithubOidc } from './github-oidc';
import { dataReadStatements, dataWriteStatements } from './pipeline-data';
import { guardStatements, prohibitions, roleBoundaryStatements } from './pipeline-guard';
import { networkStatements } from './pipeline-network-writes';
import { planStatements, stateReadStatements } from './pipeline-reads';
import { pipelineNames, type PipelinePlatform, PipelineScope } from './pipeline-scope';
import {
  identityStatements,
  metricsStatements,
  serviceStatements,
  stateWriteStatements,
} from './pipeline-service-writes';
import { policyDocument, type PolicyStatement } from '../identity/policy-document';

/** The environment of GitHub whose jobs apply. Its rules, and nothing here, say on which branches and after whose review. */
export const APPLY_ENVIRONMENT = 'deploy';

/** Where what is planned is what would be applied. */
const MAIN_BRANCH = 'main';

const PLANNING: readonly GithubJob[] = [{ event: 'pull_request' }, { branch: MAIN_BRANCH }];
const APPLYING: readonly GithubJob[] = [{ environment: APPLY_ENVIRONMENT }];

export interface PipelineRolesOptions extends PipelinePlatform {
  /** Repository of GitHub, `owner/name`, as it is written there: the case of letters counts. */
  readonly repository: string;
  /** Whether the account has GitHub's provider already, of which it can have one. @default false */
  readonly existingProvider?: boolean;
  /**
   * ARN of the policy that an organization bounds its roles by. What the pipeline is forbidden when it applies then stands in a
   * policy of the role, since a role has one boundary.
   * @default - the role that applies has a boundary of its own, and one is made for the platform's roles
   */
  readonly permissionsBoundary?: string;
}

/**
 * The two roles of a pipeline on GitHub Actions. One plans, for pull requests and on the main branch, and reads only: of what it
 * may write there are locks. The other applies, for jobs in the environment `deploy` alone, and is kept from changing what it is
 * kept by: both roles, their policies, GitHub's provider, and the state's bucket.
 *
 * The role boundary is for every role that the platform's stacks make.
 */
export class PipelineRoles extends Construct {
  readonly oidc: GithubOidc;

  constructor(scope: Construct, id: string, options: PipelineRolesOptions) {
    super(scope, id);
    const { repository, permissionsBoundary } = options;
    const names = pipelineNames(options.platform);
    const platform = new PipelineScope(Account.of(this), options);
    const roleBoundary = permissionsBoundary ?? platform.iam('policy', names.roleBoundary);

    this.oidc = new GithubOidc(this, 'github', { existing: options.existingProvider ?? false });
    const guard =
      permissionsBoundary === undefined
        ? this.policy('guard', names.guard, guardStatements(platform, roleBoundary))
        : undefined;
    if (guard) this.policy('role-boundary', names.roleBoundary, roleBoundaryStatements(platform));

    const reads = [
      this.policy('read', `${options.platform}-pipeline-read`, planStatements(platform)),
      this.policy('read-data', `${options.platform}-pipeline-read-data`, dataReadStatements(platform)),
    ];
    const writes = [
      this.policy('network', `${options.platform}-pipeline-network`, networkStatements(platform)),
      this.policy('services', `${options.platform}-pipeline-services`, serviceStatements(platform)),
      this.policy('metrics', `${options.platform}-pipeline-metrics`, metricsStatements(platform)),
      this.policy('data', `${options.platform}-pipeline-data`, dataWriteStatements(platform)),
    ];

    const plan = this.role('plan', names.plan, this.oidc.trust(repository, PLANNING), permissionsBoundary);
    for (const policy of reads) this.attach(`plan-${policy.node.id}`, plan, policy);
    this.inline('plan-state', plan, stateReadStatements(platform));

    const apply = this.role(
      'apply',
      names.apply,
      this.oidc.trust(repository, APPLYING),
      guard?.arn ?? permissionsBoundary,
    );
    for (const policy of [...reads, ...writes]) this.attach(`apply-${policy.node.id}`, apply, policy);
    this.inline('apply-state', apply, [...stateReadStatements(platform), ...stateWriteStatements(platform)]);
    this.inline('apply-identities', apply, identityStatements(platform, roleBoundary));
    if (!guard) this.inline('apply-guard', apply, prohibitions(platform, roleBoundary));
  }

  private role(id: string, name: string, trust: PolicyStatement, boundary?: string): IamRole {
    return new IamRole(this, id, {
      name,
      assumeRolePolicy: policyDocument(trust),
      ...(boundary !== undefined && { permissionsBoundary: boundary }),
    });
  }

  private policy(id: string, name: string, statements: readonly PolicyStatement[]): IamPolicy {
    return new IamPolicy(this, id, { name, policy: policyDocument(...statements) });
  }

  private attach(id: string, role: IamRole, policy: IamPolicy): void {
    new IamRolePolicyAttachment(this, id, { role: role.name, policyArn: policy.arn });
  }

  private inline(id: string, role: IamRole, statements: readonly PolicyStatement[]): void {
    new IamRolePolicy(this, id, { name: id, role: role.name, policy: policyDocument(...statements) });
  }
}
