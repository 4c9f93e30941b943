/** What a platform is made of: workloads, stacks, and the platform itself. @packageDocumentation */
export { z } from 'zod';
export { Stack } from '../../stacks/stack';
export type { Platform } from '../config/platform';
export { described } from '../config/schema/form';
export { derived, type Derived, type WorkloadPlace } from '../config/workload-keys';
export { after, definePlatform, type DefinedPlatform, type PlatformDefinition } from './define-platform';
export { defineWorkload, type WorkloadDefinition } from './define-workload';
export type { PartsOf, PlacedStack, RegisteredWorkload, StackClass, WorkloadContext } from './registry';
export type { SynthesisOptions, Synthesized } from './synthesize-platform';
export { hostName, imageTag } from './workload-options';
