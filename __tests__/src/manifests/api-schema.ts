import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// The package is found by its folder, because it is published as an ES module only.
const MODELS = join(
  dirname(require.resolve('yaml/package.json')),
  '../@kubernetes/client-node/dist/gen/models',
);

/** The fields of a model of the Kubernetes API, each with its type as the generated client writes it. */
export type ApiModel = ReadonlyMap<string, string>;

/** A model of the Kubernetes API by the client's name for it, such as `V1PodSpec`. */
export function apiModel(name: string): ApiModel | undefined {
  const file = join(MODELS, `${name}.js`);
  if (!existsSync(file)) return undefined;
  const fields = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(readFileSync(file, 'utf8'))?.[1] ?? '[]';
  return new Map(
    (JSON.parse(fields) as { baseName: string; type: string }[]).map(({ baseName, type }) => [
      baseName,
      type,
    ]),
  );
}
