import { parseAwsXml } from '../../aws-emulator/aws-query';
import { closedEndpoints } from '../../aws-emulator/closed-endpoints';

const rule = (protocol: string, from = '', to = from): string =>
  `<item><ipProtocol>${protocol}</ipProtocol><fromPort>${from}</fromPort><toPort>${to}</toPort></item>`;

const endpoint = (id: string, service: string, ...groups: string[]): string =>
  `<item><vpcEndpointId>${id}</vpcEndpointId><vpcEndpointType>${id === 's3' ? 'Gateway' : 'Interface'}</vpcEndpointType>` +
  `<serviceName>${service}</serviceName><groupSet>${groups.map((group) => `<item><groupId>${group}</groupId></item>`).join('')}</groupSet></item>`;

const ANSWERS: Readonly<Record<string, string>> = {
  DescribeVpcEndpoints: [
    endpoint('s3', 'com.amazonaws.eu-west-1.s3'),
    endpoint('sqs', 'com.amazonaws.eu-west-1.sqs', 'https'),
    endpoint('ecr', 'com.amazonaws.eu-west-1.ecr.api', 'all'),
    endpoint('mail', 'com.amazonaws.eu-west-1.email-smtp', 'mail'),
    endpoint('wrong', 'cn.com.amazonaws.cn-north-1.email-smtp', 'https', 'udp'),
    endpoint('none', 'com.amazonaws.eu-west-1.sts', 'mail'),
    endpoint('gone', 'com.amazonaws.eu-west-1.sqs').replace('</item>', '<state>deleted</state></item>'),
  ].join(''),
  DescribeSecurityGroups: Object.entries({
    https: rule('tcp', '443'),
    all: rule('-1'),
    mail: rule('tcp', '587', '600'),
    udp: rule('udp', '25'),
  })
    .map(([id, rules]) => `<item><groupId>${id}</groupId><ipPermissions>${rules}</ipPermissions></item>`)
    .join(''),
};

it('an interface endpoint that allows no port of its service is reported', async () => {
  const lists = { DescribeVpcEndpoints: 'vpcEndpointSet', DescribeSecurityGroups: 'securityGroupInfo' };
  const found = await closedEndpoints({
    query: (_, action) => {
      const list = lists[action as keyof typeof lists];
      return Promise.resolve(parseAwsXml(`<r><${list}>${ANSWERS[action] ?? ''}</${list}></r>`));
    },
  });
  expect(found).toEqual([
    'VPC endpoint wrong of cn.com.amazonaws.cn-north-1.email-smtp: its security groups https, udp allow no traffic on TCP 25, ' +
      '465, 587, 2465, 2587, so nothing in the VPC reaches the service. Add an ingress rule for one of these ports',
    'VPC endpoint none of com.amazonaws.eu-west-1.sts: its security groups mail allow no traffic on TCP 443, so nothing in ' +
      'the VPC reaches the service. Add an ingress rule for one of these ports',
  ]);
});
