import { isDeepStrictEqual } from 'node:util';
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
    if (type !== 'helm_release' && !type.startsWith('kubernetes_')) return [type, named] as const;
    const mapped = Object.entries(named).map(([name, body]) => {
      const at = (image: string): string => map(image, `${type}.${name}`);
      return [name, type === 'helm_release' ? ofRelease(body, at) : (within(body, at, false) as JsonObject)];
    });
    return [type, Object.fromEntries(mapped) as Record<string, JsonObject>] as const;
  });
  return document.resource ? { ...document, resource: Object.fromEntries(resource) } : document;
}

/** @param isNamed whether a key `image` names one here: in a container, and anywhere in the values of a chart */
function within(value: Json, map: (image: string) => string, isNamed: boolean, ofChart = false): Json {
  if (Array.isArray(value)) return value.map((each: Json) => within(each, map, isNamed, ofChart));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (isNamed && key === 'image' && typeof each === 'string') return [key, map(each)];
      if (ofChart && key === 'image' && isObject(each)) return [key, parts(each, map)];
      return [key, within(each, map, ofChart || CONTAINERS.test(key), ofChart)];
    }),
  );
}

/** An image as charts have it, by its `repository` and `registry`. */
function parts(image: JsonObject, map: (image: string) => string): JsonObject {
  const { registry, repository, ...rest } = image;
  if (typeof repository !== 'string') return image;
  const whole = typeof registry === 'string' ? `${registry}/${repository}` : repository;
  const to = map(whole);
  return to === whole ? image : { ...rest, repository: to };
}

function ofRelease(release: JsonObject, map: (image: string) => string): JsonObject {
  const { values } = release;
  if (!Array.isArray(values)) return release;
  const mapped = values.map((text: Json) => {
    if (typeof text !== 'string') return text;
    const given = parse(text) as Json;
    const value = within(given, map, true, true);
    return isDeepStrictEqual(value, given)
      ? text
      : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  });
  return { ...release, values: mapped };
}
