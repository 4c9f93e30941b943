import type { Amendment } from './amendment';
import { Memory } from './memory';

/** Which answers of EC2 name a network interface's holder, and what AWS says of such an interface. */
const HOLDERS: Readonly<
  Record<string, { readonly id: RegExp; readonly type: string; readonly text: string }>
> = {
  CreateNatGateway: { id: /<natGatewayId>([^<]+)/, type: 'nat_gateway', text: 'Interface for NAT Gateway' },
  CreateVpcEndpoint: { id: /<vpcEndpointId>([^<]+)/, type: 'vpc_endpoint', text: 'VPC Endpoint Interface' },
};

/**
 * Network interfaces that AWS itself manages. In moto they look like leftovers of a user: they have no description and no attachment,
 * and that of a NAT gateway outlives it.
 *
 * Source: EC2 API Reference, NetworkInterface; EC2 User Guide, Requester-managed network interfaces.
 */
export class ServiceInterfaces {
  /** By the interface's ID; undefined when its holder is gone. */
  private readonly known: Map<string, { type: string; description: string } | undefined>;

  constructor(memory = new Memory()) {
    this.known = memory.map();
  }

  ofEc2(body: string): Amendment | undefined {
    const request = new URLSearchParams(body);
    const action = request.get('Action') ?? '';
    const holder = HOLDERS[action];
    if (holder) {
      return this.learn((answer) => [holder.type, `${holder.text} ${holder.id.exec(answer)?.[1] ?? ''}`]);
    }
    if (action === 'DescribeNetworkInterfaces') return { rewrite: (answer) => this.described(answer) };
    if (action !== 'DeleteNatGateway') return undefined;
    const gone = `Interface for NAT Gateway ${request.get('NatGatewayId') ?? ''}`;
    return {
      rewrite: (answer) => {
        for (const [id, was] of this.known) if (was?.description === gone) this.known.set(id, undefined);
        return answer;
      },
    };
  }

  ofFileSystem(method: string, path: string): Amendment | undefined {
    if (method !== 'POST' || path !== '/2015-02-01/mount-targets') return undefined;
    return this.learn((answer) => {
      const { FileSystemId, MountTargetId } = JSON.parse(answer) as Record<string, string>;
      return ['efs', `EFS mount target for ${FileSystemId ?? ''} (${MountTargetId ?? ''})`];
    });
  }

  private learn(holderIn: (answer: string) => readonly [string, string]): Amendment {
    return {
      rewrite: (answer) => {
        const [type, description] = holderIn(answer);
        for (const [id] of answer.matchAll(/\beni-[0-9a-f]+/g)) this.known.set(id, { type, description });
        return answer;
      },
    };
  }

  private described(answer: string): string {
    // One with a public address begins with it.
    const items = /<item>(?:<association>.*?<\/association>)?<availabilityZone>.*?<\/vpcId><\/item>/gs;
    return answer.replace(items, (item) => {
      const id = /<networkInterfaceId>([^<]+)/.exec(item)?.[1] ?? '';
      if (!this.known.has(id)) return item;
      const found = this.known.get(id);
      if (!found) return '';
      return item
        .replace('<description/>', `<description>${found.description}</description>`)
        .replace('<interfaceType>interface<', `<interfaceType>${found.type}<`)
        .replace('<requesterManaged>false<', '<requesterManaged>true<')
        .replace('<status>available<', '<status>in-use<');
    });
  }
}
