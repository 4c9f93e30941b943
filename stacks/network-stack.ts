import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { useAws } from '../constructs/aws/account/aws-provider';
import { zoneLetters } from '../constructs/aws/network/subnet-layout';
import { Vpc } from '../constructs/aws/network/vpc';
import { BaseStack } from '../constructs/terraform/base-stack';
import { stateOf } from './stack-state';

/** The VPC over the platform's zones. */
export class NetworkStack extends BaseStack {
  constructor(app: App, platform: Platform) {
    super(app, 'network', stateOf(platform));
    useAws(this, { region: platform.region, platform: platform.name });
    new Vpc(this, 'vpc', {
      name: platform.name,
      region: platform.region,
      cidr: platform.network.cidr,
      ...(platform.network.secondaryCidr !== undefined && {
        secondaryCidr: platform.network.secondaryCidr,
      }),
      zones: zoneLetters(platform.network.zones),
      nat: platform.network.nat,
      endpoints: platform.network.endpoints,
      controlPlaneSubnets: platform.network.controlPlaneSubnets,
    });
  }
}
