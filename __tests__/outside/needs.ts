import { findProviderSource } from '../../src/terraform/terraform-providers';

/** The versions of the providers that the platform's stacks allow. */
const CONSTRAINTS = { 'hashicorp/aws': '5.100.0', 'hashicorp/kubernetes': '2.38.0' };

/**
 * Says of a Terraform provider that the tests of a file cannot do without it.
 *
 * @throws Error when Terraform can get it neither from the registry nor from a local mirror
 */
export async function needsProvider(name: keyof typeof CONSTRAINTS): Promise<void> {
  const source = await findProviderSource();
  if (source.available(name, CONSTRAINTS[name])) return;
  throw new Error(
    `these tests need the Terraform provider ${name} ${CONSTRAINTS[name]}; it is neither in the registry that Terraform ` +
      'reaches from here nor in a local mirror. Run them where registry.terraform.io can be reached, or mirror it: ' +
      'terraform providers mirror FOLDER',
  );
}
