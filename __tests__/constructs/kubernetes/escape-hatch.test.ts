import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { CronJob } from '../../../constructs/kubernetes/workloads/cron-job';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { Pod } from '../../../constructs/kubernetes/workloads/pod';
import { ReplicaSet } from '../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../constructs/kubernetes/workloads/schedule';
import { findOracle } from '../../../packages/kubernetes-oracle/oracle-program';
import { findings } from './namespace-of';

const image = 'registry.example.com/app:1.0.0';

const LOST =
  'affinity: the Pods could run outside the node groups node-1, node-2, and the cluster refuses them. ' +
  'Keep the required node affinity: each of its terms needs an expression with the key platform/node, the operator In, and values of these';

it('a required node affinity that customize(), patch() or an override loses or widens is an error', () => {
  const found = findings((stack) => {
    new Deployment(stack, 'lost', { image }).patch(({ spec }) => {
      delete spec.template.spec.affinity;
    });
    new Deployment(stack, 'null', { image }).resource.addOverride('spec.template.spec.affinity', null);
    new Pod(stack, 'pod', { image }).patch(({ spec }) => {
      spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.push({
        matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-3'] }],
      });
    });
    new CronJob(stack, 'night', { image, schedule: Schedule.cron('0 3 * * *') }).patch(({ spec }) => {
      spec.jobTemplate.spec.template.spec.affinity = { podAffinity: {} };
    });
    new ReplicaSet(stack, 'set', { image }).customize((spec) => ({
      ...spec,
      template: {
        ...spec.template,
        spec: { ...(spec.template['spec'] as object), affinity: { nodeAffinity: {} } },
      },
    }));
    // What keeps to fewer of them stays allowed.
    new Deployment(stack, 'narrow', { image }).patch(({ spec }) => {
      const affinity =
        spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      for (const term of affinity?.nodeSelectorTerms ?? []) {
        term.matchExpressions = [{ key: 'platform/node', operator: 'In', values: ['node-2'] }];
      }
    });
  });
  expect(found.filter((line) => line.endsWith(LOST)).map((line) => line.split(' ')[0])).toEqual([
    'shop/lost',
    'shop/null',
    'shop/pod',
    'shop/night',
    'shop/set',
  ]);
  expect(found).toHaveLength(5);
});

it('a changed selector is an error, also where the labels of the Pods change with it', () => {
  const found = findings((stack) => {
    new Deployment(stack, 'web', { image }).patch(({ spec }) => {
      spec.selector = { matchLabels: { app: 'web' } };
      spec.template.metadata.labels = { app: 'web' };
    });
  });
  expect(found).toEqual([
    'shop/web (kubernetes_deployment_v1.web): spec.selector: got {"matchLabels":{"app":"web"}}; it cannot change while the ' +
      'object exists. Services, budgets and policies find the Pods by {"app.kubernetes.io/name":"web"}; ' +
      'leave it, and set name for another',
  ]);
});

it('a misspelled argument of customize() or of an override is an error', () => {
  const found = findings((stack) => {
    const web = new Deployment(stack, 'web', { image }).customize((spec) => ({ ...spec, minReadySecond: 9 }));
    web.resource.addOverride('spec.template.spec.host_nmae', 'x');
  });
  expect(found).toEqual([
    expect.stringMatching(
      /^shop: "shop\/web" sets spec\.template\.spec\.host_nmae: .* has no such argument/,
    ) as unknown,
    expect.stringMatching(
      /^shop\/web: customize\(\) sets spec\.minReadySecond: .*did you mean "minReadySeconds"/,
    ) as unknown,
  ]);
});

it('a customize() that returns nothing is an error', () => {
  const nothing = (() => undefined) as unknown as <Spec>(spec: Spec) => Spec;
  expect(findings((stack) => new Deployment(stack, 'web', { image }).customize(nothing))).toEqual([
    'shop/web: customize() returned nothing; return the spec',
  ]);
});

it('a customize() that gives no spec of data is an error', () => {
  const errors = (change: (spec: object) => unknown, via?: 'manifest'): string[] =>
    findings((stack) =>
      new Deployment(stack, 'web', { image, ...(via && { via }) }).customize(
        change as <Spec>(spec: Spec) => Spec,
      ),
    );
  expect(errors(() => 5)).toEqual(['shop/web: customize() returned 5; return the spec']);
  for (const via of [undefined, 'manifest'] as const) {
    expect(errors((spec) => ({ ...spec, replicas: () => 1 }), via)).toEqual([
      'shop/web: customize() sets replicas: got a function; expected a text, a finite number, true, false, a list, a plain object or a reference',
    ]);
  }
});

it('a Deployment that Terraform waits for is not paused', () => {
  const errors = findings((stack) =>
    new Deployment(stack, 'web', { image }).patch(({ spec }) => {
      spec.paused = true;
    }),
  );
  expect(errors).toEqual([
    'shop/web (kubernetes_deployment_v1.web): spec.paused: got true. A paused Deployment starts no new Pod, and Terraform waits for its rollout; remove it, or set replicas to 0 for no Pods',
  ]);
});

it('two objects of one kind, namespace and name are an error that names both', () => {
  const metadata = { name: 'settings', namespace: 'shop' };
  const found = findings((stack) => {
    new ConfigMapV1(stack, 'one', { metadata });
    new Manifest(stack, 'two', { manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata } });
  });
  expect(found).toEqual([
    'shop/two (kubernetes_manifest.two): ConfigMap "settings" in namespace shop is declared by shop/kubernetes_config_map_v1.one too; give one of them another name',
  ]);
});

it('an image that no node can pull, and a grace period below 0, are errors from every source', () => {
  const found = findings((stack) => {
    new Deployment(stack, 'space', { image: ' registry.example.com/app:1' });
    new Deployment(stack, 'case', { image: 'Registry.example.com/App:1' });
    new Deployment(stack, 'grace', { image, terminationGracePeriodSeconds: -1 });
    const images = [
      'app',
      'a.b-c__d/e:1',
      'localhost:5000/x/y:v1_2.3-4',
      '[2001:db8::1]:80/app',
      `Host/app@sha256:${'0'.repeat(64)}`,
    ];
    images.forEach((right, i) => new Deployment(stack, `right-${i}`, { image: right }));
  });
  expect(found.map((line) => line.replace(/^shop\/\S+ \(\S+\): /, ''))).toEqual([
    'container "space": image: got " registry.example.com/app:1", which no node can pull; write [host[:port]/]path[:tag][@digest] without spaces and with the path in lower case',
    'container "case": image: got "Registry.example.com/App:1", which no node can pull; write [host[:port]/]path[:tag][@digest] without spaces and with the path in lower case',
    'terminationGracePeriodSeconds: got -1, which Kubernetes takes for 1; write 0 or more',
  ]);
});

// Pod Security is the oracle's.
(findOracle(DEFAULT_KUBERNETES_VERSION) ? describe : describe.skip)(
  'the namespace of a Pod, by its Pod Security Standard,',
  () => {
    it('refuses a privileged container where it is restricted', () => {
      const found = findings((stack) => {
        new Deployment(stack, 'web', { image }).patch(({ spec }) => {
          for (const container of spec.template.spec.containers) {
            container.securityContext = {
              ...container.securityContext,
              privileged: true,
              allowPrivilegeEscalation: true,
            };
          }
        });
      });
      expect(found.join('\n')).toContain(
        'spec.template.spec: violates PodSecurity "restricted:latest": privileged (container "web" must not set securityContext.privileged=true)',
      );
    });
  },
);
