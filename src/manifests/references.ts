import { isObject } from './field';
import type { Report } from './convert';
import { providerTemplate } from './provider-template';
import { templateParts } from './template';
import type { Json, JsonObject, TerraformDocument } from './terraform-document';
import { type Step, traversalSteps } from './traversal';

/**
 * Gives the value of an expression that the document alone does not say, or `undefined` when it is not known here
 * either.
 *
 * @param expression what stands between `${` and `}`, for example `ephemeral.random_password.db.result`
 * @param address the resource that uses it, for example `kubernetes_secret_v1.db`
 * @param path the attribute that uses it, for example `data_wo.password`
 */
export type Resolve = (expression: string, address: string, path: string) => Json | undefined;

/** Leaves an expression as it is written: its value is not needed. */
export const asWritten: Resolve = (expression) => `\${${expression}}`;

/** Where a value stands. */
interface Place {
  readonly address: string;
  readonly path: string;
}

/** What a traversal leads to: a value with its place, or the reason why there is none. */
type Target = { readonly value: Json; readonly place: Place } | { readonly missing: string };

/** First steps that name something other than a resource, and are not written in the document. */
const OUTSIDE = new Set(['data', 'ephemeral', 'module', 'each', 'count', 'self', 'path', 'terraform']);

/** The references of one document, followed to the literal values that they stand for. */
export class References {
  constructor(
    private readonly document: TerraformDocument,
    private readonly resolve: Resolve | undefined,
    private readonly report: (address: string, ...finding: Parameters<Report>) => void,
  ) {}

  /**
   * A value of the document without references and escapes. What cannot be told is reported and left out, so that one
   * reading finds every mistake.
   */
  literal(value: Json, address: string, path: string): Json | undefined {
    return this.follow(value, { address, path }, []);
  }

  private follow(value: Json, place: Place, trail: readonly string[]): Json | undefined {
    if (typeof value === 'string') return this.string(value, place, trail);
    if (Array.isArray(value)) {
      return value
        .map((item: Json, i) => this.follow(item, { ...place, path: `${place.path}[${i}]` }, trail))
        .filter((item) => item !== undefined);
    }
    if (!isObject(value)) return value;
    const entries: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) {
      const inside = { ...place, path: join(place.path, key) };
      const name = key.includes('{') ? this.string(key, inside, trail) : key;
      const literal = this.follow(item, inside, trail);
      if (typeof name === 'string' && literal !== undefined) entries.push([name, literal]);
    }
    return Object.fromEntries(entries);
  }

  private string(template: string, place: Place, trail: readonly string[]): Json | undefined {
    if (!template.includes('{')) return template;
    const parts = templateParts(template);
    const values = parts.map((part) =>
      'text' in part ? part.text : this.expression(part.expression, place, trail),
    );
    if (parts.length === 1) return values[0];
    if (values.includes(undefined)) return undefined;
    const composite = parts.find((_, i) => typeof values[i] === 'object');
    if (composite !== undefined && 'expression' in composite) {
      this.report(
        place.address,
        place.path,
        `\${${composite.expression}} is no text, and stands inside a string`,
      );
      return undefined;
    }
    return values.map(String).join('');
  }

  private expression(expression: string, place: Place, trail: readonly string[]): Json | undefined {
    const here = place.path === '' ? place.address : `${place.address}.${place.path}`;
    if (trail.includes(here)) {
      this.report(place.address, place.path, `refers to itself: ${[...trail, here].join(' → ')}`);
      return undefined;
    }
    const literal = literalExpression(expression);
    if (literal !== undefined) return literal;
    const steps = traversalSteps(expression);
    const target: Target =
      steps === undefined
        ? { missing: 'only Terraform can evaluate this expression' }
        : this.target(steps, [...trail, here]);
    if ('value' in target) return this.follow(target.value, target.place, [...trail, here]);
    const resolved = this.resolve?.(expression, place.address, place.path);
    if (resolved === undefined) {
      const shown = expression.startsWith('%{') ? expression : `\${${expression}}`;
      this.report(place.address, place.path, `cannot resolve ${shown}: ${target.missing}`);
    }
    return resolved;
  }

  private target(steps: readonly Step[], trail: readonly string[]): Target {
    const [root, name] = steps.map(String);
    if (root === undefined || name === undefined) return { missing: 'no attribute is named' };
    if (root === 'local') {
      const value = this.document.locals?.[name];
      return value === undefined
        ? { missing: 'the document has no such local' }
        : this.walk(value, { address: `local.${name}`, path: '' }, steps.slice(2), trail);
    }
    if (root === 'var') {
      const value = this.document.variable?.[name]?.['default'];
      return value === undefined
        ? { missing: 'the variable has no default in the document' }
        : this.walk(value, { address: `var.${name}`, path: '' }, steps.slice(2), trail);
    }
    if (OUTSIDE.has(root)) return { missing: 'its value is known only when Terraform runs' };
    const resource = this.document.resource?.[root]?.[name];
    if (resource === undefined) return { missing: `the document has no resource ${root}.${name}` };
    const address = `${root}.${name}`;
    const target = this.walk(resource, { address, path: '' }, steps.slice(2), trail);
    if ('value' in target) return target;
    const template = providerTemplate(root, name, steps.slice(2));
    return template === undefined
      ? target
      : { value: template, place: { address, path: steps.slice(2).join('.') } };
  }

  /** Follows the steps below a value of the document, through references on the way. */
  private walk(start: Json, from: Place, steps: readonly Step[], trail: readonly string[]): Target {
    let value = start;
    let place = from;
    for (const step of steps) {
      if (typeof value === 'string' && value.includes('{')) {
        const literal = this.string(value, place, trail);
        if (literal === undefined) return { missing: `${place.address}.${place.path} is not known` };
        value = literal;
      }
      const next = element(value, step);
      if (next === undefined || next === null) {
        return {
          missing: `the document does not set ${join(place.address, join(place.path, String(step)))}`,
        };
      }
      // The one element of a block that is written as an object.
      if (next !== value) {
        place = {
          ...place,
          path: typeof step === 'number' ? `${place.path}[${step}]` : join(place.path, step),
        };
      }
      value = next;
    }
    return { value, place };
  }
}

function element(value: Json, step: Step): Json | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? (value as readonly Json[])[step] : undefined;
  if (!isObject(value)) return undefined;
  return (value as JsonObject)[step] ?? (step === 0 ? value : undefined);
}

/** The value of an expression that is a plain string, number or boolean. */
function literalExpression(expression: string): Json | undefined {
  if (!/^("(?:[^"\\$%]|[$%](?!\{)|\\["\\nrt])*"|-?\d+(\.\d+)?|true|false)$/.test(expression))
    return undefined;
  return JSON.parse(expression) as Json;
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
