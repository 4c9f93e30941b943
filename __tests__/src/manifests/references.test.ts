import { ManifestError } from '../../../src/manifests/manifest-error';
import { kubernetesObjects, type KubernetesObjectsOptions } from '../../../src/manifests/objects';
import type { Json, TerraformDocument } from '../../../src/manifests/terraform-document';

const DOCUMENT: TerraformDocument = {
  locals: { team: 'web', labels: { team: '${local.team}', 'app.kubernetes.io/name': 'storefront' } },
  variable: { tier: { default: 'front' }, unset: {} },
  resource: {
    aws_iam_role: { web: { name: 'seed-web' } },
    kubernetes_namespace_v1: { dev: { metadata: { name: 'dev-${var.tier}' } } },
    kubernetes_service_account_v1: {
      web: { metadata: [{ name: 'web', namespace: '${kubernetes_namespace_v1.dev.metadata[0].name}' }] },
    },
    kubernetes_default_service_account_v1: { own: { metadata: {} } },
  },
};

/** The ConfigMap data that a value becomes in that document. */
function resolved(data: Json, options?: KubernetesObjectsOptions): unknown {
  const resource = { ...DOCUMENT.resource, kubernetes_config_map_v1: { it: { data } } };
  const objects = kubernetesObjects({ ...DOCUMENT, resource }, options);
  return objects.find(({ address }) => address === 'kubernetes_config_map_v1.it')?.object['data'];
}

/** The findings for a value, as a person reads them. */
function refusal(data: Json): string {
  try {
    return JSON.stringify(resolved(data));
  } catch (error) {
    return error instanceof ManifestError ? error.message : String(error);
  }
}

it.each([
  ['${kubernetes_namespace_v1.dev.metadata[0].name}', 'dev-front'],
  ['${kubernetes_namespace_v1.dev.metadata.0.name}', 'dev-front'],
  ['${ kubernetes_namespace_v1.dev["metadata"][0]["name"] }', 'dev-front'],
  ['${kubernetes_service_account_v1.web.metadata[0].namespace}', 'dev-front'],
  ['${kubernetes_service_account_v1.web.id}', 'dev-front/web'],
  ['${kubernetes_namespace_v1.dev.id}', 'dev-front'],
  ['${kubernetes_default_service_account_v1.own.id}', 'default/default'],
  ['arn:${aws_iam_role.web.name}:${var.tier}', 'arn:seed-web:front'],
  ['${local.labels["app.kubernetes.io/name"]}', 'storefront'],
  ['${local.labels.team}', 'web'],
  ['$${HOME} %%{if} $5 {} $', '${HOME} %{if} $5 {} $'],
  ['$${${"plain"}}', '${plain}'],
  ['${"a \\"quoted\\" }"}', 'a "quoted" }'],
  ['${8080}', '8080'],
])('the reference %s is %s', (template, value) => {
  expect(resolved({ key: template })).toEqual({ key: value });
});

it('a reference may stand for a whole map, and for a key', () => {
  expect(resolved('${local.labels}')).toEqual({ team: 'web', 'app.kubernetes.io/name': 'storefront' });
  expect(resolved({ '${local.team}-$${x}': 'a' })).toEqual({ 'web-${x}': 'a' });
});

it.each([
  ['${data.aws_eks_cluster.it.name}', 'its value is known only when Terraform runs'],
  ['${var.unset}', 'the variable has no default in the document'],
  ['${local.other}', 'the document has no such local'],
  ['${kubernetes_namespace_v1.qa.id}', 'the document has no resource kubernetes_namespace_v1.qa'],
  ['${aws_iam_role.web.arn}', 'the document does not set aws_iam_role.web.arn'],
  ['${upper(local.team)}', 'only Terraform can evaluate this expression'],
  ['${local.labels[*]}', 'only Terraform can evaluate this expression'],
  ['${local}', 'no attribute is named'],
])('the reference %s cannot be resolved: %s', (template, reason) => {
  expect(refusal({ key: template })).toBe(
    `kubernetes_config_map_v1.it.data.key: cannot resolve ${template}: ${reason}`,
  );
});

it('a directive, and a map inside a string, cannot be resolved', () => {
  expect(refusal({ key: '%{ if true }a%{ endif }' })).toContain(
    'cannot resolve %{ if true }: only Terraform',
  );
  expect(refusal({ key: 'x${local.labels}' })).toContain('data.key: ${local.labels} is no text');
});

it('a cycle is an error that names its members', () => {
  const document = { locals: { a: '${local.b}', b: 'x${local.a}' } };
  const resource = { kubernetes_config_map_v1: { it: { data: { key: '${local.a}' } } } };
  expect(() => kubernetesObjects({ ...document, resource })).toThrow(
    'local.a: refers to itself: kubernetes_config_map_v1.it.data.key → local.a → local.b → local.a',
  );
});

it('a missing value is requested by expression, address and path', () => {
  const resolve = jest.fn((expression: string): Json | undefined =>
    expression === 'ephemeral.random_password.db.result' ? 's3cret' : undefined,
  );
  const resource = {
    kubernetes_secret_v1: {
      db: { data_wo: { password: '${ephemeral.random_password.db.result}' }, data_wo_revision: 1 },
    },
  };
  expect(kubernetesObjects({ resource }, { resolve })[0]?.object['data']).toEqual({ password: 'czNjcmV0' });
  expect(resolve.mock.calls).toEqual([
    ['ephemeral.random_password.db.result', 'kubernetes_secret_v1.db', 'data_wo.password'],
  ]);
  expect(() => kubernetesObjects({ resource })).toThrow(
    'kubernetes_secret_v1.db.data_wo.password: cannot resolve ${ephemeral.random_password.db.result}',
  );
});

it('a dropped argument is not resolved', () => {
  const resource = {
    kubernetes_service_v1: {
      it: { metadata: { name: 'it' }, timeouts: { create: '${var.x}' }, wait_for_load_balancer: '${var.y}' },
    },
  };
  expect(kubernetesObjects({ resource })).toHaveLength(1);
});
