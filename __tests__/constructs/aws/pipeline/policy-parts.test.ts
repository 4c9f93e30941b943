import { policyDocument, type PolicyStatement } from '../../../../constructs/aws/identity/policy-document';
import { MANAGED_POLICY_LIMIT, policyParts } from '../../../../constructs/aws/pipeline/policy-parts';

const statement = (Sid: string, actions: number): PolicyStatement => ({
  Sid,
  Effect: 'Allow',
  Action: Array.from({ length: actions }, (_, i) => `ec2:Action${String(i).padStart(4, '0')}`),
  Resource: ['*'],
});
const length = (document: string): number => document.length;
const sizes = (parts: PolicyStatement[][]): number[] => parts.map((part) => policyDocument(...part).length);
const actions = (parts: PolicyStatement[][]): string[] => parts.flat().flatMap(({ Action }) => Action);

it('policyParts() keeps statements that fit into one policy together, in order', () => {
  const statements = [statement('A', 3), statement('B', 2)];
  expect(policyParts(statements, length)).toEqual([statements]);
});

it('policyParts() returns as many policies as the statements need, and drops none', () => {
  const statements = Array.from({ length: 12 }, (_, i) => statement(`S${i}`, 100));
  const parts = policyParts(statements, length);
  expect(parts).toHaveLength(4);
  expect(Math.max(...sizes(parts))).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
  expect(parts.flat()).toEqual(statements);
});

it('policyParts() splits a statement that is too long for one policy by its actions', () => {
  const parts = policyParts([statement('Long', 1_000)], length);
  expect(Math.max(...sizes(parts))).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
  expect(actions(parts)).toEqual(statement('Long', 1_000).Action);
  const sids = parts.flat().map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
});

it('policyParts() measures a document as Terraform sends it', () => {
  const half = (document: string): number => document.length / 2;
  expect(policyParts([statement('A', 200), statement('B', 200)], half)).toHaveLength(1);
});
