import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { OUTLIVES_USE } from '../internal/outlives-use';
import { MAIN_CHILD } from '../../terraform/address-name';
import { Construct } from '../../terraform/construct';
import { EphemeralResource } from '../../terraform/ephemeral-resource';
import { expression, quoted } from '../../terraform/literal';
import { contentHash } from '../internal/content-hash';
import { DataKeys } from './data-keys';
import { Namespace } from '../namespaces/namespace';
import { objectName } from '../internal/names';

/** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
export type SecretType =
  | 'Opaque'
  | 'kubernetes.io/basic-auth'
  | 'kubernetes.io/dockerconfigjson'
  | 'kubernetes.io/ssh-auth'
  | 'kubernetes.io/tls';

/** Stands for the whole value of a secret in AWS Secrets Manager, which then need not be JSON. */
export const WHOLE_VALUE = Symbol('the whole value');

export interface SecretsManagerOptions<Key extends string = string> {
  /** Name or ARN of the secret in AWS Secrets Manager; it must exist, in the region of the stack's AWS provider. */
  readonly secretName: string;
  /**
   * Keys of the Secret, each read from the key of the same name in the JSON that Secrets Manager holds; or by key what each
   * is read from: a key of the JSON, or `WHOLE_VALUE`.
   */
  readonly keys: readonly Key[] | Readonly<Record<Key, string | typeof WHOLE_VALUE>>;
  /** Counts the rotations, from 1. Terraform can't see that the value has changed: raise it, and the new value is written. */
  readonly revision: number;
  /** @default Opaque */
  readonly type?: SecretType;
  /**
   * Name of the Secret, for what must be found by it. It is then changed in place when what is read changes, the revision
   * included, and no Pod is rolled.
   * @default - from the path of the construct, with a hash of what is read, the revision included: a rotation makes a new
   * Secret, which is immutable, and rolls every Pod that uses it
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
export class Secret<Key extends string = string> extends Construct {
  /** A Secret from the values that AWS Secrets Manager holds under one name. */
  static fromSecretsManager<Key extends string>(
    scope: Construct,
    id: string,
    options: SecretsManagerOptions<Key>,
  ): Secret<Key> {
    return new Secret<Key>(scope, id, options);
  }

  /**
   * A Secret from one in AWS Secrets Manager that is created in the same stack: it waits until that one has its value.
   *
   * @param generated what `GeneratedSecret` makes; the Secret gets all of its keys
   */
  static fromGenerated(scope: Construct, id: string, generated: CreatedSecret): Secret {
    const { name, keys, revision, version } = generated;
    return new Secret(scope, id, { secretName: name, keys, revision }, version.arn);
  }

  readonly pluralName = 'secrets';
  readonly resource: SecretV1;
  readonly namespace: Namespace;
  readonly type: SecretType;
  private readonly dataKeys: DataKeys;

  /** @param secretId what the value is read by; a reference lets Terraform read it once it is written */
  private constructor(
    scope: Construct,
    id: string,
    options: SecretsManagerOptions<Key>,
    secretId = options.secretName,
  ) {
    super(scope, id);
    const { secretName, revision, type = 'Opaque', keys } = options;
    const sources = sourcesByKey(keys);
    this.type = type;
    this.namespace = Namespace.of(this);
    this.dataKeys = new DataKeys(sources.map(([key]) => key));
    this.node.addValidation({
      validate: () => [
        ...this.dataKeys.validate(),
        ...(sources.length > 0 ? [] : ['a Secret without keys holds nothing; name them in keys']),
        ...(Number.isInteger(revision) && revision > 0
          ? []
          : [
              `revision: got ${revision}; a whole number above 0 is allowed, and without one nothing is written`,
            ]),
      ],
    });

    const value = new EphemeralResource(this, 'value', {
      type: 'aws_secretsmanager_secret_version',
      arguments: {
        secret_id: secretId,
      },
    });
    const text = value.expression('secret_string');
    const content = hash({ secretName, revision, type, sources });
    this.resource = new SecretV1(this, MAIN_CHILD, {
      metadata: {
        name: options.name ?? `${objectName(this)}-${content}`,
        namespace: this.namespace.name,
      },
      type,
      dataWo: Object.fromEntries(
        sources.map(([key, source]) => [
          key,
          expression(source === WHOLE_VALUE ? text : `jsondecode(${text})[${quoted(source)}]`),
        ]),
      ),
      // Without it the provider makes the Secret empty. Under a name that is said, another key or source has to be another
      // one too, or it would never be written.
      dataWoRevision: options.name === undefined ? revision : Number.parseInt(content, 16),
      ...(options.name === undefined && { immutable: true }),
      lifecycle: OUTLIVES_USE,
    });
  }

  get name(): string {
    return this.resource.metadata.name;
  }

  /** The keys. */
  get keys(): readonly string[] {
    return this.dataKeys.names;
  }

  /** A key that somebody uses; one that the Secret lacks is an error. */
  key(key: Key): string {
    return this.dataKeys.ask(key);
  }
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
