const HTTPS: readonly number[] = [443];

/**
 * TCP ports of services whose interface endpoints serve others than HTTPS. Sources: SES Developer Guide, Setting up VPC endpoints;
 * Keyspaces Developer Guide, Using interface VPC endpoints; CodeCommit, RDS Data API and all others: HTTPS.
 */
const PORTS: Readonly<Record<string, readonly number[]>> = {
  cassandra: [9142],
  'cassandra-fips': [9142],
  'email-smtp': [25, 465, 587, 2465, 2587],
};

/** The TCP ports of a service's interface endpoint. */
export function endpointPorts(service: string): readonly number[] {
  return PORTS[service] ?? HTTPS;
}
