import type { App } from 'cdktf';
import { useAws } from '../constructs/aws/account/aws-provider';
import { useHelm } from '../constructs/kubernetes/provider/helm-provider';
import { useKubernetes } from '../constructs/kubernetes/provider/kubernetes-provider';
import { BaseStack } from '../constructs/terraform/base-stack';
import type { Platform } from '../src/config/platform';
import { NAMESPACE_NAME } from '../src/config/schema/namespace-schema';
import { selectedPlatform } from '../src/facts/selected-platform';

/** Further providers of a stack. */
export interface StackOptions {
  /**
   * Whether the stack has Kubernetes objects: it gets the provider, which finds the cluster by its name.
   * @default false
   */
  readonly kubernetes?: boolean;
  /** AWS region. @default - the platform's region */
  readonly region?: string;
}

/**
 * A stack of a platform. It has the platform's state backend and the AWS provider, whose tags name the platform. It is planned,
 * guarded, applied and destroyed like every other stack of the platform.
 *
 * What another stack created is found by a data source: a reference to another stack is an error.
 */
export class Stack extends BaseStack {
  constructor(
    app: App,
    name: string,
    readonly platform: Platform,
    options: StackOptions = {},
  ) {
    if (!NAMESPACE_NAME.test(name)) {
      throw new Error(
        `the name ${JSON.stringify(name)} is no DNS label; expected 1 to 63 of a-z, 0-9 and "-"`,
      );
    }
    const { state } = platform;
    const { name: folder } = selectedPlatform();
    super(app, name, {
      ...(state && {
        state: { bucket: state.bucket, region: state.region ?? platform.region, prefix: platform.name },
      }),
      ...(folder !== undefined && { platform: folder }),
    });
    useAws(this, {
      region: options.region ?? platform.region,
      platform: platform.name,
      account: platform.account,
      tags: platform.tags,
    });
    if (options.kubernetes === true) {
      useKubernetes(this, { cluster: platform.name, region: platform.region });
    }
  }

  /** Adds the Helm provider. @returns the cluster that it finds */
  protected useHelm(): ReturnType<typeof useHelm> {
    return useHelm(this, { cluster: this.platform.name, region: this.platform.region });
  }
}
