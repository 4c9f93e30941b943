import type { ServerOptions } from '@kubernetes-on-aws/eks-sandbox/sandbox-server';
import type { Tools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import type { Platform } from '../config/platform';

/** What the server of a platform's sandbox is started with: the account that the platform expects to find. */
export function serverOptions(directory: string, platform: Platform, tools: Tools): ServerOptions {
  return {
    directory,
    region: platform.region,
    accountId: platform.account,
    admins: [...platform.cluster.admins, ...platform.cluster.pipelines],
    people: peopleOf(platform),
    ...(platform.state && { stateBucket: platform.state.bucket }),
    binaries: { kubernetes: tools.kubernetes, kwok: tools.kwok },
    moto: tools.moto,
  };
}

/** Who enters the cluster without having rights in AWS: each once. */
function peopleOf({ cluster, namespaces }: Platform): string[] {
  const teams = Object.values(namespaces).flatMap((namespace) => Object.keys(namespace.teams));
  return [...new Set([...cluster.viewers, ...teams])];
}
