import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import type { Construct } from 'constructs';
import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { revisionOf } from '../internal/content-hash';
import { Configuration } from './configuration';
import type { ObjectOptions } from '../internal/metadata';

/** Values of a ConfigMap that are no text, by key. */
type BinaryData = Readonly<Record<string, Buffer>>;

/** With a `name`, a change of the content changes the object in place and rolls the Pods. */
export interface ConfigMapOptions<Key extends string = string> extends ObjectOptions {
  /** Values by key; together under 1 MiB. */
  readonly data: Readonly<Record<Key, string>>;
}

/** A file, and its key in the ConfigMap. */
export interface ConfigMapFileOptions<Key extends string = string> extends ObjectOptions {
  /** Path of the file, as the program that builds the stacks can read it. */
  readonly file: string;
  /** @default - the name of the file */
  readonly key?: Key;
}

/** A folder whose files become the keys of a ConfigMap. */
export interface ConfigMapFolderOptions extends ObjectOptions {
  /** Path of the folder. Each of its files becomes a key; a ConfigMap knows no folders, so there must be none in it. */
  readonly folder: string;
}

/**
 * A ConfigMap: values and files for Pods. How a change reaches the Pods is said of `Configuration`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/
 */
export class ConfigMap<Key extends string = string> extends Configuration<Key, ConfigMapV1> {
  /** One file as one key. What is no UTF-8 text becomes binary data. */
  static fromFile<Key extends string = string>(
    scope: Construct,
    id: string,
    options: ConfigMapFileOptions<Key>,
  ): ConfigMap<Key> {
    return ConfigMap.fromFiles(scope, id, options, () => ({
      [options.key ?? basename(options.file)]: readFileSync(options.file),
    }));
  }

  /** The files of a folder, each as a key of its name. What is no UTF-8 text becomes binary data. */
  static fromFolder(scope: Construct, id: string, options: ConfigMapFolderOptions): ConfigMap {
    const { folder } = options;
    return ConfigMap.fromFiles(scope, id, options, () => {
      const entries = readdirSync(folder, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      if (folders.length > 0) {
        throw new Error(
          `${folder} has the folders ${folders.sort().join(', ')}; a ConfigMap has files only: make one for each folder`,
        );
      }
      return Object.fromEntries(
        entries
          .map(({ name }) => name)
          .sort()
          .map((name) => [name, readFileSync(join(folder, name))]),
      );
    });
  }

  /** A ConfigMap that exists already in the namespace. It stays as it is, and a change of it rolls no Pod. */
  static fromName<Key extends string = string>(scope: Construct, id: string, name: string): ConfigMap<Key> {
    return new ConfigMap<Key>(scope, id, { name, data: {} as Record<Key, string> }, {}, true);
  }

  private static fromFiles<Key extends string>(
    scope: Construct,
    id: string,
    options: ObjectOptions,
    read: () => BinaryData,
  ): ConfigMap<Key> {
    let files: BinaryData = {};
    let unreadable: string | undefined;
    try {
      files = read();
    } catch (error) {
      unreadable = (error as Error).message;
    }
    const text: Record<string, string> = {};
    const binary: Record<string, Buffer> = {};
    for (const [key, content] of Object.entries(files)) {
      if (isUtf8(content) && !content.includes(0)) text[key] = content.toString('utf8');
      else binary[key] = content;
    }
    const configMap = new ConfigMap<Key>(
      scope,
      id,
      { ...options, data: text as Record<Key, string> },
      binary,
    );
    const problem = unreadable;
    if (problem !== undefined) configMap.node.addValidation({ validate: () => [problem] });
    return configMap;
  }

  readonly pluralName = 'configmaps';
  readonly revision: string;

  constructor(
    scope: Construct,
    id: string,
    options: ConfigMapOptions<Key>,
    /** What is no text; `fromFile` and `fromFolder` find out. */
    binaryData: BinaryData = {},
    /** Whether it exists already; `fromName` says so. */
    exists = false,
  ) {
    const data = Object.entries<string>(options.data);
    const encoded = Object.entries(binaryData).map(
      ([key, value]) => [key, value.toString('base64')] as const,
    );
    super(
      scope,
      id,
      [...data, ...encoded].map(([key]) => key),
      options,
      exists && { kind: 'ConfigMap', name: options.name },
    );
    const content = encoded.length > 0 ? [[...data].sort(), [...encoded].sort()] : [...data].sort();
    this.revision = revisionOf(this, content);
    if (exists) return;
    this.resource = new ConfigMapV1(this, MAIN_CHILD, {
      metadata: {},
      data: { ...options.data },
      ...(encoded.length > 0 && { binaryData: Object.fromEntries(encoded) }),
      lifecycle: OUTLIVES_USE,
    });
    this.nameAtSynthesis(this.resource);
  }
}
