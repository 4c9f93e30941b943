import { DescribeUpdateCommand, EKSClient, ListUpdatesCommand } from '@aws-sdk/client-eks';

/** An update of a cluster, as far as the tests read it. */
export interface LastUpdate {
  readonly type: string | undefined;
  /** Milliseconds since the epoch. */
  readonly begun: number;
}

/**
 * The last update of the cluster `seed`, of an add-on or of a node group of it.
 * @param environment the variables that `npm run sandbox:env` exports
 */
export async function lastUpdate(
  environment: Readonly<Record<string, string>>,
  subject: { readonly addonName?: string; readonly nodegroupName?: string } = {},
): Promise<LastUpdate> {
  const eks = new EKSClient({
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
    },
  });
  try {
    const { updateIds = [] } = await eks.send(new ListUpdatesCommand({ name: 'seed', ...subject }));
    const updateId = updateIds.at(-1);
    const { update } = await eks.send(new DescribeUpdateCommand({ name: 'seed', updateId, ...subject }));
    return { type: update?.type, begun: update?.createdAt?.getTime() ?? NaN };
  } finally {
    eks.destroy();
  }
}
