import { parse, stringify } from 'yaml';
import { isObject } from './field';
import type { Json, JsonObject, TerraformDocument } from './terraform-document';

/** Lists of containers, as the provider and the API name them. */
const CONTAINERS = /^((init|ephemeral)_?)?containers?$/i;

/** The document with every image of its containers and of the values of its charts exchanged; the rest is as it was. */
export function mapImages(
  document: TerraformDocument,
  map: (image: string, address: string) => string,
): TerraformDocument {
  const resource = Object.entries(document.resource ?? {}).map(([type, named]) => {
    const isRelease = type === 'helm_release';
    if (!isRelease && !type.startsWith('kubernetes_')) return [type, named] as const;
    const mapped = Object.entries(named).map(([name, body]) => {
      const at = (image: string): string => map(image, `${type}.${name}`);
      return [name, isRelease ? ofRelease(body, at) : (within(body, at, false) as JsonObject)];
    });
    return [type, Object.fromEntries(mapped) as Record<string, JsonObject>] as const;
  });
  return document.resource ? { ...document, resource: Object.fromEntries(resource) } : document;
}

function within(value: Json, map: (image: string) => string, ofContainer: boolean): Json {
  if (Array.isArray(value)) return value.map((each: Json) => within(each, map, ofContainer));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      ofContainer && key === 'image' && typeof each === 'string'
        ? map(each)
        : within(each, map, CONTAINERS.test(key)),
    ]),
  );
}

/** Charts have no form in common but this one: `image` is an image, or has its `repository` and `registry`. */
function ofRelease(release: JsonObject, map: (image: string) => string): JsonObject {
  const { values } = release;
  if (!Array.isArray(values)) return release;
  const ofValues = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(ofValues);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => {
        if (key !== 'image') return [key, ofValues(each)];
        if (typeof each === 'string') return [key, map(each)];
        if (!isObject(each) || typeof each['repository'] !== 'string') return [key, each];
        const { registry, ...rest } = each;
        const whole = typeof registry === 'string' ? `${registry}/${each['repository']}` : each['repository'];
        const to = map(whole);
        return [key, to === whole ? each : { ...rest, repository: to }];
      }),
    );
  };
  return {
    ...release,
    values: values.map((text: Json) => {
      if (typeof text !== 'string') return text;
      const given = parse(text) as Json;
      const mapped = ofValues(given);
      return JSON.stringify(mapped) === JSON.stringify(given)
        ? text
        : stringify(mapped, { lineWidth: 0, aliasDuplicateObjects: false });
    }),
  };
}
