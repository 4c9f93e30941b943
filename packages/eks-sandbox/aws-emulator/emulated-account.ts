import { zonesOf } from '@kubernetes-on-aws/eks-facts/zones';
import {
  instanceType,
  type InstanceType as InstanceTypeFigures,
} from '@kubernetes-on-aws/eks-facts/instance-types';
import { trustedServices } from './trust-policies';
import { AwsQueryError, tagParameters, whenFound, type AwsQuery, type XmlElement } from './aws-query';

/** A subnet of the emulated account. */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  /** `eu-west-1a` */
  readonly zone: string;
  /** `euw1-az1` */
  readonly zoneId: string;
  /** `10.0.0.0/20` */
  readonly cidr: string;
}

/** An EC2 instance type as the account describes it. */
export interface InstanceType extends InstanceTypeFigures {
  readonly name: string;
}

/** What a version of a launch template says, as far as EKS looks at it. */
export interface LaunchTemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly instanceType?: string;
  readonly imageId?: string;
  /** Base64. */
  readonly userData?: string;
  readonly hasInstanceProfile: boolean;
  readonly hasSubnet: boolean;
  /** Size of the volume that holds images and logs. */
  readonly rootVolumeGiB?: number;
}

/** An access point of an EFS file system. */
export interface AccessPoint {
  readonly id: string;
  /** What its maker calls it, so that it is not made twice. */
  readonly clientToken: string;
  /** Group that everybody is who comes through it. */
  readonly gid?: number;
}

/** What an access point is made from. */
export interface AccessPointRequest {
  readonly clientToken: string;
  readonly uid: number;
  readonly gid: number;
  /** Folder that is made when it is first used, such as `/shop/uploads`. */
  readonly path: string;
  /** Mode of the folder: `700`. */
  readonly permissions: string;
}

/** An IAM role of the emulated account. */
export interface Role {
  readonly arn: string;
  /** Service principals that may assume it: `eks.amazonaws.com`. */
  readonly trustedServices: readonly string[];
}

/** What the EKS emulator asks of the rest of the account: a seam, so that it is tested without moto. */
export type Account = Pick<MotoAccount, keyof MotoAccount>;

type Tags = Readonly<Record<string, string>>;

/** The account as moto keeps it. */
export class MotoAccount {
  /** An instance type does not change. */
  private readonly instanceTypes = new Map<string, Promise<InstanceType | undefined>>();

  constructor(
    private readonly aws: AwsQuery,
    readonly accountId: string,
    readonly region: string,
  ) {}

  async role(arn: string): Promise<Role | undefined> {
    const name = nameOf(arn, 'role');
    if (name === undefined) return undefined;
    const answer = await whenFound(this.aws.query('iam', 'GetRole', { RoleName: name }));
    const role = answer?.find('GetRoleResult.Role');
    if (role?.value('Arn') !== arn) return undefined;
    const document = decodeURIComponent(role.value('AssumeRolePolicyDocument') ?? '{}');
    return { arn, trustedServices: trustedServices(document) };
  }

  /** Whether the ARN names an IAM user or role that exists. */
  async principalExists(arn: string): Promise<boolean> {
    const user = nameOf(arn, 'user');
    if (user === undefined) return (await this.role(arn)) !== undefined;
    const answer = await whenFound(this.aws.query('iam', 'GetUser', { UserName: user }));
    return answer?.value('GetUserResult.User.Arn') === arn;
  }

  /** Those of the subnets that exist. */
  async subnets(ids: readonly string[]): Promise<Subnet[]> {
    const filter = Object.fromEntries(ids.map((id, index) => [`Filter.1.Value.${index + 1}`, id]));
    const answer = await this.aws.query('ec2', 'DescribeSubnets', {
      'Filter.1.Name': 'subnet-id',
      ...filter,
    });
    const zones = zonesOf(this.accountId, this.region);
    return answer.items('subnetSet').map((subnet) => ({
      id: text(subnet, 'subnetId'),
      vpcId: text(subnet, 'vpcId'),
      zone: text(subnet, 'availabilityZone'),
      zoneId: zones.get(text(subnet, 'availabilityZone')) ?? '',
      cidr: text(subnet, 'cidrBlock'),
    }));
  }

