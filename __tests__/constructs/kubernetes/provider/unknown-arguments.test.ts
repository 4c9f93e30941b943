import {
  DeploymentV1,
  type DeploymentV1SpecTemplateSpecContainer,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { Service } from '../../../../constructs/kubernetes/network/service';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { findings } from '../namespace-of';
import { plain } from '../workload-options';

const web = (stack: BaseStack): Deployment => new Deployment(stack, 'web', { containers: { web: plain } });

describe('an argument that the provider lacks', () => {
  it.each([
    [
      'spec.template.spec.init_container.0.restart_policy',
      'Always',
      "spec.template.spec.init_container.0.restart_policy: hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; set via: 'manifest' of the workload, whose addSidecar() makes a native sidecar",
    ],
    [
      'spec.template.spec',
      { init_container: [{}, { name: 'proxy', restart_policy: 'Always' }] },
      "spec.template.spec.init_container.1.restart_policy: hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; set via: 'manifest' of the workload, whose addSidecar() makes a native sidecar",
    ],
    [
      'spec.0.template.0.spec.0.host_users',
      false,
      "spec.0.template.0.spec.0.host_users: hashicorp/kubernetes 2.38.0 has no such argument; for a field of the API that the provider lacks, set via: 'manifest' of the workload, and set the field by patch()",
    ],
  ])('is refused in addOverride of %s, with the version that has it', (path, value, message) => {
    expect(
      findings((stack) => {
        web(stack).resource.addOverride(path, value);
      }),
    ).toEqual([`shop: "shop/web" sets ${message}`]);
  });

  it('is refused in all resources at once, in generated classes and in overrides of the stack too', () => {
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
        /^shop: "shop\/api" sets spec\.traffic_distribution: .* has no such argument; set the annotation .*topology-mode: Auto$/,
      ),
      expect.stringMatching(/^shop: "shop\/bare" sets spec\.template\.spec\.scheduling_gate: /),
      expect.stringMatching(
        /^shop: kubernetes_deployment_v1\.web sets spec\.template\.spec\.container\.0\.lifecycle\.pre_stop\.sleep: /,
      ),
      'shop: kubernetes_validating_admission_policy_v1.rows is a kubernetes_validating_admission_policy_v1: hashicorp/kubernetes 2.38.0 has no such resource, 3.0.0 has; use ValidatingAdmissionPolicy',
    ]);
  });

  it('is refused in customize(), by the names of the generated class and of the API', () => {
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
        /^shop\/web: customize\(\) sets spec\.template\.spec\.schedulingGates: hashicorp\/kubernetes 2\.38\.0 has no such argument; /,
      ),
      expect.stringMatching(/^shop\/web: customize\(\) sets spec\.template\.spec\.hostUsers: /),
      expect.stringMatching(
        /^shop\/report: customize\(\) sets spec\.jobTemplate\.spec\.podReplacementPolicy: .* lacks, set via: 'manifest' of the workload, and set the field by patch\(\)$/,
      ),
    ]);
  });

  it('is refused if the provider accepts it and never sends it', () => {
    expect(
      findings((stack) => {
        const service = new Service(stack, 'dns', { ports: { dns: 53 } });
        const { resource } = new EndpointSlice(stack, 'outside', { service, addresses: ['192.0.2.10'] });
        resource.addOverride('port.0.protocol', 'UDP');
      }),
    ).toEqual([
      'shop: "shop/outside" sets port.0.protocol: hashicorp/kubernetes 2.38.0 accepts it and never sends it: every port is TCP; make it Endpoints',
    ]);
  });

  it('is no finding where the provider has it, where it is deleted, and in a kubernetes_manifest', () => {
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

  it('is reported with the likely name if a field is misspelled', () => {
    const findingsOf = findings((stack) => {
      web(stack).customize((spec) => {
        const { template } = spec;
        const [container = { name: '' }] = template.spec.container as DeploymentV1SpecTemplateSpecContainer[];
        const misspelled = { ...template.spec, container: [{ ...container, imagePullPolici: 'Always' }] };
        return { ...spec, template: { ...template, spec: misspelled }, minReadySecond: 5 };
      });
      stack.addOverride('resource.kubernetes_config_map_v1.settings', { datas: { a: '1' } });
    });
    expect(findingsOf).toEqual([
      expect.stringMatching(/kubernetes_config_map_v1\.settings sets datas: .*did you mean "data"\?/),
      expect.stringMatching(/imagePullPolici: .*did you mean "imagePullPolicy"\?/),
      expect.stringMatching(/sets spec\.minReadySecond: .*did you mean "minReadySeconds"\?/),
    ]);
  });
});

it('a block that customize() leaves incomplete is refused, because every plan would change it', () => {
  const build = (stack: BaseStack): void => {
    web(stack).customize((spec) => {
      const { template } = spec;
      const volumes = { volume: [{ name: 'data' }], affinity: { podAntiAffinity: {} } };
      return { ...spec, template: { ...template, spec: { ...template.spec, ...volumes } } };
    });
    new Deployment(stack, 'api', { containers: { api: plain } }).customize((spec) => {
      const { template } = spec;
      const [container] = template.spec.container as DeploymentV1SpecTemplateSpecContainer[];
      const asked = { ...container, name: 'api', livenessProbe: { httpGet: { port: '8080' } } };
      return { ...spec, template: { ...template, spec: { ...template.spec, container: [asked] } } };
    });
  };
  const differs = 'which is a difference at every plan; complete it, or leave it out';
  expect(findings(build)).toEqual([
    `shop/web: customize() sets spec.template.spec.affinity.podAntiAffinity without content, ${differs}`,
    `shop/web: customize() sets spec.template.spec.volume without content, ${differs}`,
    `shop/api: customize() sets spec.template.spec.container.0.livenessProbe.httpGet without path, ${differs}`,
  ]);
});
