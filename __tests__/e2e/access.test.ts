import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  EKSClient,
  waitUntilClusterActive,
  type CreateClusterRequest,
} from '@aws-sdk/client-eks';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { execa } from 'execa';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessKeys } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/access-keys';
import { FrontDoor } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/front-door';
import { RequestVerifier } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/request-verifier';
import { LocalClusterRuntimes } from '@kubernetes-on-aws/eks-sandbox/control-plane/cluster-runtime';
import { EksEmulator } from '@kubernetes-on-aws/eks-sandbox/eks-emulator/emulator';
import { Processes } from '@kubernetes-on-aws/eks-sandbox/sandbox-processes';
import { reviewAccess, type SubjectAccessReview } from '@kubernetes-on-aws/eks-sandbox/sign-in/authorization';
import { verifyWebIdentity } from '@kubernetes-on-aws/eks-sandbox/sign-in/web-identity';
import { SignIn, type TokenReview } from '@kubernetes-on-aws/eks-sandbox/sign-in/sign-in';
import { getTools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import {
  FakeAccount,
  REGION,
  roleArn,
} from '@kubernetes-on-aws/eks-sandbox/__tests__/aws-emulator/fake-account';
import { FakeLoadBalancers } from '@kubernetes-on-aws/eks-sandbox/__tests__/aws-emulator/fake-load-balancers';
import { CLUSTER } from '@kubernetes-on-aws/eks-sandbox/__tests__/eks-emulator/emulated-eks';

const PEOPLE = ['admin', 'auditor', 'developer'] as const;
type Person = (typeof PEOPLE)[number];

/** An account in which an access key says whose it is. */
class AccountOfPeople extends FakeAccount {
  constructor() {
    super();
    for (const person of PEOPLE) this.roles.set(person, []);
  }

  override callerArn(accessKeyId = ''): Promise<string> {
    return Promise.resolve(`arn:aws:sts::${this.accountId}:assumed-role/${accessKeyId}/session`);
  }
}

/** The key of somebody: no secret of an account. */
const keyOf = (person: Person) => ({ accessKeyId: person, secretAccessKey: `secret-of-${person}` });

const MINUTE = 60_000;
const stop: (() => Promise<unknown>)[] = [];
let folder: string;
let eks: EKSClient;
let behind: EksEmulator;
let endpoint: string;

// A real API server, which asks the sandbox's webhooks who somebody is and what they may. No Terraform and no AWS emulator
// beside that of EKS.
beforeAll(async () => {
  const tools = await getTools(() => undefined);
  folder = mkdtempSync(join(tmpdir(), 'access-'));
  const account = new AccountOfPeople();
  const keys = new AccessKeys();
  for (const person of PEOPLE) keys.remember(keyOf(person));
  const processes = new Processes(folder, () => undefined);
  stop.push(() => processes.killAll());
  const verifier = new RequestVerifier(keys, REGION);
  const signIn = new SignIn(account, verifier);
  const emulator = (): EksEmulator => behind;
  const egress = join(folder, 'egress');
  const door = new FrontDoor({
    moto: 'http://127.0.0.1:9',
    egress,
    region: REGION,
    eks: { handle: (request) => emulator().handle(request) },
    keys,
    verifier,
    webIdentity: (request) => verifyWebIdentity(request, emulator()),
    admin: async (_, path, body) => {
      const [operation, name = ''] = path.split('/');
      const cluster = emulator().cluster(name);
      if (!cluster) return undefined;
      return operation === 'token-review'
        ? signIn.review(cluster, JSON.parse(body) as TokenReview)
        : reviewAccess(cluster, JSON.parse(body) as SubjectAccessReview);
    },
    report: () => undefined,
  });
  stop.push(() => door.close());
  const frontDoor = await door.listen();
  behind = new EksEmulator(
    account,
    new LocalClusterRuntimes({
      directory: folder,
      binaries: tools,
      frontDoor: { webhooks: door.webhooks, egress },
      account,
      loadBalancers: new FakeLoadBalancers(),
      processes,
      report: () => undefined,
    }),
    () => undefined,
  );
  eks = new EKSClient({ endpoint: frontDoor, region: REGION, credentials: keyOf('admin') });
  await eks.send(new CreateClusterCommand(CLUSTER as unknown as CreateClusterRequest));
  await waitUntilClusterActive({ client: eks, maxWaitTime: 120 }, { name: 'seed' });
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'seed' }));
  endpoint = cluster?.endpoint ?? '';
  const ca = Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64');
  writeFileSync(join(folder, 'ca.crt'), ca);
  for (const person of PEOPLE) {
    await eks.send(new CreateAccessEntryCommand({ clusterName: 'seed', principalArn: roleArn(person) }));
  }
  await associate('admin', 'AmazonEKSClusterAdminPolicy');
  for (const namespace of ['dev', 'qa', 'prod']) await kubectl('admin', 'create', 'namespace', namespace);
}, 60 * MINUTE);

