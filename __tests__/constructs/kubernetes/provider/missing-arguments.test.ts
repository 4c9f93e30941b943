import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { Service } from '../../../../constructs/kubernetes/network/service';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const findings = (build: (stack: BaseStack) => void): string[] => {
  try {
    inNamespace(build);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

const web = (stack: BaseStack): Deployment => new Deployment(stack, 'web', { containers: { web: plain } });

describe('what the escape hatch asks for and the provider has not', () => {
  it.each([
    [
      'spec.template.spec.init_container.0.restart_policy',
      'Always',
      'spec.template.spec.init_container.0.restart_policy (native sidecars): hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; make it a ReplicaSet, whose addSidecar() makes one, or the object a kubernetes_manifest',
    ],
    [
      'spec.template.spec',
      { init_container: [{}, { name: 'proxy', restart_policy: 'Always' }] },
      'spec.template.spec.init_container.1.restart_policy (native sidecars): hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; make it a ReplicaSet, whose addSidecar() makes one, or the object a kubernetes_manifest',
    ],
    [
      'spec.0.template.0.spec.0.host_users',
      false,
      'spec.0.template.0.spec.0.host_users (user namespaces): hashicorp/kubernetes 2.38.0 has no such argument, nor has any version up to 3.2.1; make it a ReplicaSet, whose customize() takes every field of the API, or the object a kubernetes_manifest',
    ],
  ])('addOverride of %s is told with the version that has it', (path, value, message) => {
    expect(
      findings((stack) => {
        web(stack).resource.addOverride(path, value);
      }),
    ).toEqual([`shop: "shop/web" sets ${message}`]);
  });

  it('is told of every resource at once, those of the generated classes and the stack’s own overrides too', () => {
    expect(
      findings((stack) => {
        web(stack);
        new Service(stack, 'api', { ports: { http: 80 } })
          .backedBy(['192.0.2.10'])
          .resource.addOverride('spec.traffic_distribution', 'PreferClose');
        new DeploymentV1(stack, 'bare', {
          metadata: { name: 'bare' },
          spec: { template: { metadata: {}, spec: {} } },
        }).addOverride('spec.template.spec.scheduling_gate', [{ name: 'hold' }]);
        stack.addOverride(
          'resource.kubernetes_deployment_v1.web.spec.template.spec.container.0.lifecycle.pre_stop.sleep.seconds',
          5,
        );
        stack.addOverride('resource.kubernetes_validating_admission_policy_v1.rows.spec', {});
      }),
    ).toEqual([
      expect.stringMatching(
        /^shop: "shop\/api" sets spec\.traffic_distribution \(traffic kept in its zone\): .* nor has any version up to 3\.2\.1; .*topology-mode: Auto$/,
      ),
      expect.stringMatching(
        /^shop: "shop\/bare" sets spec\.template\.spec\.scheduling_gate \(scheduling gates\): /,
      ),
      expect.stringMatching(
        /^shop: kubernetes_deployment_v1\.web sets spec\.template\.spec\.container\.0\.lifecycle\.pre_stop\.sleep \(sleep handlers\): /,
      ),
      'shop: kubernetes_validating_admission_policy_v1.rows is a kubernetes_validating_admission_policy_v1: hashicorp/kubernetes 2.38.0 has no such resource, 3.0.0 has; use ValidatingAdmissionPolicy',
    ]);
  });

  it('is told of customize(), by the names of the generated class and of the API, which both would be lost', () => {
    const build = (stack: BaseStack): void => {
      web(stack).customize((spec) => {
        const { template } = spec;
        const gated = { ...template.spec, schedulingGates: [{ name: 'hold' }], hostUsers: false };
        return { ...spec, template: { ...template, spec: gated } };
      });
      new CronJob(stack, 'report', {
        containers: { report: plain },
        schedule: Schedule.daily({ hour: 3 }),
      }).customize((spec) => {
        const { jobTemplate } = spec;
        const job = { ...jobTemplate.spec, podReplacementPolicy: 'Failed' };
        return { ...spec, jobTemplate: { ...jobTemplate, spec: job } };
      });
    };
    expect(findings(build)).toEqual([
      expect.stringMatching(
        /^shop\/web: customize\(\) sets spec\.template\.spec\.schedulingGates \(scheduling gates\): hashicorp\/kubernetes 2\.38\.0 has no such argument, nor/,
      ),
      expect.stringMatching(/^shop\/web: customize\(\) sets spec\.template\.spec\.hostUsers /),
      expect.stringMatching(
        /^shop\/report: customize\(\) sets spec\.jobTemplate\.spec\.podReplacementPolicy .*; make the object a kubernetes_manifest$/,
      ),
    ]);
  });

  it('names an argument that the provider takes and never sends', () => {
    expect(
      findings((stack) => {
        const service = new Service(stack, 'dns', { ports: { dns: 53 } });
        const { resource } = new EndpointSlice(stack, 'outside', { service, addresses: ['192.0.2.10'] });
        resource.addOverride('port.0.protocol', 'UDP');
      }),
    ).toEqual([
      'shop: "shop/outside" sets port.0.protocol (ports other than TCP): hashicorp/kubernetes takes it and never sends it, up to 3.2.1; make it Endpoints',
    ]);
  });

  it('lets through what the provider has, what is taken away, and everything of a kubernetes_manifest', () => {
    expect(
      findings((stack) => {
        const { resource } = web(stack);
        resource.addOverride('spec.template.spec.host_network', false);
        resource.addOverride('spec.template.spec.host_users', undefined);
        resource.addOverride('metadata.annotations.host_users', 'false');
        new ReplicaSet(stack, 'worker', { containers: { worker: plain } }).customize((spec) => ({
          ...spec,
          template: { ...spec.template, spec: { ...(spec.template['spec'] as object), hostUsers: false } },
        }));
      }),
    ).toEqual([]);
  });
});
