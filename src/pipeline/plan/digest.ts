import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TerraformDocument } from '../../manifests/terraform-document';

/** The SHA-256 of a text or of bytes: `sha256:…`. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function digestOfFile(file: string): string {
  return digestOf(readFileSync(file));
}

/** Of what Terraform reads of a document: where in the program each block was made is a comment to it, under the key `//`. */
export function digestOfDocument(document: TerraformDocument): string {
  return digestOf(JSON.stringify(document, (key, value: unknown) => (key === '//' ? undefined : value)));
}

/** Of how a document configures its providers. */
export function digestOfProviders({ provider = {} }: TerraformDocument): string {
  return digestOfDocument(provider as TerraformDocument);
}
