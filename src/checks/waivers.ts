import type { Waiver } from '../manifests/platform-record';
import type { Finding } from './finding';

/** A finding that a waiver lets pass, and why. */
export type WaivedFinding = Finding & Pick<Waiver, 'reason' | 'until'>;

/**
 * Findings without those that a waiver lets pass. A waiver that has expired is a finding too, and so is one that waives nothing.
 *
 * @param today `2026-12-31`
 * @param complete whether every check ran, so that a waiver without a finding is not needed
 */
export function waived(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  today: string,
  complete: boolean,
): { readonly findings: readonly Finding[]; readonly waived: readonly WaivedFinding[] } {
  const covers = (waiver: Waiver, { code, stack, address }: Finding): boolean =>
    waiver.code === code && waiver.address === `${stack}/${address}`;
  const valid = waivers.filter(({ until }) => until >= today);
  const left = findings.filter((finding) => !valid.some((waiver) => covers(waiver, finding)));
  const ended = waivers.flatMap((waiver): Finding[] => {
    const [stack = '', ...address] = waiver.address.split('/');
    const own = {
      ...{ level: 'error' as const, stack, address: address.join('/'), path: '' },
      object: `waiver of ${waiver.code} in platform.yaml`,
    };
    if (waiver.until < today) {
      const message = `ended on ${waiver.until}: ${waiver.reason}`;
      return [
        { ...own, code: 'WVR-001', message, remedy: 'put the finding right, or renew it with a later day' },
      ];
    }
    if (!complete || findings.some((finding) => covers(waiver, finding))) return [];
    return [{ ...own, code: 'WVR-002', message: 'there is no such finding', remedy: 'remove the waiver' }];
  });
  return {
    findings: [...left, ...ended].sort((a, b) => (a.code < b.code ? -1 : Number(a.code > b.code))),
    waived: findings.flatMap((finding) =>
      valid
        .filter((waiver) => covers(waiver, finding))
        .slice(0, 1)
        .map(({ reason, until }) => ({ ...finding, reason, until })),
    ),
  };
}
