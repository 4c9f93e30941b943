import { lostValues } from '../../../src/pipeline/apply/lost-values';
import type { StackOutcome } from '../../../src/pipeline/plan/plan-record';
import { TerraformError } from '../../../src/terraform/terraform-error';

const LOGIN = 'kubernetes_secret_v1.shop_login';

const planned = (action: 'update' | 'replace', path: string): StackOutcome => ({
  status: 'planned',
  name: 'dev',
  changes: [{ address: LOGIN, action, differences: [{ path, before: '1', after: '2' }] }],
  outputs: [],
  document: '',
  plan: '',
  files: {},
  after: [],
});

const failedAt = (address: string) => ({
  status: 'failed' as const,
  name: 'dev',
  error: new TerraformError(
    'apply',
    'dev',
    [{ severity: 'error', summary: 'Failed to update secret', detail: '', address }],
    'dev.log',
    false,
    [],
  ),
});

const lost = (action: 'update' | 'replace', path: string, address = LOGIN) =>
  lostValues({ stacks: [planned(action, path)] }, failedAt(address));

it.each(['data_wo_revision', 'value_wo_version'])(
  'a failed update reports %s, which no later plan shows',
  (path) => {
    expect(lost('update', path)).toEqual([
      `dev/${LOGIN}: Terraform has saved ${path}, though its value may not be written, and the next plan shows no change; raise the revision in the program`,
    ]);
  },
);

it('a failed apply reports nothing of what a later plan shows again', () => {
  expect([
    ...lost('update', 'metadata[0].labels'),
    ...lost('replace', 'data_wo_revision'),
    ...lost('update', 'data_wo_revision', 'kubernetes_secret_v1.other'),
    ...lostValues({ stacks: [planned('update', 'data_wo_revision')] }, { status: 'applied', name: 'dev' }),
  ]).toEqual([]);
});
