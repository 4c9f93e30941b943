import { EncryptionKey } from '../../../../constructs/aws/security/encryption-key';
import { awsStack } from '../aws-stack';
import { statementsOf } from '../role-policy';

const { resource } = awsStack((stack) => {
  new EncryptionKey(stack, 'key', { alias: 'seed-orders', description: 'Orders' });
});
const key = resource['aws_kms_key']?.['key'];

it('a key rotates each year, can be restored for 30 days, and has an alias', () => {
  expect(key).toMatchObject({
    description: 'Orders',
    enable_key_rotation: true,
    deletion_window_in_days: 30,
  });
  expect(resource['aws_kms_alias']?.['key_alias']).toMatchObject({
    name: 'alias/seed-orders',
    target_key_id: '${aws_kms_key.key.key_id}',
  });
});

it('the policy of a key lets IAM of the account decide who manages and who uses it, action by action', () => {
  const statements = statementsOf(key?.['policy'] as string);
  expect(statements.map(({ Sid }) => Sid)).toEqual(['KeptAsIamAllows', 'UsedAsIamAllows']);
  for (const { Principal, Action } of statements) {
    expect(Principal?.['AWS']).toMatch(/:iam::\$\{data\.aws_caller_identity\.account\.account_id\}:root$/);
    expect(Action.filter((action) => action.includes('*'))).toEqual([]);
  }
  expect(statements[1]?.Action).toEqual(
    // What the grants of a bucket and a queue allow has no effect unless the key's policy lets IAM allow it.
    expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']),
  );
});
