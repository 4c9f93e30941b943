import { zonesOf } from '@kubernetes-on-aws/eks-facts/zones';
import type { Amendment } from './amendment';
import { parametersOf, queryAnswer, queryRefusal } from './aws-query';

/** What EC2 says of the account's zones. To moto every account has the same, and a zone of any region serves. */
export class AccountZones {
  private readonly zones: ReadonlyMap<string, string>;

  constructor(
    accountId: string,
    private readonly region: string,
  ) {
    this.zones = zonesOf(accountId, region);
  }

  /** @param body the form of a request to EC2 */
  amendment(body: string): Amendment | undefined {
    const request = new URLSearchParams(body);
    switch (request.get('Action')) {
      case 'DescribeAvailabilityZones':
        return this.describe(request);
      case 'DescribeVpcEndpointServices':
        return this.endpointServices(request);
      case 'DescribeSubnets':
        return { rewrite: (answer) => this.withIds(answer) };
      case 'CreateSubnet':
        return this.createSubnet(request);
      default:
        return undefined;
    }
  }

  private describe(request: URLSearchParams): Amendment {
    const { region: regionName } = this;
    const filters = filtersOf(request);
    const [names, ids] = [parametersOf(request, 'ZoneName.'), parametersOf(request, 'ZoneId.')];
    const found = [...this.zones]
      .filter(([name, id]) => names.concat(ids).length === 0 || names.includes(name) || ids.includes(id))
      .map(([zoneName, zoneId]): Readonly<Record<string, string>> => ({
        ...{ zoneName, zoneId, regionName, zoneState: 'available', zoneType: 'availability-zone' },
        ...{ optInStatus: 'opt-in-not-required', groupName: regionName, networkBorderGroup: regionName },
      }))
      .filter((zone) => filters.every(([name, values]) => values.includes(zone[fieldOf(name)] ?? '')));
    return queryAnswer('DescribeAvailabilityZones', { availabilityZoneInfo: found });
  }

  /** moto makes the list from programs that the sandbox does not install. Every service is in every zone. */
  private endpointServices(request: URLSearchParams): Amendment {
    const asked = filtersOf(request).find(([name]) => name === 'service-name')?.[1] ?? [];
    const names = [...asked, ...parametersOf(request, 'ServiceName.')];
    const serviceDetailSet = names
      .filter((name) => name.startsWith(`com.amazonaws.${this.region}.`))
      .map((serviceName) => ({
        ...{ serviceName, owner: 'amazon', acceptanceRequired: 'false' },
        serviceType: [{ serviceType: 'Interface' }],
        availabilityZoneSet: [...this.zones.keys()],
      }));
    return queryAnswer('DescribeVpcEndpointServices', { serviceDetailSet });
  }

  private createSubnet(request: URLSearchParams): Amendment {
    const id = request.get('AvailabilityZoneId');
    const ofId = [...this.zones].find(([, each]) => each === id)?.[0];
    const zone = ofId ?? request.get('AvailabilityZone') ?? id;
    if (zone !== null && !this.zones.has(zone)) {
      const known = [...this.zones.keys()].join(', ');
      return queryRefusal(
        'ec2',
        'InvalidParameterValue',
        `Value (${zone}) for parameter availabilityZone is invalid. ` +
          `Subnets can currently only be created in the following availability zones: ${known}.`,
      );
    }
    const rewrite = (answer: string): string => this.withIds(answer);
    if (ofId === undefined) return { rewrite };
    request.delete('AvailabilityZoneId');
    request.set('AvailabilityZone', ofId);
    return { rewrite, instead: { method: 'POST', path: '/', body: request.toString() } };
  }

  /** In moto's answers a subnet's zone stands behind the zone's ID. */
  private withIds(answer: string): string {
    return answer.replace(
      /(<availabilityZoneId>)[^<]*(<\/availabilityZoneId>(?:(?!<availabilityZoneId>)[\s\S])*?<availabilityZone>([^<]*)<)/g,
      (_, before: string, after: string, zone: string) => `${before}${this.zones.get(zone) ?? ''}${after}`,
    );
  }
}

/** `zone-id` filters by zoneId, and `state` by zoneState. */
const fieldOf = (filter: string): string =>
  filter === 'state' ? 'zoneState' : filter.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function filtersOf(request: URLSearchParams): [name: string, values: string[]][] {
  return [...request]
    .filter(([key]) => /^Filter\.\d+\.Name$/.test(key))
    .map(([key, name]) => [name, parametersOf(request, key.replace(/Name$/, 'Value.'))]);
}
