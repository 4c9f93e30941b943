import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { tagsOf } from '../constructs/aws/account/aws-provider';
import { LOAD_BALANCER_CONTROLLER } from '../constructs/aws/controllers/load-balancer-controller';
import { LoadBalancerControllerChart } from '../constructs/kubernetes/provider/load-balancer-controller-chart';
import { STACK } from '../src/facts/stack-names';
import { Stack } from './stack';

/**
 * The controller that serves Ingresses and Services of the type LoadBalancer. Its stack is its own, since where a chart cannot be had
 * the other stacks still can be planned.
 */
export class LoadBalancerControllerStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, STACK.loadBalancerController, platform);
    const { name, region, network, cluster } = platform;
    const found = this.useHelm();

    new LoadBalancerControllerChart(this, 'load-balancer-controller', {
      ...LOAD_BALANCER_CONTROLLER,
      cluster: name,
      region,
      vpcId: found.vpcConfig.get(0).vpcId,
      tags: tagsOf(this),
      repository: cluster.controllers.chartRepository,
      isolated: network.nat === 'none',
    });
  }
}
