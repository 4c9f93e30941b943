import type { TerraformProgress } from '../sandbox/terraform-messages';

/** Terraform's progress in one line: `12 of 47, aws_nat_gateway.vpc_nat_a create (8 s)`. */
export function progressText(progress: TerraformProgress): string {
  if (progress.kind === 'message') return progress.text;
  const { done, total, address, action, seconds, phase } = progress;
  const count = total > 0 ? `${done} of ${total}, ` : '';
  const time = phase === 'running' ? ` (${seconds} s)` : '';
  return `${count}${address} ${action}${phase === 'complete' ? ' done' : ''}${time}`;
}

/** The time since a moment: `12 s`, `3 min 5 s`. */
export function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
