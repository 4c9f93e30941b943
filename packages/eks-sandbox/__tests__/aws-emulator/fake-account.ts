import { zonesOf } from '@kubernetes-on-aws/eks-facts/zones';
import type {
  AccessPoint,
  AccessPointRequest,
  Account,
  InstanceType,
  LaunchTemplateVersion,
  Role,
  Subnet,
} from '../../aws-emulator/emulated-account';

export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-west-1';

/** @returns the ARN of a role of the fake account */
export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
}

const M7I: InstanceType = {
  name: 'm7i.large',
  vcpus: 2,
  memoryMiB: 8192,
  networkInterfaces: 3,
  ipv4PerInterface: 10,
  architecture: 'x86_64',
};

/** An account in memory with a VPC of three zones, the roles that EKS needs, and two instance types. */
export class FakeAccount implements Account {
  readonly accountId = ACCOUNT_ID;
  region = REGION;
  caller = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/admin/session`;
  readonly securityGroups = new Set<string>();
  readonly logGroups = new Set<string>();
  readonly volumes = new Map<string, number>();
  /** The access points of each file system. */
  readonly fileSystems = new Map<string, (AccessPoint & AccessPointRequest)[]>();
  readonly launchTemplates = new Map<string, LaunchTemplateVersion>();
  readonly roles = new Map<string, readonly string[]>([
    ['admin', []],
    ['cluster', ['eks.amazonaws.com']],
    ['node', ['ec2.amazonaws.com']],
    ['pod', ['pods.eks.amazonaws.com']],
  ]);

  role(arn: string): Promise<Role | undefined> {
    const trustedServices = this.roles.get(arn.split('/').at(-1) ?? '');
    return Promise.resolve(trustedServices && { arn, trustedServices });
  }

  async principalExists(arn: string): Promise<boolean> {
    return (await this.role(arn)) !== undefined;
  }

  subnets(ids: readonly string[]): Promise<Subnet[]> {
    const known = [...zonesOf(ACCOUNT_ID, this.region)].map(([zone, zoneId], index) => ({
      id: `subnet-${zone.slice(-1)}`,
      vpcId: 'vpc-1',
      zone,
      zoneId,
      cidr: `10.0.${index * 16}.0/20`,
    }));
    return Promise.resolve(known.filter(({ id }) => ids.includes(id)));
  }

  vpcCidr(): Promise<string> {
    return Promise.resolve('10.0.0.0/16');
  }

  securityGroupExists(id: string): Promise<boolean> {
    return Promise.resolve(this.securityGroups.has(id));
  }

  instanceType(name: string): Promise<InstanceType | undefined> {
    const arm: InstanceType = { ...M7I, name: 'm7g.large', architecture: 'arm64' };
    return Promise.resolve([M7I, { ...M7I, name: 't3.medium' }, arm].find((type) => type.name === name));
  }

  launchTemplate(
    template: { readonly id?: string; readonly name?: string },
    version: string,
  ): Promise<LaunchTemplateVersion | undefined> {
    return Promise.resolve(this.launchTemplates.get(`${template.id ?? template.name ?? ''}:${version}`));
  }

  kmsKeyExists(arn: string): Promise<boolean> {
    return Promise.resolve(arn.includes(':key/'));
  }

  callerArn(): Promise<string> {
    return Promise.resolve(this.caller);
  }

  principalOf(arn: string): Promise<string> {
    const role = /assumed-role\/([^/]+)\//.exec(arn)?.[1];
    return Promise.resolve(role === undefined ? arn : roleArn(role));
  }

  createSecurityGroup(name: string): Promise<string> {
    this.securityGroups.add(`sg-${name}`);
    return Promise.resolve(`sg-${name}`);
  }

  deleteSecurityGroup(id: string): Promise<void> {
    this.securityGroups.delete(id);
    return Promise.resolve();
  }

  ensureLogGroup(name: string): Promise<void> {
    this.logGroups.add(name);
    return Promise.resolve();
  }

  createVolume(_zone: string, sizeGiB: number): Promise<string> {
    const id = `vol-${this.volumes.size + 1}`;
    this.volumes.set(id, sizeGiB);
    return Promise.resolve(id);
  }

  deleteVolume(id: string): Promise<void> {
    this.volumes.delete(id);
    return Promise.resolve();
  }

  accessPoints(fileSystemId: string): Promise<AccessPoint[] | undefined> {
    return Promise.resolve(this.fileSystems.get(fileSystemId));
  }

  createAccessPoint(fileSystemId: string, accessPoint: AccessPointRequest): Promise<string> {
    const id = `fsap-${accessPoint.gid}`;
    this.fileSystems.get(fileSystemId)?.push({ id, ...accessPoint });
    return Promise.resolve(id);
  }

  deleteAccessPoint(id: string): Promise<void> {
    for (const [fileSystem, found] of this.fileSystems) {
      this.fileSystems.set(
        fileSystem,
        found.filter((accessPoint) => accessPoint.id !== id),
      );
    }
    return Promise.resolve();
  }
}
