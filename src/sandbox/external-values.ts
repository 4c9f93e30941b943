import { execa, ExecaError } from 'execa';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../manifests/field';
import { ManifestError } from '../manifests/manifest-error';
import { kubernetesObjects } from '../manifests/objects';
import type { Stack } from '../manifests/stacks';
import type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { SandboxError } from '@kubernetes-on-aws/eks-sandbox/sandbox-error';
import { hasOtherResources, outputName, withoutKubernetes } from './aws-part';
import { ephemeralVariables } from './ephemeral-variables';
import { sandboxTerraform, type SandboxTerraformOptions } from './sandbox-terraform';

type NamedDocument = Pick<Stack, 'name' | 'document'>;

/** An output of a plan, as `terraform show -json` gives it. */
interface Shown {
  readonly planned_values?: { readonly outputs?: Readonly<Record<string, { readonly value?: Json }>> };
}

/**
 * What the documents of stacks leave to a deployment, for those that are applied from their manifests. Terraform itself
 * reads data sources, all at once, since each start of the AWS provider takes seconds. The AWS CLI reads values of AWS Secrets
 * Manager straight into memory, because Terraform writes no ephemeral value anywhere.
 */
export class ExternalValues {
  private reading: Promise<ReadonlyMap<string, Json>> | undefined;

  /** @param stacks the stacks whose values may be asked for */
  constructor(
    private readonly stacks: readonly NamedDocument[],
    private readonly options: SandboxTerraformOptions,
  ) {}

  /**
   * The values of a stack's expressions, by their text.
   *
   * @param outputs those of a stack whose other resources Terraform has applied, by their names
   * @throws SandboxError for a secret or a parameter that AWS lacks; TerraformError for data that can't be read
   */
  async of(
    { name, document }: NamedDocument,
    outputs?: ReadonlyMap<string, Json>,
  ): Promise<ReadonlyMap<string, Json>> {
    const wanted = openExpressions(document);
    const values = new Map<string, Json>();
    const ofVariables = ephemeralVariables(document);
    for (const expression of wanted) {
      const value = ofVariables[variableIn(expression) ?? ''];
      if (value !== undefined) values.set(expression, value);
    }
    const left = wanted.filter((expression) => !values.has(expression));
    if (left.some((expression) => !isEphemeral(expression))) {
      const read = outputs ?? (await (this.reading ??= this.readData()));
      for (const expression of left) {
        const key = outputName(expression);
        const value = read.get(outputs ? key : `${name}_${key}`);
        if (value !== undefined) values.set(expression, value);
      }
    }
    const secrets = new Map<string, Promise<string>>();
    for (const expression of wanted.filter(isEphemeral)) {
      const parameter = parameterName(document, expression);
      if (parameter !== undefined) values.set(expression, await this.readParameter(name, parameter));
      const parsed = parseSecret(expression);
      // Left unresolved, its finding names the resource that uses it.
      if (parsed === undefined) continue;
      const id = secretId(document, parsed.resource);
      if (id === undefined) continue;
      if (!secrets.has(id)) secrets.set(id, this.readSecret(name, id));
      const text = (await secrets.get(id)) ?? '';
      values.set(expression, parsed.key === undefined ? text : jsonValue(name, id, text, parsed.key));
    }
    return values;
  }

