import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../../src/manifests/kinds';
import { guard } from '../../../src/pipeline/guard/guard';
import { AWS_LOSSES, KUBERNETES_LOSSES, lossOf } from '../../../src/pipeline/guard/loss/losses';
import { writtenPlan } from './written-plan';

/** Terraform types of AWS that the program's own code can make. */
function typesInCode(): string[] {
  const files = ['constructs/aws', 'stacks'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const imported = files.flatMap((text) =>
    [...text.matchAll(/@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g)].map(([, name = '']) => name),
  );
  return [...new Set(imported)]
    .filter((name) => name !== 'provider' && !name.startsWith('data-aws-'))
    .map((name) => `aws_${name.replaceAll('-', '_')}`)
    .sort();
}

describe('the table of losses', () => {
  it('has an entry for every AWS type of the constructs', () => {
    expect(typesInCode().length).toBeGreaterThan(30);
    expect(typesInCode().filter((type) => !(type in AWS_LOSSES))).toEqual([]);
  });

  it('has an entry for every Kubernetes kind with a typed resource', () => {
    const kinds = Object.values(KINDS).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(25);
    expect(kinds.filter((kind) => !(kind in KUBERNETES_LOSSES))).toEqual([]);
  });

  it('counts an unknown type as a loss', () => {
    expect(lossOf('aws_dynamodb_table', undefined)).toEqual({
      noun: 'aws_dynamodb_table',
      cost: 'of which the guard does not know what is lost with it',
    });
    expect(lossOf('kubernetes_manifest', 'Cassandra')).toMatchObject({ noun: 'Cassandra' });
    expect(lossOf('kubernetes_manifest', 'constructor')).toMatchObject({ noun: 'constructor' });
  });
});

describe('an object that an apply did not finish', () => {
  const replaced = { actions: ['delete', 'create'] as const, action_reason: 'replace_because_tainted' };
  const stopped = (address: string, before: Record<string, string>): string[] =>
    guard({
      stacks: [writtenPlan('cluster', { [address]: { ...replaced, before, after: before } })],
      ...{ documents: [], exceptions: [], maxChanges: 10, today: new Date('2026-11-25') },
    }).stopped.map(({ message }) => message);

  it('is replaced if it holds nothing', () => {
    expect(stopped('aws_eks_addon.cni', { addon_name: 'vpc-cni' })).toEqual([]);
  });

  it('stops the plan if it may hold data, with how to keep it', () => {
    expect(stopped('aws_db_instance.orders', { name: 'orders' })).toEqual([
      'replaces the RDS database orders, with all data in it: it is tainted: an earlier apply did not finish its creation. ' +
        'If it works, keep it with "terraform untaint aws_db_instance.orders"',
    ]);
  });
});
