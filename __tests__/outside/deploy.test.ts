import { existsSync } from 'node:fs';
import { Project, succeeded } from '../e2e/project';
import { needsProvider } from './needs';

const MINUTE = 60_000;
const STACKS = ['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod'];

let project: Project | undefined;

afterAll(async () => {
  await project?.npm('sandbox:down');
  project?.remove();
}, MINUTE);

it(
  'the command cdktf deploy deploys every stack to the sandbox',
  async () => {
    await needsProvider('hashicorp/kubernetes');
    project = await Project.copy();
    succeeded(await project.npm('sandbox', ['--empty', '--json']));
    const environment = await project.sandboxEnvironment();
    succeeded(
      await project.run('npx', ['cdktf', 'deploy', '*', '--auto-approve', '--skip-provider-lock'], {
        ...environment,
        CI: '1',
        CHECKPOINT_DISABLE: '1',
      }),
    );
    for (const stack of STACKS)
      expect(existsSync(project.path('.sandbox', 'project', `terraform.${stack}.tfstate`))).toBe(true);
    const list = ['eks', 'list-nodegroups', '--cluster-name', 'seed', '--output', 'json'];
    const { nodegroups } = JSON.parse(succeeded(await project.run('aws', list, environment))) as {
      nodegroups: string[];
    };
    const names = nodegroups.map((name) => name.replace(/-[0-9a-f]{26}$/, ''));
    expect(names.sort()).toEqual(['node-1', 'node-2', 'node-3']);
    const kubeconfig = ['--kubeconfig', project.path('kubeconfig')];
    const cluster = ['--name', 'seed', '--region', 'eu-west-1'];
    succeeded(await project.run('aws', ['eks', 'update-kubeconfig', ...cluster, ...kubeconfig], environment));
    for (const namespace of ['dev', 'qa', 'stage', 'prod']) {
      const web = ['get', 'deployment', 'storefront-web', '--namespace', namespace, '--output=name'];
      expect(succeeded(await project.run('kubectl', [...kubeconfig, ...web], environment))).toBe(
        'deployment.apps/storefront-web',
      );
    }
  },
  90 * MINUTE,
);
