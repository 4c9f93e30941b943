/** Keys and indexes that lead from the top of the document to a value. */
export type Path = readonly (string | number)[];

/** `namespaces.qa.nodes[1]`; a key that is no plain word is quoted: `nodes["my node"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join('');
}
