import { join } from 'node:path';
import { readGoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { getGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/get-go-tools';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';

/** A pinned program that renders. */
export interface Renderer {
  readonly name: 'helm' | 'kustomize';
  /** `v3.22.0` */
  readonly version: string;
  readonly program: string;
}

/**
 * A pinned program, downloaded or built once for this machine.
 *
 * @param pins the folder with the pinned modules
 * @throws ChecksumError; PrerequisiteError; ToolBuildError
 */
export async function getRenderer(
  name: Renderer['name'],
  pins: string,
  report: (message: string) => void,
): Promise<Renderer> {
  const module = readGoModule(pins);
  const tool = module.tools.find(({ binary }) => binary === name);
  if (!tool) throw new Error(`${pins} does not pin ${name}`);
  const into = join(toolCache(), 'tools', `rendering-${module.key}`);
  const logFile = join(toolCache(), 'logs', `${name}.log`);
  let told = '';
  await getGoTools(module, [tool], {
    ...{ tool: name, into, logFile },
    report: (message) => {
      // A line for each package that is compiled would hide all others.
      const kind = message.split(' ', 1).join();
      if (kind !== told) report(message);
      told = kind;
    },
  });
  return { name, version: tool.version ?? '', program: join(into, name) };
}
