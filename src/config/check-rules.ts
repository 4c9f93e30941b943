import { unknownName } from '../facts/near-name';
import type { Rule } from './config-rule';

const expectationsSayWho: Rule = ({ checks }, { report }) => {
  checks?.reachability?.forEach((expectation, i) => {
    if (expectation?.to === undefined || expectation.onlyFrom || expectation.neverFrom) return;
    report(
      ['checks', 'reachability', i],
      'has neither onlyFrom nor neverFrom; name those that may connect, or those that may not',
    );
  });
};

/** The names of workloads are known to the synthesized stacks: npm run check holds them. */
const expectationsNameNamespaces: Rule = ({ checks, namespaces }, { report }) => {
  const known = Object.keys(namespaces ?? {});
  const look = (name: string | undefined, path: readonly (string | number)[]): void => {
    const [namespace = '', workload] = name?.split('/') ?? [];
    if (workload === undefined || known.includes(namespace)) return;
    report(['checks', 'reachability', ...path], unknownName('namespace', namespace, known));
  };
  checks?.reachability?.forEach((expectation, i) => {
    look(expectation?.to, [i, 'to']);
    for (const key of ['onlyFrom', 'neverFrom'] as const)
      expectation?.[key]?.forEach((name, j) => {
        look(name, [i, key, j]);
      });
  });
};

/** What the expectations of connections must be. */
export const CHECK_RULES: readonly Rule[] = [expectationsSayWho, expectationsNameNamespaces];