  async vpcCidr(vpcId: string): Promise<string> {
    const answer = await this.aws.query('ec2', 'DescribeVpcs', { 'VpcId.1': vpcId });
    return text(answer, 'vpcSet.item.cidrBlock');
  }

  async securityGroupExists(id: string): Promise<boolean> {
    const answer = await whenFound(this.aws.query('ec2', 'DescribeSecurityGroups', { 'GroupId.1': id }));
    return answer !== undefined;
  }

  instanceType(name: string): Promise<InstanceType | undefined> {
    const known = this.instanceTypes.get(name) ?? this.describeInstanceType(name);
    this.instanceTypes.set(name, known);
    return known;
  }

  /** @param version a number, `$Default` or `$Latest` */
  async launchTemplate(
    template: { readonly id?: string; readonly name?: string },
    version: string,
  ): Promise<LaunchTemplateVersion | undefined> {
    const which = {
      ...(template.id ? { LaunchTemplateId: template.id } : { LaunchTemplateName: template.name ?? '' }),
      'LaunchTemplateVersion.1': version,
    };
    const answer = await whenFound(this.aws.query('ec2', 'DescribeLaunchTemplateVersions', which));
    const found = answer?.items('launchTemplateVersionSet')[0];
    if (!found) return undefined;
    const data = found.find('launchTemplateData');
    // The first of Bottlerocket's two volumes is the system's, and has no configured size.
    const volume = data
      ?.items('blockDeviceMappingSet')
      .map((mapping) => mapping.value('ebs.volumeSize'))
      .find((size) => size !== undefined);
    return withoutUndefined({
      id: text(found, 'launchTemplateId'),
      name: text(found, 'launchTemplateName'),
      version: text(found, 'versionNumber'),
      instanceType: data?.value('instanceType'),
      imageId: data?.value('imageId'),
      userData: data?.value('userData'),
      hasInstanceProfile: data?.find('iamInstanceProfile') !== undefined,
      hasSubnet: data?.items('networkInterfaceSet').some((item) => item.value('subnetId')) === true,
      rootVolumeGiB: volume === undefined ? undefined : Number(volume),
    });
  }

  async kmsKeyExists(arn: string): Promise<boolean> {
    const target = 'TrentService.DescribeKey';
    const answer = await whenFound(this.aws.json('kms', target, { KeyId: arn }));
    return (answer?.KeyMetadata as { KeyState?: string } | undefined)?.KeyState === 'Enabled';
  }

  /** ARN of who an access key belongs to: of a user, or of a session of a role. */
  async callerArn(accessKeyId: string): Promise<string> {
    const answer = await this.aws.query('sts', 'GetCallerIdentity', {}, { accessKeyId });
    return text(answer, 'GetCallerIdentityResult.Arn');
  }

  /** ARN of the IAM principal behind a caller: the role, with its path, behind a session of it. */
  async principalOf(callerArn: string): Promise<string> {
    const name = /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/([^/]+)\//.exec(callerArn)?.[1];
    if (name === undefined) return callerArn;
    // The ARN of a session does not have the role's path.
    const answer = await whenFound(this.aws.query('iam', 'GetRole', { RoleName: name }));
    return answer?.value('GetRoleResult.Role.Arn') ?? callerArn;
  }

  async createSecurityGroup(name: string, description: string, vpcId: string, tags: Tags): Promise<string> {
    const answer = await this.aws.query('ec2', 'CreateSecurityGroup', {
      GroupName: name,
      GroupDescription: description,
      VpcId: vpcId,
      ...tagSpecification('security-group', tags),
    });
    return text(answer, 'groupId');
  }

  async deleteSecurityGroup(id: string): Promise<void> {
    await whenFound(this.aws.query('ec2', 'DeleteSecurityGroup', { GroupId: id }));
  }

