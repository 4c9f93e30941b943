import { endpointService } from '@kubernetes-on-aws/eks-facts/partitions';
import type { AwsQuery, XmlElement } from './aws-query';

/** What a subnet of a cluster's VPC reaches outside the VPC. */
export interface SubnetReach {
  readonly id: string;
  /** `10.0.0.0/20` */
  readonly cidr: string;
  /** Whether a default route leads out. */
  readonly internet: boolean;
  /** Services of AWS that are reached by an endpoint, by the last part of its name: `ecr.api`. */
  readonly services: readonly string[];
}

/** moto lists an endpoint that was deleted. */
export const isThere = (endpoint: XmlElement): boolean =>
  endpoint.value('state')?.toLowerCase() !== 'deleted';

/** What each subnet of a cluster's VPC reaches, by the route tables and the endpoints of the emulated account. */
export async function subnetReaches(aws: AwsQuery, cluster: string): Promise<SubnetReach[]> {
  const { status, body } = await aws.rest('eks', 'GET', `/clusters/${encodeURIComponent(cluster)}`);
  if (status !== 200)
    throw new Error(`the sandbox does not describe the cluster ${cluster}: ${status} ${body}`);
  const described = JSON.parse(body) as { cluster: { resourcesVpcConfig: { vpcId: string } } };
  const ofVpc = { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': described.cluster.resourcesVpcConfig.vpcId };
  const list = async (what: string, set: string): Promise<XmlElement[]> =>
    (await aws.query('ec2', `Describe${what}`, ofVpc)).items(set);
  const [subnets, tables, endpoints] = await Promise.all([
    list('Subnets', 'subnetSet'),
    list('RouteTables', 'routeTableSet'),
    list('VpcEndpoints', 'vpcEndpointSet'),
  ]);
  return subnets.map((subnet) => {
    const id = subnet.value('subnetId') ?? '';
    const associated = (key: string, value: string): XmlElement | undefined =>
      tables.find((table) => table.items('associationSet').some((each) => each.value(key) === value));
    const table = associated('subnetId', id) ?? associated('main', 'true');
    const tableId = table?.value('routeTableId');
    return {
      id,
      cidr: subnet.value('cidrBlock') ?? '',
      internet: (table?.items('routeSet') ?? []).some(
        (route) =>
          route.value('destinationCidrBlock') === '0.0.0.0/0' && route.value('state') !== 'blackhole',
      ),
      // An interface endpoint is reached from the whole VPC, a gateway endpoint by the route tables that lead to it.
      services: endpoints
        .filter(isThere)
        .filter(
          (endpoint) =>
            endpoint.value('vpcEndpointType') !== 'Gateway' ||
            endpoint.items('routeTableIdSet').some(({ text }) => text === tableId),
        )
        .map((endpoint) => endpointService(endpoint.value('serviceName') ?? '')),
    };
  });
}
