import type { LoadBalancerRequest, LoadBalancers } from '../../aws-emulator/emulated-load-balancers';

/** Load balancers in memory, by name. */
export class FakeLoadBalancers implements LoadBalancers {
  readonly all = new Map<string, LoadBalancerRequest>();
  /** What AWS answers instead. */
  refusal: Error | undefined;

  ensure(request: LoadBalancerRequest): Promise<string> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.all.set(request.name, request);
    return Promise.resolve(`${request.name}.elb.amazonaws.com`);
  }

  remove(name: string): Promise<void> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.all.delete(name);
    return Promise.resolve();
  }
}
