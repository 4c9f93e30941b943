/** One step of a traversal: the name of an attribute, a key, or the number of an element. */
export type Step = string | number;

const START = /^[A-Za-z_][\w-]*/;
const STEP = /^(?:\.([A-Za-z_][\w-]*)|\.(\d+)|\[\s*(\d+)\s*\]|\[\s*"((?:[^"\\$%]|\\.)*)"\s*\])/;

/**
 * The steps of an expression that only points somewhere: `kubernetes_namespace_v1.web.metadata[0].name`. Nothing when it
 * does more, such as calling a function.
 */
export function traversalSteps(expression: string): Step[] | undefined {
  const start = START.exec(expression);
  if (start === null) return undefined;
  const steps: Step[] = [start[0]];
  let rest = expression.slice(start[0].length);
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) return undefined;
    const [whole, attribute, legacyIndex, index, key] = step;
    const number = legacyIndex ?? index;
    steps.push(
      number === undefined ? (attribute ?? (JSON.parse(`"${key ?? ''}"`) as string)) : Number(number),
    );
    rest = rest.slice(whole.length);
  }
  return steps;
}
