import { blocksOf, textsOf } from '../../../manifests/attributes';
import { frontOf } from '../../../rules/load-balancer-front';
import { rangesBeyond } from './open-ranges';
import { changeIdentity } from '../change/change-digest';
import type { GuardedChange } from '../change/guarded-change';
import { lostIsolation, openedToPods } from './network-isolation';
import { isPublic, statementsOf } from '../../../rules/iam-policy';
import { type GuardedPlans, eachChange, type Rule } from '../guard-rule';
import { opened } from './security-group-rules';

/**
 * Opens the network or part of it: sources of a security group, the cluster's endpoint, a load balancer on the
 * internet, Pod isolation, a bucket. The rule lets private networks reach a new object. It refuses every new client of an
 * existing one.
 */
export const EXPOSURE: Rule = (plans) =>
  eachChange((change, stack) =>
    [
      ...opened(change, stack).map((what) => `opens ${what}, which was closed`),
      ...endpoint(change),
      ...bucket(change),
      ...loadBalancer(change),
      ...isolation(change, plans),
    ].map((message) => ({ message, identity: changeIdentity(change, message) })),
  )(plans);

function endpoint({ type, before, after }: GuardedChange): string[] {
  if (type !== 'aws_eks_cluster' || before === undefined || after === undefined) return [];
  const [was = {}] = blocksOf(before['vpc_config']);
  const [is = {}] = blocksOf(after['vpc_config']);
  if (is['endpoint_public_access'] !== true) return [];
  const ranges = textsOf(is['public_access_cidrs']);
  if (was['endpoint_public_access'] !== true) {
    return [`makes the cluster's endpoint public, for ${ranges.join(', ') || 'everyone'}`];
  }
  const beyond = rangesBeyond(ranges, textsOf(was['public_access_cidrs']));
  return beyond.length === 0 ? [] : [`lets ${beyond.join(', ')} reach the cluster's endpoint`];
}

function bucket({ type, before, after }: GuardedChange): string[] {
  return type === 'aws_s3_bucket_policy' &&
    isPublic(statementsOf(after?.['policy'])) &&
    !isPublic(statementsOf(before?.['policy']))
    ? ['makes a bucket public: its policy allows everyone, without a condition']
    : [];
}

function loadBalancer({ objectBefore, objectAfter }: GuardedChange): string[] {
  const is = objectAfter && frontOf(objectAfter);
  if (is === undefined) return [];
  const what = `the load balancer of the ${objectAfter?.kind ?? ''}`;
  const was = objectBefore && frontOf(objectBefore);
  if (is.isPublic && was?.isPublic !== true) {
    return [`puts ${what} on the internet, for ${is.ranges.join(', ')}`];
  }
  // An internal one is not reached from the internet, whatever its ranges say.
  const beyond = was === undefined ? [] : rangesBeyond(is.ranges, was.ranges);
  return beyond.length === 0 ? [] : [`lets ${beyond.join(', ')} reach ${what}`];
}

function isolation(
  { objectBefore, objectAfter, stack }: GuardedChange,
  { stacks, declared }: GuardedPlans,
): string[] {
  if ((objectBefore ?? objectAfter)?.kind !== 'NetworkPolicy') return [];
  const namespace = objectBefore?.metadata.namespace;
  const changes = stacks.find(({ name }) => name === stack)?.changes ?? [];
  const namespaceGoes = changes.some(
    ({ objectBefore: other, objectAfter: kept }) =>
      other?.kind === 'Namespace' && other.metadata.name === namespace && kept === undefined,
  );
  const others = declared.map(({ object }) => object);
  return [
    // Where the namespace goes, no Pods are left to be reached.
    ...(namespaceGoes ? [] : lostIsolation(objectBefore, objectAfter, others)),
    ...openedToPods(objectBefore, objectAfter),
  ];
}
