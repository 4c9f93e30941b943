import { tagParameters, whenFound, type AwsQuery, type XmlElement } from './aws-query';

/** A port on which a load balancer passes traffic on, with the tags of its target group. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a load balancer is made from. */
export interface LoadBalancerRequest {
  /** At most 32 characters; its security group has it too. */
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly scheme: 'internal' | 'internet-facing';
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of its security group. */
  readonly securityGroupTags: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
}

/** The load balancers of the emulated account: a seam, so that their controller is tested without moto. */
export interface LoadBalancers {
  /** Makes what is not there yet. @returns the hostname */
  ensure(request: LoadBalancerRequest): Promise<string>;
  /**
   * Takes it away with its target groups and its security group; does nothing when they are gone.
   *
   * @param targetPrefix what the names of its target groups begin with
   */
  remove(name: string, vpcId: string, targetPrefix: string): Promise<void>;
}

/** Load balancers as moto keeps them. It makes no network interfaces for them, and writes every ARN as that of an `app`. */
export class MotoLoadBalancers implements LoadBalancers {
  constructor(private readonly aws: AwsQuery) {}

  async ensure(request: LoadBalancerRequest): Promise<string> {
    const { name, type, scheme, vpcId, tags, securityGroupTags, targets } = request;
    for (const target of targets) {
      if (await this.hasTargetGroup(target.name)) continue;
      await this.elb('CreateTargetGroup', {
        Name: target.name,
        Protocol: type === 'network' ? 'TCP' : 'HTTP',
        Port: String(target.port),
        VpcId: vpcId,
        TargetType: 'ip',
        ...tagParameters('Tags.member', target.tags),
      });
    }
    const found = await this.find(name);
    if (found) return found.host;
    const group =
      (await this.securityGroupId(name, vpcId)) ??
      (await this.createSecurityGroup(name, vpcId, securityGroupTags));
    const answer = await this.elb('CreateLoadBalancer', {
      Name: name,
      Type: type,
      Scheme: scheme,
      'SecurityGroups.member.1': group,
      ...Object.fromEntries(
        (await this.subnets(vpcId, scheme)).map((id, index) => [`Subnets.member.${index + 1}`, id]),
      ),
      ...tagParameters('Tags.member', tags),
    });
    const host = answer.items('CreateLoadBalancerResult.LoadBalancers')[0]?.value('DNSName');
    if (host === undefined) throw new Error('the emulated AWS made a load balancer without a hostname');
    return host;
  }

  async remove(name: string, vpcId: string, targetPrefix: string): Promise<void> {
    const found = await this.find(name);
    if (found) await this.elb('DeleteLoadBalancer', { LoadBalancerArn: found.arn });
    const groups = (await this.elb('DescribeTargetGroups')).items('DescribeTargetGroupsResult.TargetGroups');
    for (const target of groups) {
      if (target.value('TargetGroupName')?.startsWith(targetPrefix) !== true) continue;
      await this.elb('DeleteTargetGroup', { TargetGroupArn: target.value('TargetGroupArn') ?? '' });
    }
    const group = await this.securityGroupId(name, vpcId);
    if (group !== undefined) await this.aws.query('ec2', 'DeleteSecurityGroup', { GroupId: group });
  }

  private async find(name: string): Promise<{ readonly arn: string; readonly host: string } | undefined> {
    const answer = await whenFound(this.elb('DescribeLoadBalancers', { 'Names.member.1': name }));
    const found = answer?.items('DescribeLoadBalancersResult.LoadBalancers')[0];
    const [arn, host] = [found?.value('LoadBalancerArn'), found?.value('DNSName')];
    return arn === undefined || host === undefined ? undefined : { arn, host };
  }

  private async hasTargetGroup(name: string): Promise<boolean> {
    return (await whenFound(this.elb('DescribeTargetGroups', { 'Names.member.1': name }))) !== undefined;
  }

  /** One subnet in each zone, found by its tag as the controller finds it. */
  private async subnets(vpcId: string, scheme: LoadBalancerRequest['scheme']): Promise<string[]> {
    const answer = await this.aws.query('ec2', 'DescribeSubnets', {
      'Filter.1.Name': 'vpc-id',
      'Filter.1.Value.1': vpcId,
      'Filter.2.Name': `tag:kubernetes.io/role/${scheme === 'internal' ? 'internal-elb' : 'elb'}`,
      'Filter.2.Value.1': '1',
      'Filter.2.Value.2': '',
    });
    const byZone = new Map<string, string>();
    for (const subnet of answer.items('subnetSet')) {
      const zone = subnet.value('availabilityZone') ?? '';
      if (!byZone.has(zone)) byZone.set(zone, subnet.value('subnetId') ?? '');
    }
    if (byZone.size === 0)
      throw new Error(`unable to resolve at least one subnet for an ${scheme} load balancer`);
    return [...byZone.values()];
  }

  private async securityGroupId(name: string, vpcId: string): Promise<string | undefined> {
    const answer = await this.aws.query('ec2', 'DescribeSecurityGroups', {
      'Filter.1.Name': 'vpc-id',
      'Filter.1.Value.1': vpcId,
      'Filter.2.Name': 'group-name',
      'Filter.2.Value.1': name,
    });
    return answer.items('securityGroupInfo')[0]?.value('groupId');
  }

  private async createSecurityGroup(
    name: string,
    vpcId: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<string> {
    const answer = await this.aws.query('ec2', 'CreateSecurityGroup', {
      GroupName: name,
      GroupDescription: '[k8s] Managed SecurityGroup for LoadBalancer',
      VpcId: vpcId,
      'TagSpecification.1.ResourceType': 'security-group',
      ...tagParameters('TagSpecification.1.Tag', tags),
    });
    return answer.value('groupId') ?? '';
  }

  private elb(action: string, parameters: Readonly<Record<string, string>> = {}): Promise<XmlElement> {
    return this.aws.query('elasticloadbalancing', action, parameters);
  }
}
