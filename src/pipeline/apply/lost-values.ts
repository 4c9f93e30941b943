import { TerraformError } from '../../terraform/terraform-error';
import type { PlanRecord } from '../plan/plan-record';
import type { Applied } from './apply-plans';

/** An argument that counts the values of a write-only one, which Terraform does not keep. */
const COUNTER = /_wo_(revision|version)$/;

/**
 * Values that a failed update may have left unwritten, and that no later plan writes. The provider saves the new revision also where the
 * update failed, and reads neither it nor the value from the object. Seen with hashicorp/kubernetes 2.38.0. Each provider of Terraform's
 * SDK 2 does so, unless it asks for a partial state.
 */
export function lostValues({ stacks }: Pick<PlanRecord, 'stacks'>, result: Applied): string[] {
  const planned = stacks.find(({ name }) => name === result.name);
  if (result.status !== 'failed' || !(result.error instanceof TerraformError)) return [];
  if (planned?.status !== 'planned') return [];
  const failed = new Set(result.error.diagnostics.map(({ address }) => address));
  return planned.changes
    .filter(({ action, address }) => action === 'update' && failed.has(address))
    .flatMap(({ address, differences }) =>
      differences
        .filter(({ path }) => COUNTER.test(path))
        .map(
          ({ path }) =>
            `${result.name}/${address}: Terraform has saved ${path}, though its value may not be written, and the next plan shows no change; raise the revision in the program`,
        ),
    );
}
