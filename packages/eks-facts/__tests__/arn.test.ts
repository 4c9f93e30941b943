import { parseArn } from '../arn';

it.each([
  ['arn:aws:iam::111122223333:role/ops/admin', ['aws', 'iam', '', '111122223333', 'role/ops/admin']],
  ['arn:aws-cn:iam::aws:policy/ReadOnly', ['aws-cn', 'iam', '', 'aws', 'policy/ReadOnly']],
  ['arn:aws:s3:::shop-state', ['aws', 's3', '', '', 'shop-state']],
  [
    'arn:aws:logs:eu-west-1:111122223333:log-group:/eks:*',
    ['aws', 'logs', 'eu-west-1', '111122223333', 'log-group:/eks:*'],
  ],
])('the ARN %s has these parts', (text, expected) => {
  const { partition, service, region, account, resource } = parseArn(text) ?? {};
  expect([partition, service, region, account, resource]).toEqual(expected);
});

it.each(['', 'arn:aws:iam::111122223333', 'arn:aws:iam::111122223333:', 'role/admin', 'arn::iam:::x'])(
  '%j is not an ARN',
  (text) => {
    expect(parseArn(text)).toBeUndefined();
  },
);
