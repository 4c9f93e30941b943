import type { TerraformDocument } from '../manifests/terraform-document';

/**
 * The values of a document's ephemeral variables, by their names: those of the user's environment, and a stand-in for each other one.
 *
 * @param environment where `TF_VAR_<name>` is looked for @default process.env
 */
export function ephemeralVariables(
  { variable = {} }: TerraformDocument,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const names = Object.keys(variable).filter((name) => variable[name]?.['ephemeral'] === true);
  return Object.fromEntries(
    names.map((name) => [name, environment[`TF_VAR_${name}`] ?? `sandbox-value-of-${name}`]),
  );
}

/** The same values for the environment of Terraform. */
export function variablesForTerraform(document: TerraformDocument): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ephemeralVariables(document)).map(([name, value]) => [`TF_VAR_${name}`, value]),
  );
}
