import { TerraformError } from '../../../src/terraform/terraform-error';

/** What the error of these diagnostics says, a line each. */
const linesOf = (...diagnostics: readonly (readonly [summary: string, detail?: string])[]): string[] =>
  new TerraformError(
    'apply',
    'dev',
    diagnostics.map(([summary, detail = ''], i) => ({
      severity: 'error',
      summary,
      detail,
      address: `kubernetes_service_v1.s${i}`,
    })),
    'log',
    false,
    [],
  ).message.split('\n');

const SIGN_IN =
  /^ {2}The credentials have expired, or are not accepted\. Sign in again, such as by aws sso login/;
const ANSWER = /^ {2}A server did not answer\. Plan again once it does/;

describe('a failed command', () => {
  it.each([
    ['Unauthorized', ''],
    ['Failed to update Service', 'Unauthorized'],
    ['reading EKS Cluster', 'ExpiredTokenException: The security token included in the request is expired'],
    ['Get "https://127.0.0.1": getting credentials: exec: executable aws failed with exit code 255', ''],
  ])('names the credentials as the cause of %s %s, once', (...diagnostic) => {
    const lines = linesOf(diagnostic, diagnostic);
    expect(lines[1]).toMatch(SIGN_IN);
    expect(lines.filter((line) => SIGN_IN.test(line))).toHaveLength(1);
    expect(lines.slice(2).join('\n')).toContain('kubernetes_service_v1.s1');
  });

  it.each(['http2: client connection lost', 'dial tcp 127.0.0.1:6443: connect: connection refused'])(
    'names the server as the cause of %s',
    (reason) => {
      expect(linesOf([`Get "https://127.0.0.1:6443/api": ${reason}`])[1]).toMatch(ANSWER);
    },
  );

  it.each([
    ['Error acquiring the state lock', 'run terraform force-unlock with the ID below'],
    ['User: x is not authorized to perform: eks:CreateNodegroup', 'Give it the one that is named below'],
    ['api error ThrottlingException: Rate exceeded', 'Plan again in some minutes'],
    ["unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'", 'plan again: Terraform replaces the object'],
  ])('has what to do about %s', (summary, cause) => {
    expect(linesOf([summary])[1]).toContain(cause);
  });

  it('has its own reasons only, if they are of another kind', () => {
    expect(linesOf(['Invalid value', 'spec.replicas'])).toEqual([
      'terraform apply failed in stack dev; its whole output: log',
      '  kubernetes_service_v1.s0: Invalid value',
      '  spec.replicas',
    ]);
  });
});
