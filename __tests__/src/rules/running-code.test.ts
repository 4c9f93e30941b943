import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { runningCode } from '../../../src/rules/running-code';

const found = (document: object): string[] =>
  runningCode(document as TerraformDocument, [{ source: 'cloudflare/cloudflare', version: '4.52.0' }]).map(
    ({ address }) => address,
  );

const provider = (requirement: object): object => ({
  terraform: { required_providers: { it: requirement } },
});
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('a setting that would run code with credentials', () => {
  it.each<[string, object, string]>([
    [
      'a provisioner',
      { resource: { terraform_data: { x: { provisioner: { 'local-exec': { command: 'id' } } } } } },
      'terraform_data.x',
    ],
    [
      'a program that changes a chart',
      { resource: { helm_release: { x: { chart: 'x', postrender: { binary_path: './x' } } } } },
      'helm_release.x',
    ],
    [
      'a program that is a data source',
      { data: { external: { x: { program: ['id'] } } } },
      'data.external.x',
    ],
    ['a question to any server', { data: { http: { x: { url: 'https://example.com' } } } }, 'data.http.x'],
    [
      'a provider that the platform does not list',
      provider({ source: 'evil/evil', version: '1.0.0' }),
      'provider.it',
    ],
    [
      'a provider of another registry',
      provider({ source: 'registry.example.com/hashicorp/aws', version: '5.100.0' }),
      'provider.it',
    ],
    ['a provider without a version', provider({ source: 'hashicorp/aws' }), 'provider.it'],
    ['a provider of several versions', provider({ source: 'aws', version: '~> 5.0' }), 'provider.it'],
    [
      'a provider of another version than the one listed',
      provider({ source: 'cloudflare/cloudflare', version: '4.53.0' }),
      'provider.it',
    ],
    [
      'a provisioner in a list',
      { resource: [{ terraform_data: { x: [{ provisioner: { 'local-exec': { command: 'id' } } }] } }] },
      'terraform_data.x',
    ],
    [
      'a provisioner of what is removed',
      { removed: [{ from: 'terraform_data.x', provisioner: { 'local-exec': { command: 'id' } } }] },
      'removed.terraform_data.x',
    ],
    [
      'a data source in a check',
      { check: { x: { data: { http: { x: { url: 'https://example.com' } } } } } },
      'data.http.x',
    ],
    ['a provider that nothing requires', { resource: { null_resource: { x: {} } } }, 'provider.null'],
    [
      'requirements in a list',
      { terraform: [{ required_providers: [{ it: { source: 'evil/evil', version: '1.0.0' } }] }] },
      'provider.it',
    ],
    [
      'another program that signs in',
      { provider: { kubernetes: [{ exec: [{ command: './x', args: [] }] }] } },
      'provider.kubernetes',
    ],
    [
      'a file that may name a program',
      { provider: { aws: [{ shared_config_files: ['x'] }] } },
      'provider.aws',
    ],
    ['a module of any version', { module: { x: { source: 'a/b/aws', version: '~> 1.0' } } }, 'module.x'],
    ['a module of a folder', { module: { x: { source: './modules/x' } } }, 'module.x'],
    [
      'a module of a branch',
      { module: { x: { source: 'git::https://example.com/x.git?ref=main' } } },
      'module.x',
    ],
  ])('is refused: %s', (_, document, address) => {
    expect(found(document)).toEqual([address]);
  });

  it.each<[string, object]>([
    ['a provider of the program', provider({ source: 'aws', version: '5.100.0' })],
    ['a provider that the platform lists', provider({ source: 'cloudflare/cloudflare', version: '4.52.0' })],
    [
      'a module of an exact version',
      { module: { x: { source: 'terraform-aws-modules/sqs/aws', version: '4.2.1' } } },
    ],
    [
      'a module of a commit',
      { module: { x: { source: `git::https://example.com/x.git//sub?ref=${COMMIT}` } } },
    ],
  ])('may be %s', (_, document) => {
    expect(found(document)).toEqual([]);
  });
});
