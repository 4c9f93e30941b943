import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { atSynthesis } from '../../terraform/at-synthesis';
import { MAIN_CHILD } from '../../terraform/construct';
import { EphemeralResource } from '../../terraform/ephemeral-resource';
import { expression, quoted } from '../../terraform/literal';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { contentHash } from '../internal/content-hash';
import { Configuration } from './configuration';
import type { ObjectOptions } from '../internal/metadata';

/** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
export type SecretType =
  | 'Opaque'
  | 'kubernetes.io/basic-auth'
  | 'kubernetes.io/dockerconfigjson'
  | 'kubernetes.io/ssh-auth'
  | 'kubernetes.io/tls';

/** Stands for the whole value of a secret in AWS Secrets Manager, which then need not be JSON. */
export const WHOLE_VALUE = Symbol('the whole value');

/** A secret in AWS Secrets Manager, its revision, and the keys of the Secret. */
export interface SecretsManagerOptions<Key extends string = string> extends ObjectOptions {
  /** Name or ARN of the secret in AWS Secrets Manager; it must exist, in the region of the stack's AWS provider. */
  readonly secretName: string;
  /**
   * Keys of the Secret. A list reads each from the key of the same name in the JSON that Secrets Manager holds. A record sets the
   * source of each: a key of the JSON, or `WHOLE_VALUE`.
   */
  readonly keys: readonly Key[] | Readonly<Record<Key, string | typeof WHOLE_VALUE>>;
  /** Counts the rotations, from 1. Terraform can't see that the value has changed: raise it, and the new value is written. */
  readonly revision: number;
  /** @default Opaque */
  readonly type?: SecretType;
  /**
   * Name of the Secret, for what must be found by it. A rotation then changes it in place.
   * @default - from the path of the construct
   */
  readonly name?: string;
}

/** @see https://developer.hashicorp.com/terraform/language/block/variable */
const VARIABLE = /^(?!(?:source|version|providers|count|for_each|lifecycle|depends_on|locals)$)[A-Za-z_]\w*$/;

/** Where each key of a Secret comes from. */
export interface SecretSourceOptions<Key extends string = string>
  extends ObjectOptions, Pick<SecretsManagerOptions, 'revision' | 'type'> {
  /** The source of each key. */
  readonly keys: Readonly<Record<Key, string>>;
}

/** A secret in AWS Secrets Manager that the same stack creates. */
export interface CreatedSecret {
  readonly name: string;
  /** The keys of its JSON. */
  readonly keys: readonly string[];
  /** Counts the rotations, from 1. */
  readonly revision: number;
  /** The resource that writes its value; its `arn` is known once it has. */
  readonly version: { readonly arn: string };
}

/**
 * A Secret whose value is in AWS Secrets Manager, in parameters of AWS Systems Manager or in the environment of Terraform. Terraform reads
 * it while it applies and hands it on: it is written into no file, plan or state. It needs Terraform 1.11, which has write-only arguments.
 * What an operator of the cluster makes, such as the External Secrets Operator, is named by `fromName`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/
 */
export class Secret<Key extends string = string> extends Configuration<Key, SecretV1> {
  /** A Secret from the values that AWS Secrets Manager holds under one name. */
  static fromSecretsManager<Key extends string>(
    scope: Construct,
    id: string,
    options: SecretsManagerOptions<Key>,
  ): Secret<Key> {
    return new Secret<Key>(
      scope,
      id,
      options,
      inSecretsManager({ ...options, secretId: options.secretName }),
    );
  }

  /**
   * A Secret from one in AWS Secrets Manager that is created in the same stack: it waits until that one has its value.
   *
   * @param generated what `GeneratedSecret` makes; the Secret gets all of its keys
   */
  static fromGenerated(scope: Construct, id: string, generated: CreatedSecret): Secret {
    const { name, keys, revision, version } = generated;
    const stored = { secretName: name, keys, revision, secretId: version.arn };
    return new Secret(scope, id, {}, inSecretsManager(stored));
  }

  /**
   * A Secret from parameters of AWS Systems Manager, in the region of the stack's AWS provider.
   *
   * @param options `keys` has the name of the parameter for each key, such as `/shop/database/password`
   */
  static fromParameters<Key extends string>(
    scope: Construct,
    id: string,
    options: SecretSourceOptions<Key>,
  ): Secret<Key> {
    let account: string | undefined;
    return new Secret<Key>(scope, id, options, {
      ...given(
        options,
        /^\/[\w.-]+(\/[\w.-]+)*$/,
        'the name of a parameter, such as /shop/database/password',
      ),
      read: (secret, name, index) => {
        account ??= accountOf(secret);
        // Two keys may differ in a character alone that no Terraform name has.
        return new EphemeralResource(secret, `value-${index}`, {
          type: 'aws_ssm_parameter',
          arguments: { arn: `${account}:parameter${String(name)}` },
        }).expression('value');
      },
    });
  }