  /** Makes the log group unless it exists. */
  async ensureLogGroup(name: string): Promise<void> {
    try {
      await this.aws.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: name });
    } catch (error) {
      if (!(error instanceof AwsQueryError && error.code.includes('ResourceAlreadyExists'))) throw error;
    }
  }

  async createVolume(zone: string, sizeGiB: number, tags: Tags): Promise<string> {
    const answer = await this.aws.query('ec2', 'CreateVolume', {
      AvailabilityZone: zone,
      Size: String(sizeGiB),
      VolumeType: 'gp3',
      ...tagSpecification('volume', tags),
    });
    return text(answer, 'volumeId');
  }

  async deleteVolume(id: string): Promise<void> {
    await whenFound(this.aws.query('ec2', 'DeleteVolume', { VolumeId: id }));
  }

  /** The access points of an EFS file system; undefined when there is no such file system. */
  async accessPoints(fileSystemId: string): Promise<AccessPoint[] | undefined> {
    const query = `FileSystemId=${encodeURIComponent(fileSystemId)}`;
    // moto has no access points of a file system that is not there, and finds nothing wrong with it.
    if ((await whenFound(this.efs('GET', `file-systems?${query}`))) === undefined) return undefined;
    const { AccessPoints: found } = (await this.efs('GET', `access-points?${query}`)) as {
      AccessPoints: { AccessPointId: string; ClientToken: string; PosixUser?: { Gid: number } | null }[];
    };
    return found.map(({ AccessPointId: id, ClientToken: clientToken, PosixUser: user }) =>
      withoutUndefined({ id, clientToken, gid: user?.Gid }),
    );
  }

  /** @returns the ID of the access point */
  async createAccessPoint(
    fileSystemId: string,
    { clientToken, uid, gid, path, permissions }: AccessPointRequest,
    tags: Tags,
  ): Promise<string> {
    const { AccessPointId: id } = (await this.efs('POST', 'access-points', {
      FileSystemId: fileSystemId,
      ClientToken: clientToken,
      PosixUser: { Uid: uid, Gid: gid },
      RootDirectory: { Path: path, CreationInfo: { OwnerUid: uid, OwnerGid: gid, Permissions: permissions } },
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })) as { AccessPointId: string };
    return id;
  }

  async deleteAccessPoint(id: string): Promise<void> {
    await whenFound(this.efs('DELETE', `access-points/${encodeURIComponent(id)}`));
  }

  private efs(method: string, path: string, input?: unknown): Promise<Record<string, unknown>> {
    return this.aws.restJson('elasticfilesystem', method, `/2015-02-01/${path}`, input);
  }

  private async describeInstanceType(name: string): Promise<InstanceType | undefined> {
    const answer = await whenFound(
      this.aws.query('ec2', 'DescribeInstanceTypes', { 'InstanceType.1': name }),
    );
    const found = answer?.items('instanceTypeSet')[0];
    return found && instanceTypeOf(found);
  }
}

/** An instance type as DescribeInstanceTypes describes it. */
export function instanceTypeOf(described: XmlElement): InstanceType {
  const name = text(described, 'instanceType');
  const architectures = described.items('processorInfo.supportedArchitectures').map((item) => item.text);
  const card = described
    .items('networkInfo.networkCards')
    .find(
      (item) => item.value('networkCardIndex') === described.value('networkInfo.defaultNetworkCardIndex'),
    );
  return {
    name,
    devices: instanceType(name)?.devices ?? 0,
    vcpus: Number(text(described, 'vCpuInfo.defaultVCpus')),
    memoryMiB: Number(text(described, 'memoryInfo.sizeInMiB')),
    networkInterfaces: Number(
      card?.value('maximumNetworkInterfaces') ?? text(described, 'networkInfo.maximumNetworkInterfaces'),
    ),
    ipv4PerInterface: Number(text(described, 'networkInfo.ipv4AddressesPerInterface')),
    architecture: architectures.includes('arm64') ? 'arm64' : 'x86_64',
  };
}

/** The name at the end of an IAM ARN with or without a path; undefined when the ARN is of another kind. */
export function nameOf(arn: string, kind: 'role' | 'user'): string | undefined {
  return new RegExp(`^arn:aws[a-z-]*:iam::\\d{12}:${kind}/(?:.*/)?([^/]+)$`).exec(arn)?.[1];
}

const tagSpecification = (resourceType: string, tags: Tags): Record<string, string> => ({
  'TagSpecification.1.ResourceType': resourceType,
  ...tagParameters('TagSpecification.1.Tag', tags),
});

function text(element: XmlElement, path: string): string {
  const value = element.value(path);
  if (value === undefined) throw new Error(`the emulated AWS answered without ${path}`);
  return value;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined fields. */
export function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
