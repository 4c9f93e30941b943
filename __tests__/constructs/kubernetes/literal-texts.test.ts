import { TerraformVariable } from 'cdktf';
import { Queue } from '../../../constructs/aws/messaging/queue';
import { ConfigMap } from '../../../constructs/kubernetes/configuration/config-map';
import { Ingress } from '../../../constructs/kubernetes/network/ingress';
import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { Probe } from '../../../constructs/kubernetes/pods/probe';
import { Size } from '../../../constructs/kubernetes/pods/quantity';
import { Volume } from '../../../constructs/kubernetes/storage/volume';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { ReplicaSet } from '../../../constructs/kubernetes/workloads/replica-set';
import { expression } from '../../../constructs/terraform/literal';
import type { Json } from '../../../src/manifests/terraform-document';
import { inNamespace } from './namespace-of';

const SNIPPET = 'set $a "${request_id}"; %{b} $${c} 5$';

it('an object has each text of an option as written, in every place', () => {
  const { object } = inNamespace((stack) => {
    const options = {
      image: 'registry.example.com/app:1.0.0',
      ports: { http: 8080 },
      annotations: { 'example.com/text': SNIPPET },
      args: ['--format', SNIPPET],
      workingDir: '/srv/${APP}',
      env: { PS1: EnvValue.fromValue(SNIPPET) },
      readiness: Probe.fromHttpGet('/ready?q=${x}', 'http', { headers: { 'X-Probe': '%{id}' } }),
    };
    const web = new Deployment(stack, 'web', options);
    web.container.mount('/var/${dir}', Volume.fromEmptyDir('data', { sizeLimit: Size.mebibytes(1) }), {
      subPath: '%{sub}',
    });
    const service = web.expose({ ports: { http: 80 }, annotations: { 'example.com/note': SNIPPET } });
    new Ingress(stack, 'shop', {
      className: 'nginx',
      annotations: { 'nginx.ingress.kubernetes.io/configuration-snippet': SNIPPET },
    }).route('shop.example.com', '/${a}', service, 'http');
    new ConfigMap(stack, 'settings', { data: { 'a.conf': SNIPPET } });
    new ReplicaSet(stack, 'set', options).customize((spec) => ({
      ...spec,
      template: {
        ...spec.template,
        metadata: { ...(spec.template['metadata'] as object), annotations: { a: SNIPPET } },
      },
    }));
  });
  const container = {
    args: ['--format', SNIPPET],
    workingDir: '/srv/${APP}',
    env: [{ name: 'PS1', value: SNIPPET }],
    readinessProbe: {
      httpGet: { path: '/ready?q=${x}', httpHeaders: [{ name: 'X-Probe', value: '%{id}' }] },
    },
  };
  expect(object('Deployment')['spec']).toMatchObject({
    template: {
      metadata: { annotations: { 'example.com/text': SNIPPET } },
      spec: {
        containers: [{ ...container, volumeMounts: [{ mountPath: '/var/${dir}', subPath: '%{sub}' }] }],
      },
    },
  });
  expect(object('ReplicaSet')['spec']).toMatchObject({
    template: { metadata: { annotations: { a: SNIPPET } }, spec: { containers: [container] } },
  });
  expect(object('Service').metadata.annotations).toMatchObject({ 'example.com/note': SNIPPET });
  expect(object('Ingress')).toMatchObject({
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/configuration-snippet': SNIPPET } },
    spec: { rules: [{ http: { paths: [{ path: '/${a}' }] } }] },
  });
  expect(object('ConfigMap')['data']).toEqual({ 'a.conf': SNIPPET });
});

it('an expression is a token or `expression()`, also beside text and within customize() and ReplicaSets', () => {
  const { document } = inNamespace((stack) => {
    const tier = new TerraformVariable(stack, 'tier', { default: 'front' }).stringValue;
    const args = [`\${a} costs $${tier}`, expression('var.tier')];
    new Deployment(stack, 'web', { image: 'app:1', args }).customize((spec) => ({
      ...spec,
      template: {
        ...spec.template,
        metadata: { ...spec.template.metadata, annotations: { tier: `%{a}${tier}` } },
      },
    }));
    new ReplicaSet(stack, 'set', { image: 'app:1', args });
    new Queue(stack, 'orders', { name: 'orders' }).resource.tags = {
      [`\${a}${tier}`]: `\${b}${tier}`,
    };
  });
  const args = ['$${a} costs ${"$"}${var.tier}', '${var.tier}'];
  const body = (type: string, name: string): Json => document.resource?.[type]?.[name] ?? null;
  expect(body('kubernetes_deployment_v1', 'web')).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { tier: '%%{a}${var.tier}' } },
        spec: { container: [{ args }] },
      },
    },
  });
  expect(body('kubernetes_manifest', 'set')).toMatchObject({
    manifest: { spec: { template: { spec: { containers: [{ args }] } } } },
  });
  expect(body('aws_sqs_queue', 'orders')).toMatchObject({
    tags: { '$${a}${var.tier}': '$${b}${var.tier}' },
  });
});
