import { Page } from './page';
import { objectsOf } from './synthesized-example';
import { typeErrors } from './type-errors';

const NAMES =
  'ClusterRole, ConfigMap, Cpu, CronJob, DaemonSet, Deployment, EnvValue, Ingress, Job, PersistentVolumeClaim, Probe, Role, Schedule, Secret, ' +
  'Service, ServiceAccount, Size, StatefulSet, StorageClass, Volume';
const IMAGE = "image: 'shop/web:1'";

/** What a newcomer may write, and what tells them: the compiler, or synthesis. */
const MISTAKES: readonly (readonly [
  what: string,
  code: string,
  by: 'compiler' | 'synthesis',
  message: RegExp,
])[] = [
  [
    'a number as text',
    `new Deployment(stack, 'web', { ${IMAGE}, replicas: '2' });`,
    'compiler',
    /'string' is not assignable to type 'number'/,
  ],
  [
    'a misspelled option',
    `new Deployment(stack, 'web', { ${IMAGE}, replica: 2 });`,
    'compiler',
    /'replica' does not exist in type 'DeploymentOptions'\. Did you mean to write 'replicas'/,
  ],
  [
    'memory without a unit',
    `new Deployment(stack, 'web', { ${IMAGE}, resources: { cpu: Cpu.millis(100), memory: 128 } });`,
    'compiler',
    /'number' is not assignable to type 'Size'/,
  ],
  [
    'CPU in the place of memory',
    `new Deployment(stack, 'web', { ${IMAGE}, resources: { cpu: Cpu.millis(100), memory: Cpu.units(1) } });`,
    'compiler',
    /'Cpu' is not assignable to type 'Size'|'Size'/,
  ],
  [
    'a variable without a factory',
    `new Deployment(stack, 'web', { ${IMAGE}, env: { LEVEL: 'info' } });`,
    'compiler',
    /'string' is not assignable to type 'EnvValue'/,
  ],
  [
    'a key that the ConfigMap lacks',
    `EnvValue.fromConfigMap(new ConfigMap(stack, 'settings', { data: { level: 'info' } }), 'levl');`,
    'compiler',
    /'"levl"' is not assignable to parameter of type '"level"'/,
  ],
  [
    'the name of a Service for the Service',
    `new Ingress(stack, 'shop').route('shop.example.com', '/', 'web');`,
    'compiler',
    /'string' is not assignable to parameter of type 'ServiceReference'/,
  ],
  [
    'a schedule as text',
    `new CronJob(stack, 'report', { ${IMAGE}, schedule: '0 3 * * *' });`,
    'compiler',
    /'string' is not assignable to type 'Schedule'/,
  ],
  [
    'an emptyDir without a limit',
    `Volume.fromEmptyDir('tmp');`,
    'compiler',
    /Expected 2 arguments, but got 1/,
  ],
  [
    'an unknown path type',
    `new Ingress(stack, 'shop').route('a.example.com', '/', new Service(stack, 'api', { ports: { http: 80 } }), 'http', { pathType: 'prefix' });`,
    'compiler',
    /'"prefix"' is not assignable to type '"Prefix" \\| "Exact"/,
  ],
  [
    'a resource that RBAC does not know',
    `new Role(stack, 'reader').allowRead('pod');`,
    'compiler',
    /'"pod"' is not assignable to parameter of type/,
  ],
  [
    'a load balancer of the internet without ranges',
    `new Deployment(stack, 'web', { ${IMAGE}, ports: { http: 80 } }).expose({ type: 'LoadBalancer', scheme: 'internet-facing' });`,
    'compiler',
    /sourceRanges/,
  ],
  [
    'a spread with a misspelled word',
    `new Deployment(stack, 'web', { ${IMAGE}, spread: ['node'] });`,
    'compiler',
    /'"node"' is not assignable to type/,
  ],
  [
    'a field of the API that is misspelled in patch()',
    `new Deployment(stack, 'web', { ${IMAGE} }).patch(({ spec }) => { spec.template.spec.dnsPolcy = 'Default'; });`,
    'compiler',
    /Property 'dnsPolcy' does not exist on type .*Did you mean 'dnsPolicy'/,
  ],
  [
    'no container',
    `new Deployment(stack, 'web');`,
    'synthesis',
    /spec\.containers: Required value; set image, or call addContainer\(\)/,
  ],
  [
    'options of a container without an image',
    `new Deployment(stack, 'web', { ports: { http: 80 } }).addContainer('web', { ${IMAGE} });`,
    'synthesis',
    /got ports without image; set image, or pass them to addContainer\(\)/,
  ],
  [
    'a health check without a port',
    `new Deployment(stack, 'web', { ${IMAGE}, health: '/healthz' });`,
    'synthesis',
    /there is no TCP port to ask; name one, such as ports: \{ http: 8080 \}/,
  ],
  [
    'a probe of an unknown port',
    `new Deployment(stack, 'web', { ${IMAGE}, ports: { http: 80 }, liveness: Probe.fromTcpSocket('htp') });`,
    'synthesis',
    /liveness: got the port "htp"; its ports are: http/,
  ],
  [
    'two workloads of one name',
    `new Deployment(stack, 'web', { ${IMAGE} }); new Deployment(stack, 'api', { ${IMAGE}, name: 'web' });`,
    'synthesis',
    /has the name "web" of shop\/web/,
  ],
  [
    'root in a restricted namespace',
    `new Deployment(stack, 'web', { ${IMAGE}, root: true });`,
    'synthesis',
    /runAsNonRoot|runAsUser/,
  ],
  [
    'the network of the node in a restricted namespace',
    `new DaemonSet(stack, 'agent', { ${IMAGE}, hostNetwork: true });`,
    'synthesis',
    /host namespaces|hostNetwork/,
  ],
  [
    'replicas beside an autoscaler',
    `new Deployment(stack, 'web', { ${IMAGE}, replicas: 2 }).autoscale({ max: 4, cpu: { targetUtilization: 70 } });`,
    'synthesis',
    /replicas: got 2 beside an autoscaler, .* leave replicas out/,
  ],
  [
    'an autoscaler without a metric',
    `new Deployment(stack, 'web', { ${IMAGE} }).autoscale({ max: 4 });`,
    'synthesis',
    /no metric\. Set cpu, memory or metrics/,
  ],
  [
    'a Service without a port',
    `new Deployment(stack, 'web', { ${IMAGE} }).expose();`,
    'synthesis',
    /spec\.ports: Required value; set ports, such as \{ http: 80 \}/,
  ],
  [
    'a Service with another name than the port',
    `new Deployment(stack, 'web', { ${IMAGE}, ports: { http: 8080 } }).expose({ ports: { web: 80 } });`,
    'synthesis',
    /"web"/,
  ],
  [
    'an Ingress without a route',
    `new Ingress(stack, 'shop');`,
    'synthesis',
    /must be specified; call route\(\)/,
  ],
  [
    'a label that the API refuses',
    `new Deployment(stack, 'web', { ${IMAGE}, labels: { team: 'shop team' } });`,
    'synthesis',
    /"shop team"/,
  ],
  [
    'a sidecar that keeps a Job from its end',
    `new Job(stack, 'backup', { ${IMAGE} }).addSidecar('proxy', { ${IMAGE} });`,
    'synthesis',
    /sidecar "proxy" .* set via: 'manifest'/,
  ],
  [
    'a native sidecar without via',
    `new Deployment(stack, 'web', { ${IMAGE} }).addInitContainer('proxy', { ${IMAGE}, restartPolicy: 'Always' });`,
    'synthesis',
    /3\.0\.0 has; set via: 'manifest' of the workload/,
  ],
  [
    'rights on *',
    `new Role(stack, 'all', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }).bindTo(new ServiceAccount(stack, 'app'));`,
    'synthesis',
    /grants more than is listed: .* say in wildcardReason/,
  ],
  [
    'a claim without a size',
    `new PersistentVolumeClaim(stack, 'data', {});`,
    'synthesis',
    /must be greater than zero; set size/,
  ],
  [
    'a claim of another StatefulSet',
    `const a = new StatefulSet(stack, 'a', { ${IMAGE} }); new StatefulSet(stack, 'b', { ${IMAGE} }).container.mount('/data', a.addClaim('data', { size: Size.gibibytes(1) }));`,
    'synthesis',
    /only that StatefulSet's Pods have it, so make one by its own addClaim\(\)/,
  ],
  [
    'a node group of another namespace',
    `new Deployment(stack, 'web', { ${IMAGE}, placement: { nodeGroups: ['node-3'] } });`,
    'synthesis',
    /node group "node-3" is none of namespace shop, which has: node-1, node-2/,
  ],
  [
    'a name with upper case',
    `new Deployment(stack, 'web', { ${IMAGE}, name: 'Web' });`,
    'synthesis',
    /"Web"/,
  ],
];

