/** What a stack is made of: its base class, its addresses, its synthesis. @packageDocumentation */
export type { OwnProvider } from '../../src/rules/running-code';
export * from './address-name';
export * from './at-synthesis';
export * from './base-stack';
export { Construct, MAIN_CHILD } from './construct';
export * from './ephemeral-resource';
export * from './fast-tokens';
export * from './foreign-references';
export * from './literal';
export * from './synthesize';
