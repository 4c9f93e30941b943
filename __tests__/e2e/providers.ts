import { findProviderSource } from '../../src/terraform/terraform-providers';

/** Whether Terraform can get its Kubernetes provider here, found out once before the tests are collected. */
export const KUBERNETES_PROVIDER = 'E2E_KUBERNETES_PROVIDER';

export default async function setUp(): Promise<void> {
  const providers = await findProviderSource();
  process.env[KUBERNETES_PROVIDER] = providers.available('hashicorp/kubernetes', '2.38.0') ? 'yes' : 'no';
}
