import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';
import {
  Secret,
  type SecretsManagerOptions,
  WHOLE_VALUE,
} from '../../../../constructs/kubernetes/configuration/secret';
import { SECRET_VALUE, findings, inNamespace } from '../namespace-of';

const database: SecretsManagerOptions<'username' | 'password'> = {
  secretName: 'seed/shop/database',
  keys: ['username', 'password'],
  revision: 1,
};

const secret = (options: Partial<SecretsManagerOptions> = {}) =>
  inNamespace((stack) => {
    Secret.fromSecretsManager<string>(stack, 'database', { ...database, ...options });
  });

const resource = (options: Partial<SecretsManagerOptions> = {}) =>
  secret(options).document.resource?.['kubernetes_secret_v1']?.['database'];

const name = (options: Partial<SecretsManagerOptions> = {}) => secret(options).object('Secret').metadata.name;

describe('a Secret from AWS Secrets Manager', () => {
  it('is read by an ephemeral resource into a write-only argument, with a revision', () => {
    const { document } = secret();
    expect(document['ephemeral']).toMatchObject({
      aws_secretsmanager_secret_version: { database_value: { secret_id: 'seed/shop/database' } },
    });
    const value = 'jsondecode(ephemeral.aws_secretsmanager_secret_version.database_value.secret_string)';
    expect(document.resource?.['kubernetes_secret_v1']?.['database']).toMatchObject({
      type: 'Opaque',
      data_wo: { username: `\${${value}["username"]}`, password: `\${${value}["password"]}` },
      data_wo_revision: 1,
      immutable: true,
      lifecycle: { create_before_destroy: true },
    });
  });

  it('never has data, which would end up in the state', () => {
    expect(Object.keys(resource() ?? {})).not.toContain('data');
    expect(Object.keys(resource() ?? {})).not.toContain('binary_data');
  });

  it('leaves its value in no file, and Kubernetes gets it', () => {
    const { bytes, object } = secret();
    expect(object('Secret')).toMatchObject({
      data: { password: Buffer.from(SECRET_VALUE).toString('base64') },
    });
    expect(bytes).not.toContain(SECRET_VALUE);
    expect(bytes).not.toContain(Buffer.from(SECRET_VALUE).toString('base64'));
  });

  it.each<[string, Partial<SecretsManagerOptions>]>([
    ['rotation', { revision: 2 }],
    ['key', { keys: ['username', 'password', 'host'] }],
    ['type', { type: 'kubernetes.io/basic-auth' }],
    ['secret', { secretName: 'seed/shop/other' }],
  ])('is another object after another %s, so that Pods are rolled', (_what, options) => {
    expect(name()).toMatch(/^database-[0-9a-f]{8}$/);
    expect(name(options)).toMatch(/^database-[0-9a-f]{8}$/);
    expect(name(options)).not.toBe(name());
  });

  it('is the same object when nothing has changed but the order of the keys', () => {
    expect(name({ keys: ['password', 'username'] })).toBe(name());
  });

  it('is changed in place under a given name', () => {
    const said = resource({ name: 'pull' });
    expect(said).toMatchObject({ metadata: { name: 'pull' } });
    expect(said).not.toHaveProperty('immutable');
  });

  it.each<[string, Partial<SecretsManagerOptions>]>([
    ['rotation', { revision: 2 }],
    ['key', { keys: ['username', 'password', 'host'] }],
    ['source of a key', { keys: { username: 'user', password: 'password' } }],
    ['secret', { secretName: 'seed/shop/other' }],
  ])(
    'has another revision after another %s, because without one Terraform writes nothing',
    (_what, options) => {
      const revision = (changed: Partial<SecretsManagerOptions> = {}): unknown =>
        resource({ name: 'pull', ...changed })?.['data_wo_revision'];
      expect(revision()).toBeGreaterThan(0);
      expect(revision(options)).toBeGreaterThan(0);
      expect(revision(options)).not.toBe(revision());
      expect(revision({ keys: ['password', 'username'] })).toBe(revision());
    },
  );

  it('maps a key to another key, whatever its characters, or to the whole value', () => {
    expect(
      resource({
        type: 'kubernetes.io/dockerconfigjson',
        keys: { '.dockerconfigjson': WHOLE_VALUE, 'ca.crt': 'the "${ca}"' },
      }),
    ).toMatchObject({
      data_wo: {
        '.dockerconfigjson': '${ephemeral.aws_secretsmanager_secret_version.database_value.secret_string}',
        'ca.crt':
          '${jsondecode(ephemeral.aws_secretsmanager_secret_version.database_value.secret_string)["the \\"$${ca}\\""]}',
      },
    });
  });

  it.each<[NonNullable<SecretsManagerOptions['type']>, string]>([
    ['kubernetes.io/basic-auth', 'data[username]'],
    ['kubernetes.io/dockerconfigjson', 'data[.dockerconfigjson]'],
    ['kubernetes.io/ssh-auth', 'data[ssh-privatekey]'],
    ['kubernetes.io/tls', 'data[tls.crt]'],
    ['kubernetes.io/tls', 'data[tls.key]'],
  ])('of type %s needs %s', (type, missing) => {
    expect(() => secret({ type, keys: ['token'] })).toThrow(`${missing}: Required value`);
  });

  it.each<[NonNullable<SecretsManagerOptions['type']>, readonly string[]]>([
    ['kubernetes.io/basic-auth', ['password']],
    ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
    ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ])('of type %s accepts %j', (type, keys) => {
    expect(resource({ type, keys })).toMatchObject({ type });
  });

  it('reports all mistakes in one error', () => {
    expect(() =>
      inNamespace((stack) => {
        Secret.fromSecretsManager(stack, 'none', { ...database, keys: [] });
        const typo = Secret.fromSecretsManager<string>(stack, 'typo', {
          ...database,
          keys: ['username', 'password'],
        });
        EnvValue.fromSecret(typo, 'pasword');
        EnvValue.fromSecret(typo, 'certificate');
        Secret.fromSecretsManager(stack, 'never', { ...database, revision: 0 });
      }),
    ).toThrow(
      [
        'shop/none: a Secret without keys holds nothing; name them in keys',
        'shop/typo: unknown key "pasword", which a Pod uses; did you mean "password"? known: username, password',
        'shop/typo: unknown key "certificate", which a Pod uses; known: username, password',
        'shop/never: revision: got 0; a whole number above 0 is allowed, and without one nothing is written',
      ].join('\n'),
    );
  });
});

