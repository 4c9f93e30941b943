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

/** The steps of a path as the API server writes it: `spec.ports[0].port`, `metadata.labels[app.kubernetes.io/name]`. */
export function stepsOf(field: string): Path {
  return (field.match(/[^.[\]]+|\[[^\]]*\]/g) ?? []).map((step) => {
    const inner = step.replace(/^\[|\]$/g, '');
    return step.startsWith('[') && /^\d+$/.test(inner) ? Number(inner) : inner;
  });
}
