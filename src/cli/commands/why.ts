import definition from '../../../main';
import { readStacks } from '../../manifests/stacks';
import { AwsCli } from '../../pipeline/aws-cli';
import { requireAccount } from '../../pipeline/signed-in-account';
import { chosenStacks } from '../chosen-stacks';
import { printWarning } from '../terminal/print-warning';
import { healthOf, healthStatus, healthText } from '../workload-health';

/** `why`: reports which workloads are not ready, and what keeps them. */
export async function why(names: readonly string[], { json = false }: { json?: boolean }): Promise<void> {
  const { platform, outdir } = definition.synthesize({ onWarning: printWarning });
  const stacks = chosenStacks(readStacks(outdir), names);
  await requireAccount(new AwsCli({ region: platform.region }), platform.account);
  const health = await healthOf(stacks, platform);
  process.exitCode = healthStatus(health);
  const text = healthText(health);
  if ('problem' in health) process.stderr.write(text);
  else process.stdout.write(json ? `${JSON.stringify(health)}\n` : text || 'Every workload is ready.\n');
}
