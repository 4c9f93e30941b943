import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { Token } from 'cdktf';
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
 * A Secret whose value is in AWS Secrets Manager. Terraform reads it while it applies and hands it on: it is written into no
 * file, plan or state. It needs Terraform 1.11, which has write-only arguments.
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
    return new Secret<Key>(scope, id, options, { ...options, secretId: options.secretName });
  }

  /**
   * A Secret from one in AWS Secrets Manager that is created in the same stack: it waits until that one has its value.
   *
   * @param generated what `GeneratedSecret` makes; the Secret gets all of its keys
   */
  static fromGenerated(scope: Construct, id: string, generated: CreatedSecret): Secret {
    const { name, keys, revision, version } = generated;
    return new Secret(scope, id, {}, { secretName: name, keys, revision, secretId: version.arn });
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

  /** @param value where it is in Secrets Manager. Left out, the Secret exists already */
  private constructor(
    scope: Construct,
    id: string,
    options: ObjectOptions & Pick<SecretsManagerOptions, 'type'>,
    value?: StoredValue,
  ) {
    const { name, type = 'Opaque' } = options;
    const sources = value ? sourcesByKey(value.keys) : [];
    super(
      scope,
      id,
      sources.map(([key]) => key),
      options,
      !value && { kind: 'Secret', name },
    );
    this.type = type;
    if (!value) {
      this.revision = '';
      return;
    }
    const { secretName, revision } = value;
    this.revision = hash({ secretName, revision, type, sources });
    this.node.addValidation({
      validate: () => [
        ...(Token.isUnresolved(secretName)
          ? [
              'secretName: got a reference, whose value Terraform alone knows; write the name, or use fromGenerated()',
            ]
          : []),
        ...(sources.length > 0 ? [] : ['a Secret without keys holds nothing; name them in keys']),
        ...(Number.isInteger(revision) && revision > 0
          ? []
          : [
              `revision: got ${revision}; a whole number above 0 is allowed, and without one nothing is written`,
            ]),
      ],
    });

    const ephemeral = new EphemeralResource(this, 'value', {
      type: 'aws_secretsmanager_secret_version',
      arguments: { secret_id: value.secretId },
    });
    const text = ephemeral.expression('secret_string');
    this.resource = new SecretV1(this, MAIN_CHILD, {
      metadata: {},
      type,
      dataWo: Object.fromEntries(
        sources.map(([key, source]) => [
          key,
          expression(source === WHOLE_VALUE ? text : `jsondecode(${text})[${quoted(source)}]`),
        ]),
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

/** A value in Secrets Manager. */
interface StoredValue extends Pick<SecretsManagerOptions, 'secretName' | 'keys' | 'revision'> {
  /** What it is read by; a reference lets Terraform read it once it is written. */
  readonly secretId: string;
}

type Source = readonly [key: string, source: string | typeof WHOLE_VALUE];

function sourcesByKey(keys: SecretsManagerOptions['keys']): Source[] {
  return Array.isArray(keys)
    ? (keys as readonly string[]).map((key) => [key, key])
    : Object.entries(keys as Readonly<Record<string, string | typeof WHOLE_VALUE>>);
}

function hash(content: { readonly sources: readonly Source[]; readonly [field: string]: unknown }): string {
  const sources = content.sources.map(([key, source]) => [key, source === WHOLE_VALUE ? 0 : source]).sort();
  return contentHash(JSON.stringify({ ...content, sources }));
}
