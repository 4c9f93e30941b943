import { trustAmendment } from '../../aws-emulator/trust-policies';
import { parseAwsXml } from '../../aws-emulator/aws-query';

const trust = (...services: string[]): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: services } }] });

const create = (document: string): string =>
  new URLSearchParams({ Action: 'CreateRole', AssumeRolePolicyDocument: document }).toString();

it.each([
  ['eu-west-1', 'ec2.amazonaws.com.cn'],
  ['cn-north-1', 'ec2.amazonaws.com'],
  ['cn-north-1', 'eks.amazonaws.com.cn'],
])('in %s a role for %s is refused as IAM refuses it', (region, service) => {
  for (const body of [
    create(trust('eks.amazonaws.com', service)),
    new URLSearchParams({ Action: 'UpdateAssumeRolePolicy', PolicyDocument: trust(service) }).toString(),
  ]) {
    const answer = trustAmendment(body, region)?.answer;
    expect(answer?.status).toBe(400);
    const error = parseAwsXml(answer?.body ?? '').find('Error');
    expect(error?.value('Code')).toBe('MalformedPolicyDocument');
    expect(error?.value('Message')).toBe(`Invalid principal in policy: "SERVICE":"${service}"`);
  }
});

it.each([
  ['eu-west-1', create(trust('ec2.amazonaws.com', 'scraper.aps.amazonaws.com'))],
  ['cn-north-1', create(trust('ec2.amazonaws.com.cn', 'eks.amazonaws.com'))],
  ['eu-west-1', create('{"Statement":{"Principal":{"AWS":"*"}}}')],
  ['eu-west-1', create('no JSON')],
  ['eu-west-1', 'Action=GetRole&RoleName=a'],
])('in %s moto decides what IAM may accept', (region, body) => {
  expect(trustAmendment(body, region)).toBeUndefined();
});