  /**
   * A Secret from the environment of Terraform. A plan and an apply need the variables, and write their values nowhere.
   *
   * @param options `keys` has a name for each key, such as `database_password`, which is in `TF_VAR_database_password`
   */
  static fromEnvironment<Key extends string>(
    scope: Construct,
    id: string,
    options: SecretSourceOptions<Key>,
  ): Secret<Key> {
    return new Secret<Key>(scope, id, options, {
      ...given(
        options,
        VARIABLE,
        'letters, digits and _: what follows TF_VAR_, and no name that Terraform reserves, such as version',
      ),
      read: (secret, name) => {
        // CDKTF 0.21 has no property for an ephemeral variable.
        TerraformStack.of(secret).addOverride(`variable.${String(name)}`, {
          type: 'string',
          sensitive: true,
          ephemeral: true,
        });
        return `var.${String(name)}`;
      },
    });
  }

  /** A Secret that exists already in the namespace. It stays as it is, and a change of it rolls no Pod. */
  static fromName<Key extends string = string>(
    scope: Construct,
    id: string,
    name: string,
    options: Pick<SecretsManagerOptions, 'type'> = {},
  ): Secret<Key> {
    return new Secret<Key>(scope, id, { ...options, name });
  }

  readonly pluralName = 'secrets';
  readonly revision: string;
  readonly type: SecretType;

  /** @param origin where its values are. Left out, the Secret exists already */
  private constructor(
    scope: Construct,
    id: string,
    options: ObjectOptions & Pick<SecretsManagerOptions, 'type'>,
    origin?: Origin,
  ) {
    const { name, type = 'Opaque' } = options;
    const sources = origin?.sources ?? [];
    super(
      scope,
      id,
      sources.map(([key]) => key),
      options,
      !origin && { kind: 'Secret', name },
    );
    this.type = type;
    if (!origin) {
      this.revision = '';
      return;
    }
    const { revision, errors } = origin;
    this.revision = hash({ secretName: origin.name, revision, type, sources });
    this.node.addValidation({
      validate: () => [
        ...errors,
        ...(sources.length > 0 ? [] : ['a Secret without keys holds nothing; name them in keys']),
        ...(Number.isInteger(revision) && revision > 0
          ? []
          : [
              `revision: got ${revision}; a whole number above 0 is allowed, and without one nothing is written`,
            ]),
      ],
    });

    this.resource = new SecretV1(this, MAIN_CHILD, {
      metadata: {},
      type,
      dataWo: Object.fromEntries(
        sources.map(([key, source], index) => [key, expression(origin.read(this, source, index))]),
      ),
      lifecycle: OUTLIVES_USE,
    });
    this.nameAtSynthesis(this.resource);
    atSynthesis(this.resource, () => {
      // Without it the provider makes the Secret empty. Under one name, another key or source has to be another one too, or it would
      // never be written.
      this.resource.dataWoRevision =
        name === undefined && !this.rollsPods ? revision : Number.parseInt(this.revision, 16);
    });
  }
}

type Source = readonly [key: string, source: string | typeof WHOLE_VALUE];

/** Where values are that Terraform reads while it plans and applies. */
interface Origin {
  /** Name of what has them all. @default - each has a name of its own */
  readonly name?: string;
  readonly sources: readonly Source[];
  readonly revision: number;
  readonly errors: readonly string[];
  /** The expression of the value of a key, which is at the index among all keys. */
  read(secret: Construct, source: Source[1], index: number): string;
}

/** Sources that have a name each. */
function given(
  { keys, revision }: SecretSourceOptions,
  allowed: RegExp,
  expected: string,
): Omit<Origin, 'read'> {
  const sources = Object.entries(keys);
  return {
    sources,
    revision,
    errors: sources
      .filter(([, name]) => !allowed.test(name))
      .map(([key, name]) => `keys.${key}: got "${name}"; expected ${expected}`),
  };
}

/** A value in Secrets Manager. */
interface StoredValue extends Pick<SecretsManagerOptions, 'secretName' | 'keys' | 'revision'> {
  /** What it is read by; a reference lets Terraform read it once it is written. */
  readonly secretId: string;
}

/** What the ARN of each parameter of the stack's account and region begins with. */
function accountOf(secret: Construct): string {
  const { partition } = new DataAwsPartition(secret, 'partition');
  const { name } = new DataAwsRegion(secret, 'region');
  const { accountId } = new DataAwsCallerIdentity(secret, 'account');
  return `arn:${partition}:ssm:${name}:${accountId}`;
}

function inSecretsManager({ secretName, keys, revision, secretId }: StoredValue): Origin {
  let text: string | undefined;
  return {
    name: secretName,
    sources: sourcesByKey(keys),
    revision,
    errors: Token.isUnresolved(secretName)
      ? [
          'secretName: got a reference, whose value Terraform alone knows; write the name, or use fromGenerated()',
        ]
      : [],
    read: (secret, source) => {
      text ??= new EphemeralResource(secret, 'value', {
        type: 'aws_secretsmanager_secret_version',
        arguments: { secret_id: secretId },
      }).expression('secret_string');
      return source === WHOLE_VALUE ? text : `jsondecode(${text})[${quoted(source)}]`;
    },
  };
}

function sourcesByKey(keys: SecretsManagerOptions['keys']): Source[] {
  return Array.isArray(keys)
    ? (keys as readonly string[]).map((key) => [key, key])
    : Object.entries(keys as Readonly<Record<string, string | typeof WHOLE_VALUE>>);
}

function hash(content: { readonly sources: readonly Source[]; readonly [field: string]: unknown }): string {
  const sources = content.sources.map(([key, source]) => [key, source === WHOLE_VALUE ? 0 : source]).sort();
  return contentHash(JSON.stringify({ ...content, sources }));
}