afterAll(async () => {
  await eks.send(new DeleteClusterCommand({ name: 'seed' }));
  eks.destroy();
  for (const end of stop.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
}, 5 * MINUTE);

async function associate(person: Person, policy: string, namespaces?: string[]): Promise<void> {
  await eks.send(
    new AssociateAccessPolicyCommand({
      clusterName: 'seed',
      principalArn: roleArn(person),
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope: namespaces ? { type: 'namespace', namespaces } : { type: 'cluster' },
    }),
  );
  await cachesAreOld();
}

/** The API server asks again once its cached answers are older than a second. */
const cachesAreOld = (): Promise<void> => sleep(1500);

/** A token as `aws eks get-token` makes it. */
async function tokenOf(person: Person): Promise<string> {
  const signer = new SignatureV4({
    service: 'sts',
    region: REGION,
    credentials: keyOf(person),
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      headers: { host: '127.0.0.1', 'x-k8s-aws-id': 'seed' },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    },
    { expiresIn: 60, unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  return `k8s-aws-v1.${Buffer.from(`http://127.0.0.1/?${query}`).toString('base64url')}`;
}

async function kubectl(person: Person, ...args: string[]): Promise<string> {
  const { all } = await execa(
    'kubectl',
    [
      `--server=${endpoint}`,
      `--certificate-authority=${join(folder, 'ca.crt')}`,
      `--token=${await tokenOf(person)}`,
      `--cache-dir=${join(folder, 'cache')}`,
      ...args,
    ],
    { env: { KUBECONFIG: join(folder, 'none') }, reject: false, all: true },
  );
  return all;
}

/** What the API server answers: yes or no. */
async function mays(person: Person, ...questions: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) {
    const [verb = '', resource = '', namespace] = question.split(' ');
    const scope = namespace === undefined ? '--all-namespaces' : `--namespace=${namespace}`;
    answers.push(
      `${question}: ${(await kubectl(person, 'auth', 'can-i', verb, resource, scope)).split('\n').at(-1) ?? ''}`,
    );
  }
  return answers;
}

describe('the API server of the sandbox', () => {
  it('gives a principal no rights for an access entry without a policy', async () => {
    expect(await mays('developer', 'list pods dev', 'create pods dev')).toEqual([
      'list pods dev: no',
      'create pods dev: no',
    ]);
  });

  it('lets a team see one namespace, change another and give rights in a third, and nothing beyond', async () => {
    await associate('developer', 'AmazonEKSViewPolicy', ['prod']);
    await associate('developer', 'AmazonEKSEditPolicy', ['qa']);
    await associate('developer', 'AmazonEKSAdminPolicy', ['dev']);
    expect(
      await mays(
        'developer',
        'list pods prod',
        'get secrets prod',
        'delete deployments prod',
        'delete deployments qa',
        'get secrets qa',
        'create rolebindings qa',
        'create rolebindings dev',
        'update resourcequotas dev',
        'list pods kube-system',
        'list pods',
        'list nodes',
      ),
    ).toEqual([
      'list pods prod: yes',
      'get secrets prod: no',
      'delete deployments prod: no',
      'delete deployments qa: yes',
      'get secrets qa: yes',
      'create rolebindings qa: no',
      'create rolebindings dev: yes',
      'update resourcequotas dev: no',
      'list pods kube-system: no',
      'list pods: no',
      'list nodes: no',
    ]);
    expect(await kubectl('developer', 'create', 'configmap', 'one', '--namespace=qa')).toBe(
      'configmap/one created',
    );
    expect(await kubectl('developer', 'create', 'configmap', 'one', '--namespace=prod')).toMatch(
      /configmaps is forbidden: User "arn:aws:sts::111122223333:assumed-role\/developer\/session" cannot create/,
    );
  });

  it('lets a viewer read everything, Secrets too, and change nothing', async () => {
    await associate('auditor', 'AmazonEKSAdminViewPolicy');
    expect(
      await mays(
        'auditor',
        'list secrets',
        'list nodes',
        'get clusterroles',
        'create pods dev',
        'delete nodes',
      ),
    ).toEqual([
      'list secrets: yes',
      'list nodes: yes',
      'get clusterroles: yes',
      'create pods dev: no',
      'delete nodes: no',
    ]);
  });

  it('takes a right away as soon as its policy goes', async () => {
    await eks.send(
      new DisassociateAccessPolicyCommand({
        clusterName: 'seed',
        principalArn: roleArn('developer'),
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy',
      }),
    );
    await cachesAreOld();
    expect(await mays('developer', 'create rolebindings dev', 'delete deployments qa')).toEqual([
      'create rolebindings dev: no',
      'delete deployments qa: yes',
    ]);
  });

  it('sends a request for a node nowhere, and reports why there are no logs', async () => {
    const name = 'ip-10-0-1-2.ec2.internal';
    const objects = [
      {
        ...{ apiVersion: 'v1', kind: 'Node', metadata: { name } },
        status: {
          addresses: [
            { type: 'Hostname', address: name },
            { type: 'InternalIP', address: '10.0.1.2' },
          ],
        },
      },
      {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'dev' } },
        spec: { nodeName: name, containers: [{ name: 'web', image: 'web' }] },
      },
    ];
    const file = join(folder, 'pod.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await kubectl('admin', 'apply', `--filename=${file}`);
    const refusal = /code 501: 501 The nodes of the sandbox are simulated: no container runs/;
    expect(await kubectl('admin', 'logs', 'web', '--namespace=dev')).toMatch(refusal);
    expect(await kubectl('admin', 'exec', 'web', '--namespace=dev', '--', 'true')).toMatch(refusal);
    const metrics = await kubectl('admin', 'get', '--raw', `/api/v1/nodes/${name}/proxy/metrics`);
    expect(metrics).toMatch(refusal);
    expect(metrics).not.toContain('lookup');
  });

  it('calls no webhook outside the cluster', async () => {
    const rules = [
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
    ];
    const webhook = {
      ...{ name: 'hook.example.com', rules, admissionReviewVersions: ['v1'], sideEffects: 'None' },
      clientConfig: { url: 'https://hook.example.com/review' },
    };
    const file = join(folder, 'webhook.json');
    writeFileSync(
      file,
      JSON.stringify({
        ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
        ...{ metadata: { name: 'hook' }, webhooks: [webhook] },
      }),
    );
    await kubectl('admin', 'apply', `--filename=${file}`);
    const deadline = Date.now() + 10_000;
    let answer = '';
    for (let i = 0; !answer.includes('hook.example.com') && Date.now() < deadline; i += 1)
      answer = await kubectl('admin', 'create', 'configmap', `hooked-${i}`);
    expect(answer).toContain('while dialing hook.example.com:443, code 501');
    await kubectl('admin', 'delete', `--filename=${file}`);
  });

  it('issues tokens for its ServiceAccounts, which assume roles with them', async () => {
    const token = await kubectl('admin', 'create', 'token', 'default', '--audience=sts.amazonaws.com');
    const assume = (WebIdentityToken: string): Promise<void> =>
      verifyWebIdentity(new URLSearchParams({ WebIdentityToken }), behind);
    await expect(assume(token)).resolves.toBeUndefined();
    await expect(assume(`${token}x`)).rejects.toThrow(
      'none of a ServiceAccount of a cluster in this sandbox',
    );
    const forApi = await kubectl('admin', 'create', 'token', 'default');
    await expect(assume(forApi)).rejects.toThrow('none of a ServiceAccount');
  });
});
