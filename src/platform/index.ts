/** What a platform is made of: workloads, stacks, and the platform itself. @packageDocumentation */
export { z } from 'zod';
export { Stack, type StackOptions } from '../../stacks/stack';
export type { LoadOptions } from '../config/load-platform';
export type { Platform } from '../config/platform';
export { described, type Text } from '../config/schema/form';
export { derived, type Derived, type WorkloadPlace } from '../config/workload-keys';
export type { Finding } from '../facts/document-finding';
export { after, definePlatform, type DefinedPlatform, type PlatformDefinition } from './define-platform';
export { defineWorkload, type WorkloadDefinition } from './define-workload';
export type { PartsOf, PlacedStack, RegisteredWorkload, StackClass, WorkloadContext } from './registry';
export type { SynthesisOptions, Synthesized } from './synthesize-platform';
export { hostName, imageTag } from './workload-options';
