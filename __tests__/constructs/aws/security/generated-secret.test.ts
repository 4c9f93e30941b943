import { TerraformOutput } from 'cdktf';
import {
  GeneratedSecret,
  type GeneratedSecretOptions,
} from '../../../../constructs/aws/security/generated-secret';
import { awsStack, type AwsStack } from '../aws-stack';

const secret = (options: Partial<GeneratedSecretOptions> = {}): AwsStack =>
  awsStack((stack) => {
    new GeneratedSecret(stack, 'database', {
      name: 'seed/storefront/database',
      description: 'Database of the storefront',
      fields: { username: 'storefront' },
      generated: { password: {} },
      ...options,
    });
  });

const version = ({ resource }: Pick<AwsStack, 'resource'>): unknown =>
  resource['aws_secretsmanager_secret_version']?.['database_version'];

it('a GeneratedSecret is JSON of plain fields and of generated values, by a write-only argument', () => {
  const stack = secret();
  expect(stack.resource['aws_secretsmanager_secret']?.['database']).toMatchObject({
    name: 'seed/storefront/database',
    description: 'Database of the storefront',
    recovery_window_in_days: 30,
  });
  expect(stack.resource['aws_secretsmanager_secret']?.['database']).not.toHaveProperty('kms_key_id');
  expect(version(stack)).toMatchObject({
    secret_id: '${aws_secretsmanager_secret.database.id}',
    secret_string_wo:
      '${jsonencode({"username": "storefront", "password": ' +
      'ephemeral.aws_secretsmanager_random_password.database_generated_password.random_password})}',
    secret_string_wo_version: 1,
  });
  expect(stack.ephemeral['aws_secretsmanager_random_password']).toMatchObject({
    database_generated_password: { password_length: 32, exclude_punctuation: false },
  });
});

it('a GeneratedSecret shows its value nowhere: only the write-only argument refers to the generated value', () => {
  const { resource, data } = secret();
  const { secret_string_wo: value, ...others } = version({ resource }) as Record<string, unknown>;
  expect(value).toContain('ephemeral.');
  expect(others).not.toHaveProperty('secret_string');
  expect(others).not.toHaveProperty('secret_binary');
  const rest = { ...resource, aws_secretsmanager_secret_version: others };
  expect(JSON.stringify(rest)).not.toContain('ephemeral.');
  expect(data).toEqual({});
});

it('each generated value has its own length and characters', () => {
  const stack = secret({
    generated: {
      password: { length: 64, excludeCharacters: '/@"${' },
      'api-token': { excludePunctuation: true },
    },
  });
  expect(stack.ephemeral['aws_secretsmanager_random_password']).toMatchObject({
    database_generated_password: { password_length: 64, exclude_characters: '/@"$${' },
    database_generated_api_token: { password_length: 32, exclude_punctuation: true },
  });
  expect(version(stack)).toMatchObject({
    secret_string_wo: expect.stringContaining(
      '"api-token": ephemeral.aws_secretsmanager_random_password.database_generated_api_token.random_password',
    ) as unknown,
  });
});

it('a field of a GeneratedSecret reaches AWS as written, and a reference stays a reference', () => {
  const { resource } = awsStack((stack) => {
    const queue = new GeneratedSecret(stack, 'queue', {
      name: 'queue',
      description: '',
      generated: { key: {} },
    });
    new GeneratedSecret(stack, 'database', {
      name: 'database',
      description: '',
      fields: { odd: 'a"b\\c\b\f\n${x}%{y}\\b', queue: queue.arn },
      generated: { password: {} },
    });
  });
  expect(resource['aws_secretsmanager_secret_version']?.['database_version']).toMatchObject({
    secret_string_wo: expect.stringContaining(
      '{"odd": "a\\"b\\\\c\\u0008\\u000c\\n$${x}%%{y}\\\\b", "queue": "${aws_secretsmanager_secret.queue.arn}", ',
    ) as unknown,
  });
});

it('a secret gets a new value with a new revision, keeps its recovery window, and uses the given key', () => {
  const stack = secret({ revision: 2, recoveryWindowDays: 0, encryptionKey: { arn: 'arn:key' } });
  expect(version(stack)).toMatchObject({ secret_string_wo_version: 2 });
  expect(stack.resource['aws_secretsmanager_secret']?.['database']).toMatchObject({
    recovery_window_in_days: 0,
    kms_key_id: 'arn:key',
  });
});

it('a GeneratedSecret gives its name, its keys and its ARN', () => {
  let found: GeneratedSecret | undefined;
  awsStack((stack) => {
    found = new GeneratedSecret(stack, 'database', {
      name: 'seed/database',
      description: '',
      fields: { username: 'storefront' },
      generated: { password: {}, token: {} },
    });
    new TerraformOutput(stack, 'arn', { value: found.arn });
  });
  expect(found?.name).toBe('seed/database');
  expect(found?.keys).toEqual(['username', 'password', 'token']);
});

it('a GeneratedSecret reports all mistakes in one error', () => {
  expect(() =>
    secret({
      name: 'a b',
      fields: { password: 'x' },
      generated: { password: { length: 3 } },
      revision: 0,
      recoveryWindowDays: 6,
    }),
  ).toThrow(
    [
      'cluster/database: name: got "a b"; 1 to 512 letters, digits and /_+=.@- are allowed',
      'cluster/database: key "password" is in both fields and generated; take it out of one of them',
      'cluster/database: generated.password.length: got 3; 4 to 4096 characters are allowed',
      'cluster/database: revision: got 0; a whole number above 0 is allowed',
      'cluster/database: recoveryWindowDays: got 6; 7 to 30 days are allowed, or 0 for none',
    ].join('\n'),
  );
  expect(() => secret({ generated: {} })).toThrow(
    'cluster/database: generated: got none; name the key of at least one value that AWS generates',
  );
});
