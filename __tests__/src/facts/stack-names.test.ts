import { STACK_NAMES } from '../../../src/facts/stack-names';
import { parsePlatform } from '../../own-platform';
import { readFileSync } from 'node:fs';

const platformYaml = readFileSync('platform.yaml', 'utf8');

it.each(STACK_NAMES)('a namespace may not be named %s, like a stack of the platform', (name) => {
  const text = platformYaml.replace(/^ {2}dev:/m, `  ${name}:`);
  expect(() => parsePlatform(text, 'p.yaml')).toThrow(
    new RegExp(`namespaces\\.${name}.*a stack of the platform has this name; choose another`),
  );
});
