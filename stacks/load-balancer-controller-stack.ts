import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { useAws } from '../constructs/aws/account/aws-provider';
import { LOAD_BALANCER_CONTROLLER } from '../constructs/aws/controllers/load-balancer-controller';
import { useHelm } from '../constructs/kubernetes/provider/helm-provider';
import { LoadBalancerControllerChart } from '../constructs/kubernetes/provider/load-balancer-controller-chart';
import { BaseStack } from '../constructs/terraform/base-stack';
import { stateOf } from './stack-state';

/**
 * The controller that serves Ingresses and Services of the type LoadBalancer. Its stack is its own, since where a chart cannot be had
 * the other stacks still can be planned.
 */
export class LoadBalancerControllerStack extends BaseStack {
  constructor(app: App, platform: Platform) {
    super(app, 'load-balancer-controller', stateOf(platform));
    const { name, region, network, cluster } = platform;
    useAws(this, { region, platform: name });
    const found = useHelm(this, { cluster: name, region });

    new LoadBalancerControllerChart(this, 'load-balancer-controller', {
      ...LOAD_BALANCER_CONTROLLER,
      cluster: name,
      region,
      vpcId: found.vpcConfig.get(0).vpcId,
      tags: { Platform: name },
      repository: cluster.controllers.chartRepository,
      isolated: network.nat === 'none',
    });
  }
}
