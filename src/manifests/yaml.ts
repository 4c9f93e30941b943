import { Document, visit } from 'yaml';
import { visible } from '../facts/visible-text';
import type { AddressedObject } from './objects';

/**
 * Several objects as one YAML file, each under the Terraform address that it comes from. It reads the same to parsers
 * of YAML 1.1 as to those of 1.2. The former take a bare `on` for a boolean, and U+2028 for the end of a line.
 */
export function toYaml(objects: readonly AddressedObject[]): string {
  return objects
    .map(({ address, object }) => {
      const document = new Document(object, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
      visit(document, {
        Scalar: (_, scalar) => {
          if (typeof scalar.value === 'string' && visible(scalar.value) !== scalar.value)
            scalar.type = 'QUOTE_DOUBLE';
        },
      });
      return `---\n# ${address}\n${visible(document.toString({ lineWidth: 0 }))}`;
    })
    .join('');
}
