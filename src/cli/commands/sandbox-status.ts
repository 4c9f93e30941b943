import { resolve } from 'node:path';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { runningNodes, runningPods } from '../../sandbox/inventory';
import { adminKubectl, hasCluster } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { runningSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { readPlatformRecord } from '../../manifests/platform-record';
import { deployedStacks, workspace } from '../../sandbox/deployed-stacks';
import { platformOutline } from '../../checks/platform-outline';
import { drawPlatform } from '../reports/platform-tree';
import { terminalWidth } from '../terminal/table';

/** `sandbox status`: what runs where, now. */
export async function status(options: { json?: boolean }): Promise<void> {
  const directory = resolve(selectedPlatform().sandbox);
  const record = await runningSandbox(directory);
  if (!hasCluster(directory)) {
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ endpoint: record.endpoint, nodes: [], pods: [] })}\n`
        : `AWS at ${record.endpoint} since ${record.startedAt}\n\nIt has no cluster that ${npmRun('sandbox')} deployed.\n`,
    );
    return;
  }
  const kubectl = adminKubectl(directory, record);
  const [nodes, pods] = await Promise.all([runningNodes(kubectl), runningPods(kubectl)]);
  const outline = platformOutline(readPlatformRecord(workspace(directory)), deployedStacks(directory));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ endpoint: record.endpoint, nodes, pods })}\n`
      : `AWS at ${record.endpoint} since ${record.startedAt}\n\n${drawPlatform(outline, terminalWidth(), { nodes, pods })}\n`,
  );
}
