import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { useKubernetes } from '../../../../constructs/kubernetes/provider/kubernetes-provider';
import { PriorityClass } from '../../../../constructs/kubernetes/pods/priority-class';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: plain }, ...options });

it('a stack names a PriorityClass of another stack without reading its state', () => {
  const { document } = inNamespace((stack) => {
    const platform = new BaseStack(App.of(stack), 'platform');
    useAws(platform, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(platform, { cluster: 'seed', region: 'eu-west-1' });
    web(stack, { priorityClass: new PriorityClass(platform, 'important', { value: 1000 }) });
  });
  expect(JSON.stringify(document)).not.toContain('terraform_remote_state');
  expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
    spec: { template: { spec: { priority_class_name: 'platform-important-1000' } } },
  });
});

it('a PriorityClass stays out of the names and values that Kubernetes reserves', () => {
  expect(() =>
    inNamespace((stack) => new PriorityClass(stack, 'class', { name: 'system-mine', value: 1 })),
  ).toThrow('metadata.name: Forbidden');
  expect(() => inNamespace((stack) => new PriorityClass(stack, 'class', { value: 2e9 }))).toThrow(
    'value: Forbidden',
  );
});

it.each([
  [{ value: 5 }, 'shop-class-5'],
  [{ value: -5, preempts: false }, 'shop-class--5-never'],
  [{ value: 5, name: 'urgent' }, 'urgent'],
])('a PriorityClass has its immutable fields in its name, unless the name is set: %j', (options, name) => {
  const shop = inNamespace((stack) => new PriorityClass(stack, 'class', options));
  expect(shop.object('PriorityClass').metadata).toEqual({ name });
});

it('a second default PriorityClass is an error, as the API server would refuse it', () => {
  expect(() =>
    inNamespace((stack) => {
      for (const id of ['low', 'high']) new PriorityClass(stack, id, { value: 1, default: true });
    }),
  ).toThrow(
    'shop/high (kubernetes_priority_class_v1.high): globalDefault: shop/kubernetes_priority_class_v1.low is the default PriorityClass of the cluster already, and it has one; leave one of the two without default',
  );
});
