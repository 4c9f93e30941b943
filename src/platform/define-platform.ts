import { UserError } from '../facts/user-error';
import { callSite } from './call-site';
import { describe, isWorkload } from './define-workload';
import { loadPlatform, parsePlatform, type LoadOptions } from '../config/load-platform';
import type { Platform } from '../config/platform';
import type { RenderRequest } from '../manifests/rendered';
import type { PlacedStack, RegisteredWorkload, StackClass } from './registry';
import {
  requestsToRender,
  synthesizePlatform,
  type SynthesisOptions,
  type Synthesized,
} from './synthesize-platform';

/** What a platform is made of, besides what its file says. */
export interface PlatformDefinition {
  /** The workloads that its namespaces may run. */
  readonly workloads: readonly RegisteredWorkload[];
  /** Stacks of its own, such as `after('cluster', DnsStack)`. @default [] */
  readonly stacks?: readonly PlacedStack[];
}

/** A definition has errors: every one, each with its place. */
export class DefinitionError extends UserError {
  readonly code = 'invalid-definition';
  readonly exitStatus = 1;
}

/** A platform whose file can be read and whose stacks can be synthesized. */
export class DefinedPlatform {
  readonly stacks: readonly PlacedStack[];
  private readonly registered: readonly RegisteredWorkload[];
  private readonly errors: readonly string[];

  constructor({ workloads, stacks = [] }: PlatformDefinition, source: string) {
    this.errors = [...workloadErrors(workloads, source), ...stackErrors(stacks, source)];
    this.registered = this.errors.length > 0 ? [] : inOrder(workloads);
    this.stacks = stacks;
  }

  /** Its workloads, each after those that it uses. @throws DefinitionError */
  get workloads(): readonly RegisteredWorkload[] {
    this.check();
    return this.registered;
  }

  /** Reads and checks the platform's file. @throws DefinitionError, ConfigError */
  load(file?: string, options: LoadOptions = {}): Platform {
    return loadPlatform(file, { ...options, workloads: this.workloads });
  }

  /** Checks the text of a platform's file. @throws DefinitionError, ConfigError */
  parse(text: string, file: string, options: LoadOptions = {}): Platform {
    return parsePlatform(text, file, { ...options, workloads: this.workloads });
  }

  /**
   * Reads the platform, builds its stacks and writes their Terraform JSON.
   *
   * @throws DefinitionError, ConfigError or SynthesisError with every error; nothing is written then
   */
  synthesize(options: SynthesisOptions = {}): Synthesized {
    return synthesizePlatform(this, options);
  }

  /** What `platform render` is asked for. @throws DefinitionError, ConfigError or SynthesisError with every error @internal */
  renderRequests(options: SynthesisOptions = {}): RenderRequest[] {
    return requestsToRender(this, options);
  }

  private check(): void {
    if (this.errors.length > 0) throw new DefinitionError(this.errors);
  }
}

/** Defines what a platform is made of: the default export of `main.ts`. */
export function definePlatform(definition: PlatformDefinition): DefinedPlatform {
  return new DefinedPlatform(definition, callSite(definition, definePlatform));
}

/**
 * Places a stack of a platform's own in the order of deployment.
 *
 * @param stacks name of the stack that is deployed before it, or several; a namespace's stack has the namespace's name
 * @param stack its class, which extends `Stack`
 * @param options.before names of the stacks that are deployed after it @default []
 */
export function after(
  stacks: string | readonly string[],
  stack: StackClass,
  options: { readonly before?: readonly string[] } = {},
): PlacedStack {
  return { stack, after: [stacks].flat(), before: options.before ?? [] };
}

function workloadErrors(workloads: readonly RegisteredWorkload[], source: string): string[] {
  if (!Array.isArray(workloads)) {
    return [
      `${source}: workloads: got ${describe(workloads)}; expected a list of what defineWorkload returns`,
    ];
  }
  const errors: string[] = [];
  const registered = workloads.filter(isWorkload);
  workloads.forEach((workload, i) => {
    if (!isWorkload(workload)) {
      errors.push(
        `${source}: workloads[${i}]: got ${describe(workload)}; expected what defineWorkload returns: check the import`,
      );
      return;
    }
    errors.push(...workload.errors);
    const first = registered.find(({ name }) => name === workload.name);
    if (first !== workload) {
      errors.push(
        `${source}: workloads[${i}]: ${JSON.stringify(workload.name)} of ${workload.source} has the name of ` +
          `${first?.source ?? 'another one'}; choose another name`,
      );
    } else if (workloads.indexOf(workload) !== i) {
      errors.push(`${source}: workloads[${i}]: ${workload.name} is listed twice; remove one`);
    }
    for (const used of Object.values(workload.uses)) {
      if (!isWorkload(used) || registered.includes(used)) continue;
      errors.push(
        `${workload.source}: workload ${JSON.stringify(workload.name)}: uses ${used.name}, which is not registered; ` +
          `add it to workloads at ${source}`,
      );
    }
  });
  const circle = circleAmong(registered);
  if (circle) {
    errors.push(
      `${source}: workloads: ${circle.map(({ name }) => name).join(' uses ')}: a circle has no order; remove one use`,
    );
  }
  return errors;
}

function stackErrors(stacks: readonly PlacedStack[], source: string): string[] {
  return stacks.flatMap((placed, i) => {
    const stack: unknown = (placed as Partial<PlacedStack> | undefined)?.stack;
    if (typeof stack === 'function' && Array.isArray((placed as Partial<PlacedStack>).after)) return [];
    const got = typeof placed === 'function' ? 'a class without a place' : describe(stack);
    return [
      `${source}: stacks[${i}]: got ${got}; expected a class that extends Stack, placed by after('cluster', …)`,
    ];
  });
}

/** The first workloads that use each other in a circle, its first one named again at the end. */
function circleAmong(workloads: readonly RegisteredWorkload[]): RegisteredWorkload[] | undefined {
  const done = new Set<RegisteredWorkload>();
  const from = (
    workload: RegisteredWorkload,
    way: RegisteredWorkload[],
  ): RegisteredWorkload[] | undefined => {
    const start = way.indexOf(workload);
    if (start >= 0) return [...way.slice(start), workload];
    if (done.has(workload)) return undefined;
    done.add(workload);
    for (const used of Object.values(workload.uses).filter(isWorkload)) {
      const circle = from(used, [...way, workload]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const workload of workloads) {
    const circle = from(workload, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Each after those that it uses; otherwise as they are listed. */
function inOrder(workloads: readonly RegisteredWorkload[]): RegisteredWorkload[] {
  const ordered = new Set<RegisteredWorkload>();
  const add = (workload: RegisteredWorkload): void => {
    Object.values(workload.uses).forEach(add);
    ordered.add(workload);
  };
  workloads.forEach(add);
  return [...ordered];
}
