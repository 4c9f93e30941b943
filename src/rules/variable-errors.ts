import { errorOf, type ObjectError } from './rollout-errors';
import { listAt, shown, type WorkloadPods } from './workload-pods';

/**
 * Variables that use one which is defined after them: `$(HOST)` would stay as text in the container.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function variableErrors({ placed, pod }: WorkloadPods): ObjectError[] {
  return [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')].flatMap((container) => {
    const env = listAt(container, 'env');
    const names = env.map(({ name }) => shown(name));
    return env.flatMap(({ name, value }, i) =>
      usedIn(value)
        .filter((used) => names.indexOf(used) > i)
        .map((used) =>
          errorOf(
            placed,
            `container "${shown(container['name'])}": the variable ${shown(name)} uses $(${used}), which is defined after it and would stay as text; define ${used} first${/^\d+$/.test(shown(name)) ? `, and give ${shown(name)} a name with a letter, since JavaScript moves numbers to the front` : ''}`,
          ),
        ),
    );
  });
}

/** The variables that a value uses; `$$` is a dollar sign. */
const usedIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [...value.matchAll(/\$\$|\$\(([^()\s]+)\)/g)].flatMap(([, used]) => used ?? [])
    : [];
