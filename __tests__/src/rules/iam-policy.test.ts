import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import { isLegible, isPublic, permissionsOf, statementsOf, widened } from '../../../src/rules/iam-policy';

const allow = (more: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'a',
  ...more,
});
const deny = (more: JsonObject): JsonObject => ({ ...allow(more), Effect: 'Deny' });

describe('the statements of a policy', () => {
  it.each<[Json, JsonObject[]]>([
    ['{"Statement":[{"a":"b"}]}', [{ a: 'b' }]],
    ['{"Statement":{"a":"b"}}', [{ a: 'b' }]],
    ['  {"Statement":[]}', []],
    ['{"Statement":', []],
    ['[{"a":"b"}]', []],
    ['', []],
    [null, []],
    [7, []],
  ])('of %j are %j', (policy, expected) => {
    expect(statementsOf(policy)).toEqual(expected);
  });
});

describe('a policy', () => {
  const resource = (Resource: string): string => JSON.stringify({ Statement: [allow({ Resource })] });

  it.each<[string, boolean]>([
    ['', true],
    ['  ', true],
    ['x', false],
    ['{"a":', false],
    [resource('a'), true],
    [resource('${aws_sqs_queue.x.arn}/*'), true],
    [resource('${aws_subnet.x[0].vpc_id}'), true],
    [resource('arn:${data.aws_partition.x.partition}:s3:::${aws_s3_bucket.x.bucket_prefix}'), true],
    [resource('${aws_sqs_queue.x.policy}'), false],
    [resource('${terraform_data.x.output}'), false],
    [resource('${true ? "*" : aws_sqs_queue.x.arn}'), false],
    [resource('${aws_sqs_queue.x.arn == "" ? "*" : ""}'), false],
    [resource('${aws_sqs_queue.x.arn}${var.x}'), false],
    [resource('$${aws:username}'), true],
    [JSON.stringify({ Statement: [allow({ Action: 's3:${aws_sqs_queue.x.name}' })] }), false],
    [
      JSON.stringify({
        Statement: [allow({ Action: 's3:Get' }), allow({ Action: '${aws_sqs_queue.x.name}' })],
      }),
      false,
    ],
  ])('%j says what it allows: %j', (policy, expected) => {
    expect(isLegible(policy)).toBe(expected);
  });

  it.each<[JsonObject, boolean]>([
    [allow({ Principal: '*' }), true],
    [allow({ Principal: { AWS: '*' } }), true],
    [allow({ Principal: { AWS: ['a', '*'] } }), true],
    [allow({ Principal: { Service: '*' } }), false],
    [allow({ Principal: { AWS: 'a*' } }), false],
    [allow({ Principal: { AWS: '*a' } }), false],
    [allow({ Principal: '*', Condition: { Bool: { a: 'true' } } }), false],
    [allow({ Principal: '*', Condition: {} }), true],
    [deny({ Principal: '*' }), false],
    [allow({}), false],
    [allow({ NotPrincipal: { AWS: 'a' } }), false],
  ])('of %j is public: %j', (statement, expected) => {
    expect([isPublic([statement]), isPublic([deny({}), statement])]).toEqual([expected, expected]);
  });

  it('has a permission for each principal, action and resource', () => {
    const statement = {
      ...{
        Principal: { AWS: ['a', 'b'] },
        Action: ['s3:Get', 's3:Put'],
        Resource: 'r',
        NotResource: ['z', 'y'],
      },
      Condition: { Bool: { k: 'true' }, StringLike: { l: ['m'] } },
    };
    const found = permissionsOf(statement);
    expect(found).toHaveLength(8);
    expect([found[0], found[7]]).toEqual([
      {
        ...{ effect: 'Allow', principal: 'AWS:a', action: 's3:Get', resource: 'r' },
        conditions: ['Bool {"k":"true"}', 'StringLike {"l":["m"]}'],
      },
      {
        ...{ effect: 'Allow', principal: 'AWS:b', action: 's3:Put', resource: 'not y, z' },
        conditions: ['Bool {"k":"true"}', 'StringLike {"l":["m"]}'],
      },
    ]);
    expect(permissionsOf({ NotAction: ['b', 'a'], NotPrincipal: { AWS: 'c' } })).toEqual([
      { effect: 'Allow', principal: 'not AWS:c', action: 'not a, b', resource: '', conditions: [] },
    ]);
  });
});

