import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { EphemeralResource } from '../../terraform/ephemeral-resource';
import { expression, quoted } from '../../terraform/literal';

/** How AWS makes up a value: of letters, digits and punctuation, at least one of each sort. */
export interface GeneratedValue {
  /** Characters, 4 to 4096. @default 32 */
  readonly length?: number;
  /** Letters and digits only: for what stands in a URL, or goes through a shell. @default false */
  readonly excludePunctuation?: boolean;
  /** Characters that may not occur, such as `/@"` in a password of RDS. @default - none */
  readonly excludeCharacters?: string;
}

/** A secret in AWS Secrets Manager: its plain fields, and the values that AWS generates. */
export interface GeneratedSecretOptions {
  /** Name of the secret, such as `seed/shop/database`: letters, digits and `/_+=.@-`, at most 512. */
  readonly name: string;
  /** What the secret is for; the console shows it. */
  readonly description: string;
  /**
   * Plain values by their keys, such as a username. They are in the Terraform JSON, and nothing secret belongs here.
   * @default {}
   */
  readonly fields?: Readonly<Record<string, string>>;
  /** How each generated value is made, by its key; at least one. */
  readonly generated: Readonly<Record<string, GeneratedValue>>;
  /**
   * Counts the rotations. A higher number writes the secret again: every generated value is another one, and changed `fields`
   * and `generated` take effect, which they do not before.
   * @default 1
   */
  readonly revision?: number;
  /**
   * Days, 7 to 30, for which a destroyed secret can be restored; 0 deletes it for good. While it can be restored, its name is
   * taken: where a platform is destroyed and made again, as for tests, 0 is right.
   * @default 30
   */
  readonly recoveryWindowDays?: number;
  /**
   * The KMS key that encrypts the value. Who reads the secret has to be allowed to decrypt with it.
   * @default - the account's key for Secrets Manager
   */
  readonly encryptionKey?: { readonly arn: string };
}

/**
 * A secret in AWS Secrets Manager whose value AWS makes up: JSON with some plain fields and some generated ones. The value goes
 * from AWS through Terraform's memory to AWS. It is written into no file, plan or state. It needs Terraform 1.11, which has
 * write-only arguments.
 *
 * Terraform keeps a value from elsewhere until you raise `revision`, as long as Secrets Manager keeps the version that Terraform
 * wrote. After two later versions, Secrets Manager may delete it, and Terraform writes a new value. For a rotation function of
 * Secrets Manager, create the secret elsewhere.
 *
 * Once destroyed, the secret waits for its deletion, and AWS refuses a new one of its name. Give up the old one, and the name is
 * free: `aws secretsmanager delete-secret --force-delete-without-recovery --secret-id <name>`. Or continue with it:
 * `aws secretsmanager restore-secret --secret-id <name>`, then `terraform import <address> <arn>`; the next apply writes a new
 * value, and the old one is that of the stage AWSPREVIOUS.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
 */
export class GeneratedSecret extends ArnConstruct {
  readonly resource: SecretsmanagerSecret;
  /** What a reader of the secret has to wait for: the secret with its value. */
  readonly version: SecretsmanagerSecretVersion;
  readonly name: string;
  /** The keys of the JSON. */
  readonly keys: readonly string[];
  /** How often it was rotated, from 1. */
  readonly revision: number;
  private current: EphemeralResource | undefined;

  constructor(scope: Construct, id: string, options: GeneratedSecretOptions) {
    super(scope, id);
    const { name, description, fields = {}, generated, revision = 1, recoveryWindowDays = 30 } = options;
    this.name = name;
    this.revision = revision;
    this.keys = [...Object.keys(fields), ...Object.keys(generated)];
    this.node.addValidation({ validate: () => findings(options) });

    this.resource = new SecretsmanagerSecret(this, MAIN_CHILD, {
      name,
      description,
      recoveryWindowInDays: recoveryWindowDays,
      ...(options.encryptionKey && { kmsKeyId: options.encryptionKey.arn }),
    });
    const entries = [
      ...Object.entries(fields).map(([key, value]) => [key, quoted(value)] as const),
      ...Object.entries(generated).map(([key, value]) => [key, this.randomValue(key, value)] as const),
    ];
    this.version = new SecretsmanagerSecretVersion(this, 'version', {
      secretId: this.resource.id,
      secretStringWo: expression(
        `jsonencode({${entries.map(([key, value]) => `${quoted(key)}: ${value}`).join(', ')}})`,
      ),
      secretStringWoVersion: revision,
    });
  }

  /**
   * A reference to the stored value, for write-only arguments. Terraform keeps nothing of it. It is read back from Secrets Manager:
   * after an apply that failed halfway, the next one gets the same value.
   */
  value(key: string): string {
    this.current ??= new EphemeralResource(this, 'current', {
      type: 'aws_secretsmanager_secret_version',
      arguments: { secret_id: this.version.secretId },
    });
    return expression(`jsondecode(${this.current.expression('secret_string')})[${quoted(key)}]`);
  }

  private randomValue(key: string, value: GeneratedValue): string {
    const { length = 32, excludePunctuation = false, excludeCharacters } = value;
    return new EphemeralResource(this, `generated-${key}`, {
      type: 'aws_secretsmanager_random_password',
      arguments: {
        password_length: length,
        exclude_punctuation: excludePunctuation,
        ...(excludeCharacters !== undefined && { exclude_characters: excludeCharacters }),
      },
    }).expression('random_password');
  }
}

function findings(options: GeneratedSecretOptions): string[] {
  const { name, fields = {}, generated, revision = 1, recoveryWindowDays = 30 } = options;
  const errors: string[] = [];
  if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
    errors.push(`name: got "${name}"; 1 to 512 letters, digits and /_+=.@- are allowed`);
  }
  if (Object.keys(generated).length === 0) {
    errors.push('generated: got none; name the key of at least one value that AWS generates');
  }
  for (const [key, { length = 32 }] of Object.entries(generated)) {
    if (key in fields)
      errors.push(`key "${key}" is in both fields and generated; take it out of one of them`);
    if (!Number.isInteger(length) || length < 4 || length > 4096) {
      errors.push(`generated.${key}.length: got ${length}; 4 to 4096 characters are allowed`);
    }
  }
  if (!Number.isInteger(revision) || revision < 1) {
    errors.push(`revision: got ${revision}; a whole number above 0 is allowed`);
  }
  if (recoveryWindowDays !== 0 && !(recoveryWindowDays >= 7 && recoveryWindowDays <= 30)) {
    errors.push(`recoveryWindowDays: got ${recoveryWindowDays}; 7 to 30 days are allowed, or 0 for none`);
  }
  return errors;
}
