import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { zoneLetters } from '../constructs/aws/network/subnet-layout';
import { Vpc } from '../constructs/aws/network/vpc';
import { STACK } from '../src/facts/stack-names';
import { Stack } from './stack';

/** The VPC over the platform's zones. */
export class NetworkStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, STACK.network, platform);
    new Vpc(this, 'vpc', {
      name: platform.name,
      region: platform.region,
      cidr: platform.network.cidr,
      ...(platform.network.secondaryCidr !== undefined && { secondaryCidr: platform.network.secondaryCidr }),
      zones: zoneLetters(platform.network.zones),
      nat: platform.network.nat,
      endpoints: platform.network.endpoints,
      controlPlaneSubnets: platform.network.controlPlaneSubnets,
    });
  }
}
