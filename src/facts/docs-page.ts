import { existsSync } from 'node:fs';

/**
 * A page of the documentation for a message, as a path from the project's folder: an installed package has it below node_modules.
 *
 * @param page path in docs/: `guides/pipeline.md`
 */
export function docsPage(page: string): string {
  return existsSync(`docs/${page}`) ? `docs/${page}` : `node_modules/kubernetes-on-aws/docs/${page}`;
}