it('a Secret from parameters may have any keys', () => {
  const keys = ['account', 'region', 'partition', 'Resource', 'db.password', 'db_password'];
  const { object, document } = inNamespace((stack) => {
    Secret.fromParameters(stack, 'login', {
      keys: Object.fromEntries(keys.map((key, i) => [key, `/shop/${i}`])),
      revision: 1,
    });
  });
  const { data } = object('Secret') as unknown as { data: object };
  expect(Object.keys(data).sort()).toEqual([...keys].sort());
  const { aws_ssm_parameter } = document['ephemeral'] as {
    aws_ssm_parameter: Record<string, { arn: string }>;
  };
  expect(Object.values(aws_ssm_parameter).map(({ arn }) => arn.replace(/.*:/, ''))).toEqual(
    keys.map((_, i) => `parameter/shop/${i}`),
  );
});

it.each(['source', 'version', 'providers', 'count', 'for_each', 'lifecycle', 'depends_on', 'locals'])(
  'a Secret from the environment refuses the variable %s, which Terraform reserves',
  (name) => {
    const errors = findings((stack) => {
      Secret.fromEnvironment(stack, 'login', { keys: { a: name, b: `${name}_` }, revision: 1 });
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`keys.a: got "${name}"; expected letters, digits and _`);
  },
);

it('a Secret of type kubernetes.io/tls reports both keys that it lacks', () => {
  const lacking = (keys: string[]): string[] =>
    findings((stack) => {
      Secret.fromSecretsManager(stack, 'tls', { ...database, keys, type: 'kubernetes.io/tls' });
    });
  expect(lacking(['tls.crt', 'tls.key'])).toEqual([]);
  expect(lacking(['crt', 'key'])).toEqual(
    ['tls.crt', 'tls.key'].map((key) => `shop/tls (kubernetes_secret_v1.tls): data[${key}]: Required value`),
  );
});