  /** One Terraform run for all stacks: each is a module, with its data sources, and its expressions as outputs. */
  private async readData(): Promise<ReadonlyMap<string, Json>> {
    const folder = join(this.options.directory, 'external-values');
    rmSync(folder, { recursive: true, force: true });
    const module: Record<string, Json> = {};
    const output: Record<string, Json> = {};
    const asking = this.stacks
      // A stack with resources that it refers to has outputs of its own.
      .filter(({ document }) => !hasOtherResources(document))
      .map(({ name, document }) => ({
        name,
        parts: readable(document),
        expressions: outputExpressions(document),
      }))
      .filter(({ expressions }) => expressions.length > 0);
    // Modules share the providers of the root: of its own, each would start one more.
    const [shared, ...others] = new Set(asking.map(({ parts }) => JSON.stringify(parts.provider)));
    for (const { name, parts, expressions } of asking) {
      module[name] = { source: `./${name}` };
      const inner: Record<string, Json> = {};
      for (const expression of expressions) {
        const key = outputName(expression);
        // Sensitive, because what a provider calls so may be no plain output.
        inner[key] = { value: `\${${expression}}`, sensitive: true };
        output[`${name}_${key}`] = { value: `\${module.${name}.${key}}`, sensitive: true };
      }
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(
        join(folder, name, 'main.tf.json'),
        JSON.stringify({ ...parts, ...(others.length === 0 && { provider: undefined }), output: inner }),
      );
    }
    const provider = shared !== undefined && others.length === 0 && { provider: JSON.parse(shared) as Json };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ ...provider, module, output }));
    const terraform = sandboxTerraform('external-values', folder, this.options);
    await terraform.init();
    await terraform.plan({ out: 'plan' });
    const { planned_values } = (await terraform.show('plan')) as Shown;
    rmSync(folder, { recursive: true, force: true });
    return new Map(
      Object.entries(planned_values?.outputs ?? {}).flatMap(([key, { value }]) =>
        value === undefined ? [] : [[key, value] as const],
      ),
    );
  }

  private async readSecret(stack: string, id: string): Promise<string> {
    const what = `stack ${stack} reads the secret "${id}" from AWS Secrets Manager`;
    const args = ['secretsmanager', 'get-secret-value', '--secret-id', id];
    const { SecretString: text } = (await this.askAws(what, args)) as { SecretString?: string };
    if (text !== undefined) return text;
    throw new SandboxError(`${what}, which holds binary data under it: store text`);
  }

  private async readParameter(stack: string, name: string): Promise<string> {
    const what = `stack ${stack} reads the parameter "${name}" from AWS Systems Manager`;
    const args = ['ssm', 'get-parameter', '--with-decryption', '--name', name];
    const { Parameter } = (await this.askAws(what, args)) as { Parameter: { Value: string } };
    return Parameter.Value;
  }

  /** @throws SandboxError with what AWS says */
  private async askAws(what: string, args: readonly string[]): Promise<unknown> {
    try {
      const { stdout } = await execa('aws', [...args, '--output', 'json'], {
        env: isolatedEnvironment(this.options.record),
        extendEnv: false,
      });
      return JSON.parse(stdout) as unknown;
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      throw new SandboxError(`${what}: ${String(error.stderr).trim()}`);
    }
  }
}

/** The expressions in a document's Kubernetes resources that the document itself does not answer. */
function openExpressions(document: TerraformDocument): string[] {
  const found = new Set<string>();
  try {
    kubernetesObjects(document, {
      resolve: (expression) => {
        found.add(expression);
        return undefined;
      },
    });
  } catch (error) {
    // Each of them is a finding, and every one has been asked for before it is thrown.
    if (!(error instanceof ManifestError)) throw error;
  }
  return [...found];
}

const variableIn = (expression: string): string | undefined => /^var\.([\w-]+)$/.exec(expression)?.[1];

const isEphemeral = (expression: string) => expression.includes('ephemeral.');

/** The expressions in a document's Kubernetes resources whose values Terraform gives as outputs. */
export function outputExpressions(document: TerraformDocument): string[] {
  const ofVariables = ephemeralVariables(document);
  return openExpressions(document).filter(
    (expression) => !isEphemeral(expression) && !((variableIn(expression) ?? '') in ofVariables),
  );
}

