/** A request of AWS, as far as one must look at it to know that moto would answer wrongly. */
export interface SeenRequest {
  /** From the credential scope. */
  readonly service: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of the header `x-amz-target`, of services that speak JSON; else empty. */
  readonly target: string;
  readonly body: string;
}

/** What the front door does about one request that moto would answer wrongly. */
export interface Amendment {
  /** The whole answer, when moto need not be asked. */
  readonly answer?: { readonly status: number; readonly contentType: string; readonly body: string };
  /** What moto is asked instead of the request. */
  readonly instead?: { readonly method: string; readonly path: string; readonly body?: string };
  /** What to make of moto's answer, unless it is a refusal. */
  readonly rewrite?: (body: string) => string;
}

/**
 * An answer of EC2 with a set of each resource exchanged.
 *
 * @param id element that identifies the resource, before the set: `vpcEndpointId`
 * @param set element of the set: `tagSet`
 * @param exchange the new items, for the items as they are; undefined leaves them
 */
export function withSets(
  answer: string,
  { id, set }: { readonly id: string; readonly set: string },
  exchange: (id: string, items: string) => string | undefined,
): string {
  const sets = new RegExp(
    `(<${id}>([^<]+)<(?:(?!<${id}>)[\\s\\S])*?)<${set}(?:\\s*/>|>([\\s\\S]*?)</${set}>)`,
    'g',
  );
  return answer.replace(sets, (whole, before: string, of: string, items = '') => {
    const exchanged = exchange(of, String(items));
    return exchanged === undefined ? whole : `${before}<${set}>${exchanged}</${set}>`;
  });
}

/** An answer of a service that speaks JSON, instead of moto's. */
export function jsonAnswer(output: unknown, status = 200) {
  return { answer: { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(output) } };
}

/** A refusal by such a service. */
export function jsonRefusal(type: string, message: string) {
  return jsonAnswer({ __type: type, message }, 400);
}
