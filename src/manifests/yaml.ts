import { Document } from 'yaml';
import type { AddressedObject } from './objects';

/**
 * Several objects as one YAML file, each under the Terraform address that it comes from. It reads the same to parsers
 * of YAML 1.1, which take a bare `on` for a boolean, as to those of 1.2.
 */
export function toYaml(objects: readonly AddressedObject[]): string {
  return objects
    .map(({ address, object }) => {
      const document = new Document(object, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
      return `---\n# ${address}\n${document.toString({ lineWidth: 0 })}`;
    })
    .join('');
}
