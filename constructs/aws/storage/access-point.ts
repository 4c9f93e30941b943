import { DataAwsEfsAccessPoint } from '@cdktf/provider-aws/lib/data-aws-efs-access-point';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { EfsAccessPoint } from '@cdktf/provider-aws/lib/efs-access-point';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct, MAIN_CHILD, takingLiterally } from '../../terraform/construct';

/** A directory of an EFS file system, and its user. */
export interface AccessPointOptions {
  /** ID of the EFS file system. */
  readonly fileSystemId: string;
  /** Name by which `lookup` finds it, such as `seed/dev/media`: unique in account and region. */
  readonly name: string;
  /** The directory that it opens, such as `/dev/media`; made at the first mount. */
  readonly path: string;
  /**
   * User and group that own the directory, and as whom everyone reads and writes through it.
   * @default 65532, as whom the containers of this program run
   */
  readonly user?: number;
}

/** A directory of an EFS file system, as a volume of Kubernetes names it. */
export interface FoundAccessPoint {
  readonly fileSystemId: string;
  readonly accessPointId: string;
}

/**
 * One directory of an EFS file system, for one user: who mounts it sees nothing else of the file system. Its ID is kept in an
 * SSM parameter, because AWS chooses it and finds no access point by name.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html
 */
export class AccessPoint extends Construct implements FoundAccessPoint {
  /** Finds an access point of another stack, without reading its state. */
  static lookup(scope: Construct, id: string, name: string): FoundAccessPoint {
    const { insecureValue: accessPointId } = takingLiterally(
      new DataAwsSsmParameter(scope, `${id}-parameter`, { name: parameterName(name) }),
    );
    const { fileSystemId } = new DataAwsEfsAccessPoint(scope, id, { accessPointId });
    return { fileSystemId, accessPointId };
  }

  readonly resource: EfsAccessPoint;
  readonly fileSystemId: string;

  constructor(scope: Construct, id: string, options: AccessPointOptions) {
    super(scope, id);
    const { user = 65532 } = options;
    this.node.addValidation({
      validate: () =>
        /^(\/[^/]+){1,4}$/.test(options.path)
          ? []
          : [
              `path: got "${options.path}"; a directory of up to four levels such as /dev/media is allowed. ` +
                'The root would open the whole file system',
            ],
    });
    this.resource = new EfsAccessPoint(this, MAIN_CHILD, {
      fileSystemId: options.fileSystemId,
      posixUser: { uid: user, gid: user },
      rootDirectory: {
        path: options.path,
        creationInfo: { ownerUid: user, ownerGid: user, permissions: '0750' },
      },
      tags: { Name: options.name },
    });
    this.fileSystemId = options.fileSystemId;
    new SsmParameter(this, 'id', {
      name: parameterName(options.name),
      description: `ID of the EFS access point ${options.name}`,
      type: 'String',
      // An imported parameter has no insecure_value in its state, which would differ at each plan.
      value: this.resource.id,
    });
  }

  get accessPointId(): string {
    return this.resource.id;
  }
}

function parameterName(name: string): string {
  return `/${name}/access-point`;
}