describe('a policy becomes wider', () => {
  it.each<[JsonObject[], JsonObject[], ...string[]]>([
    [[allow({})], [allow({})]],
    [[allow({})], [allow({ Action: 'S3:getobject' })]],
    [[allow({ Action: 's3:*' })], [allow({ Action: 's3:Get?bject' })]],
    [[allow({ Action: 's3:Get?bject' })], [allow({})]],
    [[allow({ Action: 's3:Get?bject' })], [allow({ Action: 's3:GetObbject' })], 'allows s3:GetObbject on a'],
    [[allow({ Resource: 'a.b' })], [allow({ Resource: 'axb' })], 'allows s3:GetObject on axb'],
    [[allow({ Resource: 'a*' })], [allow({ Resource: 'ba' })], 'allows s3:GetObject on ba'],
    [[allow({ Resource: '*a' })], [allow({ Resource: 'ab' })], 'allows s3:GetObject on ab'],
    [[allow({ Resource: '*' })], [allow({ Resource: 'a\nb' })]],
    [
      [allow({ Action: ['s3:A', 's3:B'] })],
      [allow({ Action: ['s3:A', 's3:C', 's3:D'] })],
      'allows s3:C, s3:D on a',
    ],
    [
      [allow({ Principal: { AWS: 'a' } })],
      [allow({ Principal: { AWS: 'b' } })],
      'allows s3:GetObject to AWS:b on a',
    ],
    [[allow({ Condition: { A: { a: 'b' } } })], [allow({})], 'allows s3:GetObject on a'],
    [[allow({})], [allow({ Condition: { A: { a: 'b' } } })]],
    [
      [allow({ Condition: { A: { a: 'b' } } })],
      [allow({ Condition: { B: { a: 'b' }, C: { c: 'd' } } })],
      'allows s3:GetObject on a if B {"a":"b"} and C {"c":"d"}',
    ],
    [
      [allow({ Condition: { A: { a: 'b' }, B: { a: 'b' } } })],
      [allow({ Condition: { A: { a: 'b' } } })],
      'allows s3:GetObject on a if A {"a":"b"}',
    ],
    [[allow({ NotResource: 'b' })], [allow({ NotResource: 'b' })]],
    [
      [allow({ Resource: '*' })],
      [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'b' }],
      'allows s3:GetObject on not b',
    ],
    [[{ Effect: 'Allow', NotAction: 'a:*', Resource: 'a' }], [allow({})], 'allows s3:GetObject on a'],
    [[deny({})], [], 'no longer denies s3:GetObject on a'],
    [[deny({})], [deny({ Resource: '*' })]],
    [[deny({ Resource: '*' })], [deny({})], 'no longer denies s3:GetObject on *'],
    [[deny({})], [allow({})], 'allows s3:GetObject on a', 'no longer denies s3:GetObject on a'],
    [
      [],
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'x' } }],
      'allows sts:AssumeRole to Service:x',
    ],
  ])('%j to %j', (before, after, ...expected) => {
    expect(widened(before, after)).toEqual(expected);
  });

  it('except by what is harmless', () => {
    const isHarmless = ({ resource }: { resource: string }): boolean => resource === 'a';
    expect(widened([], [allow({ Resource: ['a', 'b'] })], isHarmless)).toEqual(['allows s3:GetObject on b']);
    expect(widened([deny({})], [], isHarmless)).toEqual(['no longer denies s3:GetObject on a']);
  });
});
