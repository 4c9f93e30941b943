import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

const LOG_GROUPS = 'logs describe-log-groups';

/** Answers of the AWS CLI by command, `ec2 describe-volumes`: of an account of AWS that has nothing. */
const EMPTY: Json = {
  'sts get-caller-identity': { Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/admin' },
  'eks describe-cluster': { cluster: { status: 'ACTIVE', resourcesVpcConfig: { vpcId: 'vpc-1' } } },
  'elbv2 describe-load-balancers': { LoadBalancers: [] },
  'elbv2 describe-target-groups': { TargetGroups: [] },
  'elbv2 describe-tags': { TagDescriptions: [] },
  'elb describe-load-balancers': { LoadBalancerDescriptions: [] },
  'elb describe-tags': { TagDescriptions: [] },
  'ec2 describe-vpcs': { Vpcs: [] },
  'ec2 describe-security-groups': { SecurityGroups: [] },
  'ec2 describe-network-interfaces': { NetworkInterfaces: [] },
  'ec2 describe-volumes': { Volumes: [] },
  'ec2 describe-snapshots': { Snapshots: [] },
  'ec2 describe-instances': { Reservations: [] },
  [LOG_GROUPS]: { logGroups: [] },
  's3 cp': {},
};

/** A shell, which starts faster than Node: it answers from the file of a command, or fails with what is in its `.error`. */
const AWS = `#!/bin/sh
folder=\${0%/*}
echo "aws $*" >> "$folder/calls"
answer="$folder/account/$1 $2"
case "$1 $2" in
  'eks update-kubeconfig') exit 0 ;;
  # Log groups are asked for by the beginning of their name.
  'logs describe-log-groups') answer="$answer$4answer" ;;
esac
if [ -e "$answer.error" ]; then
  /bin/cat "$answer.error" >&2
  exit 255
fi
exec /bin/cat "$answer"
`;

/**
 * It has the objects of cluster.json. What it is asked to delete is gone at once, and with it what a controller takes away: the
 * answers of the AWS CLI that goes.json names are others from then on. What is named in held.json stays.
 */
const KUBECTL = `#!/bin/sh
folder=\${0%/*}
shift 2 # --kubeconfig and its file
echo "kubectl $*" >> "$folder/calls"
case "$1 $2" in
  'get customresourcedefinitions') exec /bin/cat "$folder/extensions" ;;
  'get '*) exec /bin/cat "$folder/cluster.json" ;;
  'delete '*) exec ${process.execPath} "$folder/delete.js" "$@" ;;
esac
`;

const DELETE = `
const { readFileSync, writeFileSync } = require('node:fs');
const read = (file) => JSON.parse(readFileSync(__dirname + '/' + file, 'utf8'));
const [, kinds, ...names] = process.argv.slice(2);
const { items } = read('cluster.json');
const at = names.indexOf('--namespace');
const namespace = at < 0 ? undefined : names[at + 1];
const going = items.filter(
  ({ kind, metadata }) =>
    kind === kinds.split('.')[0] &&
    names.includes(metadata.name) &&
    metadata.namespace === namespace &&
    !read('held.json').includes(metadata.name),
);
writeFileSync(__dirname + '/cluster.json', JSON.stringify({ items: items.filter((item) => !going.includes(item)) }));
for (const { kind, metadata } of going) {
  const answers = read('goes.json')[kind + ' ' + metadata.name] ?? {};
  for (const [command, answer] of Object.entries(answers)) {
    writeFileSync(__dirname + '/account/' + command, JSON.stringify(answer));
  }
}
`;

/** The custom resource definitions of the kinds of Karpenter. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  NodePool: 'nodepools.karpenter.sh',
  NodeClaim: 'nodeclaims.karpenter.sh',
  EC2NodeClass: 'ec2nodeclasses.karpenter.k8s.aws',
};

/** Programs in the place of `aws` and `kubectl`, with an account and a cluster of the test's own. */
export class FakePrograms {
  readonly folder = mkdtempSync(join(tmpdir(), 'teardown-'));

  constructor() {
    for (const [name, text] of [
      ['aws', AWS],
      ['kubectl', KUBECTL],
      ['delete.js', DELETE],
    ] as const) {
      writeFileSync(join(this.folder, name), text);
      chmodSync(join(this.folder, name), 0o755);
    }
    this.have({});
  }

  /**
   * @param account answers of the AWS CLI that are not those of an empty account; a string is an error
   * @param cluster objects of the cluster
   * @param goes answers of the AWS CLI once an object, `Service web`, is gone
   * @param held names of objects that never go
   */
  have(account: Json, cluster: readonly object[] = [], goes: Json = {}, held: readonly string[] = []): void {
    const write = (file: string, content: string): void => {
      const path = join(this.folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    };
    rmSync(join(this.folder, 'account'), { recursive: true, force: true });
    for (const [command, answer] of Object.entries({ ...EMPTY, ...account })) {
      if (typeof answer === 'string') write(`account/${command}.error`, answer);
      else if (command !== LOG_GROUPS) write(`account/${command}`, JSON.stringify(answer));
      else {
        const { logGroups } = answer as { logGroups: { logGroupName: string }[] };
        for (const prefix of ['/aws/eks/seed/', '/aws/containerinsights/seed/']) {
          const found = logGroups.filter(({ logGroupName }) => logGroupName.startsWith(prefix));
          write(`account/${command}${prefix}answer`, JSON.stringify({ logGroups: found }));
        }
      }
    }
    const kinds = new Set(cluster.map((object) => (object as { kind: string }).kind));
    const extensions = Object.entries(EXTENSIONS).filter(([kind]) => kinds.has(kind));
    write('extensions', extensions.map(([, name]) => `customresourcedefinition/${name}\n`).join(''));
    write('cluster.json', JSON.stringify({ items: cluster }));
    write('goes.json', JSON.stringify(goes));
    write('held.json', JSON.stringify(held));
    write('calls', '');
  }

  /** The variables with which these programs are found first. */
  get environment(): Record<string, string> {
    return { PATH: this.folder };
  }

  /** What was run, `kubectl delete …` and `aws …`, in this order. */
  calls(beginning: string): string[] {
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').split('\n');
    return lines.filter((line) => line.startsWith(beginning));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Tags as most of AWS gives them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
