import { FaultError } from '../sandbox-error';
import { Memory } from './memory';

/** What AWS is to answer to some calls instead of what it would answer. */
export interface Fault {
  /** As the signature names it: `eks`, `ec2`, `s3`. */
  readonly service: string;
  /** As the log of calls names it, with an asterisk for any text: `CreateNatGateway`, `GET /clusters/seed`. */
  readonly operation: string;
  /** How many calls have it. @default - all until other faults are set */
  readonly times?: number;
  /** The call is refused; nothing is done. */
  readonly error?: { readonly code: string; readonly message: string; readonly status?: number };
  /** The call is done, and these members are in its answer instead of the true ones. For services that answer with JSON: EKS. */
  readonly answer?: Readonly<Record<string, unknown>>;
}

/** A fault, and how many calls had it. */
export type CountedFault = Fault & { readonly had: number };

/** The faults of an emulated account. */
export class Faults {
  /** By their place. */
  private readonly set: Map<number, { readonly fault: Fault; readonly pattern: RegExp; had: number }>;

  constructor(memory = new Memory()) {
    this.set = memory.map();
  }

  /** Exchanges all faults. @throws FaultError with each mistake */
  replace(faults: unknown): void {
    const errors = faultErrors(faults);
    if (errors.length > 0) throw new FaultError(errors);
    this.set.clear();
    (faults as readonly Fault[]).forEach((fault, place) => {
      const pattern = new RegExp(`^${fault.operation.split('*').map(escaped).join('.*')}$`);
      this.set.set(place, { fault, pattern, had: 0 });
    });
  }

  list(): CountedFault[] {
    return [...this.set.values()].map(({ fault, had }) => ({ ...fault, had }));
  }

  /** The first fault that a call has; it counts as had. */
  take(service: string, operation: string): Fault | undefined {
    const found = [...this.set.values()].find(
      ({ fault, pattern, had }) =>
        fault.service === service && had < (fault.times ?? Infinity) && pattern.test(operation),
    );
    if (found) found.had += 1;
    return found?.fault;
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');

/** Puts the members of a fault into a JSON answer, at any depth. */
export function merged(body: string, answer: NonNullable<Fault['answer']>): string {
  return JSON.stringify(mergedValues(JSON.parse(body), answer));
}

function mergedValues(value: unknown, members: unknown): unknown {
  if (!isRecord(value) || !isRecord(members)) return members;
  const own = Object.entries(members).map(([key, member]) => [key, mergedValues(value[key], member)]);
  return { ...value, ...(Object.fromEntries(own) as object) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const FORM =
  '{ "service": "ec2", "operation": "CreateNatGateway", "times": 1, "error": { "code": "…", "message": "…" } }';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isErrorStatus = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 400 && (value as number) < 600;
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;

/** What each member of a fault has to be. */
const MEMBERS: Readonly<
  Record<keyof Fault, readonly [expected: string, holds: (value: unknown) => boolean]>
> = {
  service: ['a name such as "ec2"', isText],
  operation: ['an operation such as "CreateNatGateway" or "GET /clusters/*"', isText],
  times: ['a number from 1', (value) => value === undefined || isCount(value)],
  error: [
    'an object with code, message and an HTTP status of 400 to 599 or none',
    (value) =>
      value === undefined ||
      (isRecord(value) &&
        isText(value['code']) &&
        isText(value['message']) &&
        (value['status'] === undefined || isErrorStatus(value['status']))),
  ],
  answer: ['an object', (value) => value === undefined || isRecord(value)],
};

function faultErrors(faults: unknown): string[] {
  if (!Array.isArray(faults)) return [`faults: got ${JSON.stringify(faults)}; expected a list of ${FORM}`];
  return faults.flatMap((fault: unknown, index): string[] => {
    const at = `faults[${index}]`;
    if (!isRecord(fault)) return [`${at}: got ${JSON.stringify(fault)}; expected ${FORM}`];
    const unknown = Object.keys(fault).filter((key) => !(key in MEMBERS));
    const wrong = Object.entries(MEMBERS).flatMap(([key, [expected, holds]]) =>
      holds(fault[key]) ? [] : [`${at}.${key}: got ${JSON.stringify(fault[key])}; expected ${expected}`],
    );
    const isOne = (fault['error'] === undefined) !== (fault['answer'] === undefined);
    return [
      ...unknown.map((key) => `${at}: unknown member ${key}; known: ${Object.keys(MEMBERS).join(', ')}`),
      ...wrong,
      ...(isOne ? [] : [`${at}: expected either error or answer`]),
      ...(fault['answer'] === undefined || fault['service'] === 'eks'
        ? []
        : [`${at}.answer: only EKS answers with JSON that can be changed; use error`]),
    ];
  });
}
