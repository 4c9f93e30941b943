import { docsPage } from '../../facts/docs-page';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { STACK } from '../../facts/stack-names';
import { UserError } from '../../facts/user-error';
import { textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import type { PlatformIdentity } from '../apply/applied-record';
import type { StateResource, Stored } from '../state/state-store';

/** The states are those of a platform with another name, account or region. */
export class OtherPlatformError extends UserError {
  readonly code = 'another-platform';
  readonly exitStatus = 1;
}

/** Stacks that have all of their objects in the platform's own region. */
const IN_OWN_REGION: readonly string[] = [STACK.network, STACK.cluster];

/**
 * Refuses states of another platform: Terraform would look for their objects in the wrong place, and forget what it does not find.
 * The record of the last apply says whose they are. Without one, the ARNs and the tag `Platform` in the state say it.
 *
 * @param instead another way @default - none
 * @throws OtherPlatformError with each key that differs
 */
export function requireSamePlatform(
  wanted: PlatformIdentity,
  stored: ReadonlyMap<string, Stored>,
  instead?: string,
): void {
  const applied = [...stored].filter(([, { state }]) => state?.isEmpty === false);
  const was: Partial<PlatformIdentity> = Object.fromEntries([
    ...applied
      .filter(([name]) => IN_OWN_REGION.includes(name))
      .flatMap(([, { state }]) => identityIn(state?.resources)),
    ...applied.flatMap(([, { applied: record }]) => Object.entries(record?.platform ?? {})),
  ]);
  const { file } = selectedPlatform();
  const findings = (['name', 'account', 'region'] as const)
    .filter((key) => was[key] !== undefined && was[key] !== wanted[key])
    .map(
      (key) =>
        `${file} ${key}: the platform has ${was[key]} since its first apply, and would get ${wanted[key]}`,
    );
  if (findings.length === 0) return;
  throw new OtherPlatformError([
    ...findings,
    `Terraform would not find what exists, forget it, and create it again. Change it back. For another name, account or region, add another platform ` +
      `(${docsPage('guides/several-platforms.md')}), move what runs to it, and take this one down with ${npmRun('teardown')}`,
    ...(instead === undefined ? [] : [instead]),
  ]);
}

/** What the objects of a state say of their place, as entries: the first object stands last, which counts. */
function identityIn(resources: readonly StateResource[] = []): [string, string][] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ instances }) => instances)
    .flatMap(({ attributes: { arn, tags_all: tags } = {} }) => {
      const place = /^arn:[^:]+:[^:]+:([^:]+):(\d{12}):/.exec(textOf(arn));
      const name = isObject(tags) && textOf(tags['Platform']);
      const found = { region: place?.[1], account: place?.[2], name };
      return Object.entries(found).filter((said): said is [string, string] => Boolean(said[1]));
    })
    .reverse();
}
