import type { Construct } from 'constructs';
import type { ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { LifecycleHandler } from '../../../../constructs/kubernetes/pods/lifecycle-handler';
import { type NamespaceOptions } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Probe } from '../../../../constructs/kubernetes/pods/probe';
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

it('an HTTP probe or an HTTP handler requires a path', () => {
  expect(
    findings({
      liveness: Probe.fromHttpGet('', 80),
      postStart: LifecycleHandler.fromHttpGet('', 80),
      preStop: LifecycleHandler.fromHttpGet('drain', 80),
    }),
  ).toEqual([
    'liveness probe: got the path ""; a path that begins with / is allowed',
    'postStart: got the path ""; a path that begins with / is allowed',
    'preStop: got the path "drain"; a path that begins with / is allowed',
  ]);
});
