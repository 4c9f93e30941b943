import type { PlatformRecord } from '../manifests/platform-record';
import type { Stack } from '../manifests/stacks';
import { clusterFacts } from './cluster-facts';
import { OracleError } from '../rules/kubernetes-oracle';
import { compatibilityOf } from './compatibility';
import { CHECKS, type CheckName, type Finding } from './finding';
import { awsEscalations } from './aws-escalations';
import { permissionFindings, unusedRights } from './permissions';
import { scheduleOf, type Schedule } from './placement';
import { referenceFindings } from './references';
import { reachabilityOf, type Reachability } from './reachability';
import { rolloutFindings } from './rollouts';
import { waived } from './waivers';

/** What the checks say of a platform. */
export interface CheckResult {
  /** In the order of their codes. */
  readonly findings: readonly Finding[];
  /** Findings that a waiver lets pass, with its reason. */
  readonly waived: readonly (Finding & { readonly reason: string; readonly until: string })[];
  /** Checks that did not run, with the reason. */
  readonly notRun: Readonly<Partial<Record<CheckName, string>>>;
  /** Objects that are not looked at, with the reason. */
  readonly unread: readonly string[];
  /** Versions of Kubernetes against which `compatibility` held no object, since their validation is not built. */
  readonly without: readonly string[];
  readonly schedule?: Omit<Schedule, 'findings' | 'takers'>;
  readonly reachability?: Omit<Reachability, 'findings'>;
}

/** Why a question to the code of Kubernetes has no answer on this machine. */
export const NO_ORACLE =
  'the code of Kubernetes that answers this is in the native build only, which needs Go: npm run sandbox or npm test builds it';

/** The name of every check. */
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/**
 * Runs checks on what was synthesized.
 *
 * @param today the day by which waivers end: `2026-12-31`
 * @throws OracleError
 */
export function checkPlatform(
  platform: PlatformRecord,
  stacks: readonly Stack[],
  names: readonly CheckName[],
  today: string,
): CheckResult {
  const facts = clusterFacts(platform, stacks);
  const notRun: Partial<Record<CheckName, string>> = {};
  const findings: Finding[] = [];
  let schedule: Schedule | undefined;
  const wanted = (['placement', 'capacity', 'rollouts'] as const).filter((name) => names.includes(name));
  if (wanted.length > 0) {
    let reason = NO_ORACLE;
    try {
      schedule = scheduleOf(facts, wanted.includes('capacity'));
    } catch (error) {
      // A Pod that Kubernetes refuses is no question to its scheduler; compatibility says what is wrong with it.
      if (!(error instanceof OracleError)) throw error;
      reason = error.message;
    }
    for (const name of schedule ? [] : wanted) notRun[name] = reason;
    const all = [
      ...(schedule?.findings ?? []),
      ...(names.includes('rollouts') ? rolloutFindings(facts, schedule) : []),
    ].filter(
      ({ code }) =>
        code.startsWith('ROL') || names.includes(code.startsWith('PLC') ? 'placement' : 'capacity'),
    );
    // What no node takes does not fit either, and is reported already.
    const refused = new Set(all.filter(({ code }) => code === 'PLC-001').map(({ address }) => address));
    findings.push(...all.filter(({ code, address }) => !code.startsWith('CAP') || !refused.has(address)));
  }
  if (names.includes('references')) findings.push(...referenceFindings(facts));
  const reach = names.includes('reachability') ? reachabilityOf(facts) : undefined;
  findings.push(...(reach?.findings ?? []));
  if (names.includes('permissions')) {
    const found = permissionFindings(facts);
    if (found === undefined) notRun.permissions = NO_ORACLE;
    else findings.push(...found);
    findings.push(...unusedRights(facts), ...awsEscalations(facts));
  }
  const versions = names.includes('compatibility') ? compatibilityOf(facts) : undefined;
  findings.push(...(versions?.findings ?? []));
  if (versions?.without.includes(platform.kubernetes)) notRun.compatibility = NO_ORACLE;
  const complete = names.length === CHECK_NAMES.length && Object.keys(notRun).length === 0;
  const result = waived(findings, platform.waivers ?? [], today, complete);
  return {
    ...result,
    notRun,
    ...{ unread: facts.unread, without: versions?.without ?? [] },
    ...(reach && { reachability: { names: reach.names, matrix: reach.matrix } }),
    ...(schedule && {
      schedule: {
        matrix: schedule.matrix,
        templates: schedule.templates,
        capacity: schedule.capacity,
      },
    }),
  };
}