const page = new Page(
  'docs/mistakes.md',
  [
    '# Mistakes',
    `\`\`\`ts\nimport {\n  ${NAMES} } from 'kubernetes-on-aws/kubernetes';\n\`\`\``,
    ...MISTAKES.map(([what, code]) => `## ${what}\n\`\`\`ts\n${code}\n\`\`\``),
  ].join('\n'),
);

/** What tells of each mistake, by its title. */
function told(): ReadonlyMap<string, readonly [by: string, message: string]> {
  const compiled = typeErrors([page]).map((error) => /^[^:]+:(\d+):\d+ (.*)$/s.exec(error));
  return new Map(
    page.examples.map((block): [string, readonly [string, string]] => {
      const of = compiled.filter((match) => Number(match?.[1]) === block.line + 1);
      const what = block.heading.replace('## ', '');
      if (of.length > 0) return [what, ['compiler', of.map((match) => match?.[2]).join(' ')]];
      try {
        objectsOf(page, block);
        return [what, ['nothing', '']];
      } catch (error) {
        return [what, ['synthesis', (error as Error).message]];
      }
    }),
  );
}

it('the compiler or synthesis reports at least thirty plausible mistakes, with helpful words', () => {
  expect(MISTAKES.length).toBeGreaterThanOrEqual(30);
  const found = told();
  for (const [what, , by, message] of MISTAKES) {
    expect([what, ...(found.get(what) ?? [])]).toEqual([what, by, expect.stringMatching(message) as string]);
  }
}, 180_000);
