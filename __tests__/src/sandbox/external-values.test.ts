import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { variablesForTerraform } from '../../../src/sandbox/ephemeral-variables';
import { ExternalValues, outputExpressions } from '../../../src/sandbox/external-values';
import type { SandboxTerraformOptions } from '../../../src/sandbox/sandbox-terraform';

let folder: string;
const path = process.env['PATH'];

/** An `aws` of the test's own: it knows two secrets, and refuses any other as AWS does. */
const AWS = `#!${process.execPath}
const parameter = process.argv[process.argv.indexOf('--name') + 1];
if (process.argv[2] === 'ssm') {
  process.stdout.write(JSON.stringify({ Parameter: { Value: 'value of ' + parameter } }));
  process.exit(0);
}
const id = process.argv[process.argv.indexOf('--secret-id') + 1];
const values = { login: '{"user":"shop","password":"p\\u0061ss"}', banner: 'Welcome' };
if (!(id in values)) {
  process.stderr.write('An error occurred (ResourceNotFoundException): no such secret');
  process.exit(254);
}
process.stdout.write(JSON.stringify({ SecretString: values[id] }));
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'external-values-'));
  writeFileSync(join(folder, 'aws'), AWS);
  chmodSync(join(folder, 'aws'), 0o755);
  process.env['PATH'] = folder;
});

afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** A stack with a Secret of one value, read from a secret of AWS by an expression. */
const stack = (secretId: string, expression: string): { name: string; document: TerraformDocument } => ({
  name: 'dev',
  document: {
    ephemeral: { aws_secretsmanager_secret_version: { value: { secret_id: secretId } } },
    resource: {
      kubernetes_secret_v1: {
        login: {
          metadata: { name: 'login', namespace: 'dev' },
          data_wo: { key: `\${${expression}}` },
          data_wo_revision: 1,
        },
      },
    },
  },
});
const TEXT = 'ephemeral.aws_secretsmanager_secret_version.value.secret_string';
const ofJson = (key: string) => `jsondecode(${TEXT})["${key}"]`;

const read = (secretId: string, expression: string): Promise<unknown> =>
  readFrom(stack(secretId, expression), expression);

const readFrom = async (subject: ReturnType<typeof stack>, expression: string): Promise<unknown> => {
  const options = {
    directory: folder,
    record: { endpoint: 'http://127.0.0.1:1', region: 'eu-west-1', credentials: {} },
  } as unknown as SandboxTerraformOptions;
  return (await new ExternalValues([subject], options).of(subject)).get(expression);
};

it('a Secret gets a key of the JSON in AWS Secrets Manager, or all of it', async () => {
  expect(await read('login', ofJson('password'))).toBe('pass');
  expect(await read('banner', TEXT)).toBe('Welcome');
});

it('an unknown expression stays unknown, so that its finding names the resource', async () => {
  expect(await read('login', `upper(${TEXT})`)).toBeUndefined();
});

it('an error names a secret that AWS lacks, with the stack that reads it and the answer of AWS', async () => {
  await expect(read('missing', TEXT)).rejects.toThrow(
    'stack dev reads the secret "missing" from AWS Secrets Manager: An error occurred (ResourceNotFoundException): no such secret',
  );
});

it('an error names a key that the secret lacks with its existing keys, and without a value', async () => {
  await expect(read('login', ofJson('pasword'))).rejects.toThrow(
    'stack dev reads the key "pasword" of the secret "login" in AWS Secrets Manager, which has: user, password',
  );
});

it('an error about text instead of JSON does not show the text', async () => {
  const error: unknown = await read('banner', ofJson('password')).catch((reason: unknown) => reason);
  expect(String(error)).toContain('of the secret "banner" in AWS Secrets Manager, which is no JSON object');
  expect(String(error)).not.toContain('Welcome');
});

it('an ephemeral variable has its value in the environment, or a placeholder, and needs no Terraform', async () => {
  const subject = stack('login', 'var.password');
  const document = { ...subject.document, variable: { password: { type: 'string', ephemeral: true } } };
  expect(outputExpressions(document)).toEqual([]);
  expect(variablesForTerraform(document)).toEqual({ TF_VAR_password: 'sandbox-value-of-password' });
  expect(await readFrom({ ...subject, document }, 'var.password')).toBe('sandbox-value-of-password');
  process.env['TF_VAR_password'] = 'mine';
  try {
    expect(variablesForTerraform(document)).toEqual({ TF_VAR_password: 'mine' });
    expect(await readFrom({ ...subject, document }, 'var.password')).toBe('mine');
  } finally {
    delete process.env['TF_VAR_password'];
  }
});

it('a Secret gets the value of a parameter of AWS Systems Manager', async () => {
  const expression = 'ephemeral.aws_ssm_parameter.login_key.value';
  const subject = stack('login', expression);
  const arn =
    'arn:${data.aws_partition.partition.partition}:ssm:eu-west-1:${data.aws_caller_identity.account.account_id}:parameter/shop/db';
  const document = { ...subject.document, ephemeral: { aws_ssm_parameter: { login_key: { arn } } } };
  expect(await readFrom({ ...subject, document }, expression)).toBe('value of /shop/db');
});
