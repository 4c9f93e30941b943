import { execa } from 'execa';

async function canI(
  ...args: string[]
): Promise<{ status: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa('node', ['src/cli/run.mjs', 'access', 'can-i', ...args], {
    ...{ reject: false, env: { NO_COLOR: '1' } },
  });
  return { status: exitCode, stdout, stderr };
}

describe('npm run access -- can-i', () => {
  const report = ['--as', 'system:serviceaccount:dev:storefront-report'];

  it('names the binding that allows a request', async () => {
    expect(await canI('list', 'nodes', ...report)).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^yes - RBAC: allowed by ClusterRoleBinding "dev-storefront-report-reads-nodes"/,
      ) as string,
      stderr: '',
    });
  });

  it('finds the group of a resource', async () => {
    const controller = ['--as', 'system:serviceaccount:kube-system:deployment-controller'];
    expect(await canI('get', 'deployments', ...controller)).toMatchObject({ status: 0 });
  });

  it('ends with status 1 where no binding allows it', async () => {
    expect(await canI('delete', 'nodes', ...report)).toMatchObject({ status: 1, stdout: 'no' });
    expect(
      await canI('get', 'configmaps', '--namespace', 'dev', '--as-group', 'developers', '--json'),
    ).toEqual({
      ...{ status: 1, stdout: '{"allowed":false,"reason":""}', stderr: '' },
    });
  });

  it.each([
    [['get', 'secrets'], 'name one subject: --as USER, or --as-group GROUP'],
    [
      ['get', 'secrets', '--as', 'jo', '--as-group', 'developers'],
      'name one subject: --as USER, or --as-group GROUP',
    ],
    [['get', 'secret', '--as', 'jo'], 'unknown resource "secret"; did you mean "secrets"?'],
    [['get', 'secrets', '--as', 'arn:aws:iam::111122223333:role/admin'], 'See npm run access'],
    [
      ['get', 'secrets', '--as', 'system:serviceaccount:dev:'],
      'expected system:serviceaccount:NAMESPACE:NAME',
    ],
    [
      ['get', 'secrets', '--as', 'system:serviceaccount:dev:storefront-repotr'],
      'unknown ServiceAccount "storefront-repotr"; did you mean "storefront-report"?',
    ],
    [['get', 'sec rets', '--as', 'jo'], '"sec rets" is no resource; expected RESOURCE[/SUBRESOURCE][.GROUP]'],
  ])('refuses %j', async (args, message) => {
    expect(await canI(...args)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
