import { withSets, type Amendment } from './amendment';
import { parametersOf } from './aws-query';
import { Memory } from './memory';

/**
 * Route tables that a gateway endpoint gets after its creation. moto adds no route to them, and then cannot delete the endpoint,
 * so it does not get to know them.
 */
export class GatewayEndpoints {
  /** By the ID of the endpoint. */
  private readonly added: Map<string, Set<string>>;

  constructor(memory = new Memory()) {
    this.added = memory.map();
  }

  /** @param body the form of a request to EC2 */
  amendment(body: string): Amendment | undefined {
    const request = new URLSearchParams(body);
    const action = request.get('Action');
    if (action === 'DescribeVpcEndpoints') return { rewrite: (answer) => this.withAdded(answer) };
    if (action !== 'ModifyVpcEndpoint') return undefined;
    const id = request.get('VpcEndpointId') ?? '';
    const tables = this.added.get(id) ?? new Set<string>();
    this.added.set(id, tables);
    for (const table of parametersOf(request, 'AddRouteTableId.')) tables.add(table);
    const removed = parametersOf(request, 'RemoveRouteTableId.').filter((table) => !tables.delete(table));
    for (const name of [...request.keys()]) {
      if (/^(Add|Remove)RouteTableId\./.test(name)) request.delete(name);
    }
    removed.forEach((table, i) => {
      request.set(`RemoveRouteTableId.${i + 1}`, table);
    });
    return { instead: { method: 'POST', path: '/', body: request.toString() } };
  }

  private withAdded(answer: string): string {
    return withSets(answer, { id: 'vpcEndpointId', set: 'routeTableIdSet' }, (id, items) => {
      const added = [...(this.added.get(id) ?? [])];
      if (added.length === 0) return undefined;
      const known = [...items.matchAll(/<item>([^<]+)</g)].map(([, table = '']) => table);
      return [...new Set([...known, ...added])].map((table) => `<item>${table}</item>`).join('');
    });
  }
}
