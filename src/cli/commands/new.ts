import definition from '../../../main';
import { selectedPlatform } from '../../facts/selected-platform';
import { addStack } from '../scaffold/add-stack';
import { addWorkload, type NewWorkload } from '../scaffold/add-workload';
import { checkFree } from '../scaffold/names';
import { addNamespace, addNodeGroup, type NewNodeGroup } from '../scaffold/platform-keys';
import { ProjectFiles } from '../scaffold/project-files';
import { synthesizedNow } from '../synthesized-now';
import { printWarning } from '../terminal/print-warning';
import { printWritten } from './init';

interface Printed {
  readonly json?: boolean;
}

/** `new workload`: its folder with a test, its place in the list of workloads, its key in a namespace. */
export async function newWorkload(workload: NewWorkload, options: Printed): Promise<void> {
  const files = new ProjectFiles();
  addWorkload(files, selectedPlatform().file, workload);
  await finish(files, options);
}

/** `new stack`: its class with a test, and its place in `main.ts`. */
export async function newStack(name: string, after: string, options: Printed): Promise<void> {
  const files = new ProjectFiles();
  addStack(files, { name, after, stacks: stackNames() });
  await finish(files, options);
}

/** `new namespace`: its key in the platform's file, which is checked before it is written. */
export async function newNamespace(
  namespace: { readonly name: string; readonly nodes?: readonly string[] | undefined },
  options: Printed,
): Promise<void> {
  const files = new ProjectFiles();
  addNamespace(files, selectedPlatform().file, namespace);
  check(files);
  checkFree('namespace', namespace.name, stackNames());
  await finish(files, options);
}

/** `new node-group`: its key in the platform's file, which is checked before it is written. */
export async function newNodeGroup(group: NewNodeGroup, options: Printed): Promise<void> {
  const files = new ProjectFiles();
  addNodeGroup(files, selectedPlatform().file, group);
  check(files);
  await finish(files, options);
}

/** `new kind`: the types of the objects that a definition defines, beside it. */
export async function newKind(file: string, options: Printed): Promise<void> {
  // What writes types loads slowly.
  const { addKind } = await import('../scaffold/add-kind');
  const files = new ProjectFiles();
  await addKind(files, file);
  printWritten(await files.write(), options, ['npm test']);
}

/** The stacks of the platform as it is. */
function stackNames(): string[] {
  return synthesizedNow().stacks.map(({ name }) => name);
}

function check(files: ProjectFiles): void {
  const { file } = selectedPlatform();
  definition.parse(files.read(file), file, { onWarning: printWarning });
}

async function finish(files: ProjectFiles, options: Printed): Promise<void> {
  printWritten(await files.write(), options, [
    'npm test',
    'npm run synth',
    'npm run schema',
    'npm run addresses -- --write',
  ]);
}
