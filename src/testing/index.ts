/** What the test of a workload or of a stack needs. @packageDocumentation */
import './matchers';

export type { KubernetesObject } from '../manifests/objects';
export type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';
export type { StackMatchers } from './matchers';
export {
  synthesizeStack,
  synthesizeWorkload,
  type SynthesizedStack,
  type WorkloadTestOptions,
} from './synthesize-workload';