/** What a stack's expressions may refer to, as a module that creates nothing. */
function readable(document: TerraformDocument) {
  const { terraform, provider, data, locals, variable } = withoutKubernetes(document) as Record<
    string,
    Json | undefined
  >;
  const { required_providers } = (terraform ?? {}) as { readonly required_providers?: Json };
  return {
    terraform: { required_providers },
    provider,
    ...(data !== undefined && { data }),
    ...(locals !== undefined && { locals }),
    ...(isObject(variable) && { variable: withDefaults(variable, ephemeralVariables(document)) }),
  };
}

/** Variables that need no value from outside, for a module. */
const withDefaults = (variable: JsonObject, values: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(
    Object.entries(variable).map(([name, body]) => [
      name,
      isObject(body) && name in values ? { ...body, default: null } : body,
    ]),
  );

/** The name of the parameter of AWS Systems Manager whose value an expression is. */
function parameterName(document: TerraformDocument, expression: string): string | undefined {
  const [, resource = ''] = /^ephemeral\.aws_ssm_parameter\.([\w-]+)\.value$/.exec(expression) ?? [];
  const ephemeral = document['ephemeral'] as
    Record<string, Record<string, { readonly arn?: unknown } | undefined> | undefined> | undefined;
  const arn = ephemeral?.['aws_ssm_parameter']?.[resource]?.arn;
  return typeof arn === 'string' ? /:parameter(\/[^$]+)$/.exec(arn)?.[1] : undefined;
}

const SECRET = 'ephemeral\\.aws_secretsmanager_secret_version\\.([\\w-]+)\\.secret_string';
const WHOLE = new RegExp(`^${SECRET}$`);
const OF_JSON = new RegExp(`^jsondecode\\(${SECRET}\\)\\[("(?:[^"\\\\]|\\\\.)*")\\]$`);

/** The two forms in which a Secret reads its values. */
function parseSecret(
  expression: string,
): { readonly resource: string; readonly key: string | undefined } | undefined {
  const whole = WHOLE.exec(expression)?.[1];
  if (whole !== undefined) return { resource: whole, key: undefined };
  const [, resource, key] = OF_JSON.exec(expression) ?? [];
  return resource === undefined || key === undefined
    ? undefined
    : { resource, key: JSON.parse(key) as string };
}

/** Name or ARN of the secret that an ephemeral resource reads, where the document says it plainly. */
function secretId(document: TerraformDocument, resource: string): string | undefined {
  const ephemeral = document['ephemeral'] as
    Record<string, Record<string, { readonly secret_id?: unknown } | undefined> | undefined> | undefined;
  return named(document, ephemeral?.['aws_secretsmanager_secret_version']?.[resource]?.secret_id);
}

/** The name or ARN of a secret, also by way of the resources of the same document that it refers to. */
function named(document: TerraformDocument, id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined;
  const [, type = '', name = ''] =
    /^\$\{(aws_secretsmanager_secret(?:_version)?)\.([\w-]+)\.(?:arn|id)\}$/.exec(id) ?? [];
  if (type === '') return id.includes('${') ? undefined : id;
  const { name: secret, secret_id } = (document.resource?.[type]?.[name] ?? {}) as {
    readonly name?: unknown;
    readonly secret_id?: unknown;
  };
  return named(document, type.endsWith('_version') ? secret_id : secret);
}

/** @throws SandboxError that names the keys which the secret has, and never a value */
function jsonValue(stack: string, id: string, text: string, key: string): Json {
  const value = parsed(text);
  if (value === undefined) {
    throw new SandboxError(
      `stack ${stack} reads the key "${key}" of the secret "${id}" in AWS Secrets Manager, which is no JSON object. ` +
        'Store one there, or read the whole value',
    );
  }
  const found = value[key];
  if (found !== undefined) return found;
  throw new SandboxError(
    `stack ${stack} reads the key "${key}" of the secret "${id}" in AWS Secrets Manager, which has: ` +
      (Object.keys(value).join(', ') || 'no keys'),
  );
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    // What the parser says would quote the secret.
    return undefined;
  }
}
