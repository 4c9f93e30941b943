import { endpointPorts } from '@kubernetes-on-aws/eks-facts/endpoint-ports';
import { endpointService } from '@kubernetes-on-aws/eks-facts/partitions';
import { isThere } from './subnet-reach';
import type { AwsQuery, XmlElement } from './aws-query';

/**
 * Interface endpoints whose security groups let nothing in on the ports of the service. EC2 takes them, and with private DNS the
 * service is out of reach from then on, whatever other way there was.
 */
export async function closedEndpoints(aws: Pick<AwsQuery, 'query'>): Promise<string[]> {
  const endpoints = (await aws.query('ec2', 'DescribeVpcEndpoints')).items('vpcEndpointSet');
  const groups = (await aws.query('ec2', 'DescribeSecurityGroups')).items('securityGroupInfo');
  return endpoints
    .filter((endpoint) => isThere(endpoint) && endpoint.value('vpcEndpointType') === 'Interface')
    .flatMap((endpoint) => {
      const name = endpoint.value('serviceName') ?? '';
      const ids = endpoint.items('groupSet').map((group) => group.value('groupId') ?? '');
      const rules = groups
        .filter((group) => ids.includes(group.value('groupId') ?? ''))
        .flatMap((group) => group.items('ipPermissions'));
      const ports = endpointPorts(endpointService(name));
      if (ports.some((port) => rules.some((rule) => letsIn(rule, port)))) return [];
      return [
        `VPC endpoint ${endpoint.value('vpcEndpointId') ?? ''} of ${name}: its security groups ${ids.join(', ')} allow no traffic ` +
          `on TCP ${ports.join(', ')}, so nothing in the VPC reaches the service. Add an ingress rule for one of these ports`,
      ];
    });
}

function letsIn(rule: XmlElement, port: number): boolean {
  const protocol = rule.value('ipProtocol');
  const isPort = Number(rule.value('fromPort')) <= port && port <= Number(rule.value('toPort'));
  return protocol === '-1' || (protocol === 'tcp' && isPort);
}
