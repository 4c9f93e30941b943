import type { Construct } from 'constructs';
import type { ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { type NamespaceOptions } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Volume } from '../../../../constructs/kubernetes/storage/volume';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: plain }, ...options });

/** What is wrong with a Deployment of one container. */
const findings = (
  container: Partial<ContainerOptions>,
  namespace: Partial<NamespaceOptions> = {},
): string[] => {
  try {
    inNamespace((stack) => web(stack, { containers: { web: { ...plain, ...container } } }), namespace);
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .map((line) => line.replace('shop/web: container "web": ', ''));
  }
  return [];
};

it('a container is an error if the Pod Security Standard of the namespace refuses it', () => {
  const refused: Partial<ContainerOptions> = {
    root: true,
    capabilities: ['NET_BIND_SERVICE', 'NET_ADMIN'],
  };
  expect(findings(refused).join()).toMatch(
    /^shop\/web \(kubernetes_deployment_v1\.web\): spec\.template\.spec: violates PodSecurity "restricted:latest": .*"NET_ADMIN".*runAsNonRoot/,
  );
  expect(findings(refused, { podSecurity: 'baseline' }).join()).toMatch(
    /violates PodSecurity "baseline:latest": .*"NET_ADMIN".*; change the Pod, or set podSecurity of its Namespace$/,
  );
  expect(findings(refused, { podSecurity: 'privileged' })).toEqual([]);
});

it('a host path is an error unless the namespace is privileged', () => {
  const build = (stack: Construct): void => {
    web(stack, { containers: {} })
      .addContainer('web', plain)
      .mount('/logs', Volume.fromHostPath('logs', '/var/log'));
  };
  expect(() => inNamespace(build)).toThrow('volume "logs" uses restricted volume type "hostPath"');
  expect(() => inNamespace(build, { podSecurity: 'privileged' })).not.toThrow();
});

it('a root container has group 0 by default', () => {
  const group = (container: Partial<ContainerOptions>): unknown => {
    const shop = inNamespace((stack) => web(stack, { containers: { web: { ...plain, ...container } } }), {
      podSecurity: 'baseline',
    });
    const [first] = (shop.object('Deployment') as unknown as Made).spec.template.spec.containers;
    return first?.securityContext;
  };
  expect(group({ root: true })).toMatchObject({ runAsUser: 0, runAsGroup: 0, runAsNonRoot: false });
  expect(group({ root: true, group: 1000 })).toMatchObject({ runAsUser: 0, runAsGroup: 1000 });
  expect(group({})).not.toHaveProperty('runAsGroup');
});

interface Made {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: { securityContext: object }[] } };
  };
}
