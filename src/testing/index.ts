/** What a test of a workload needs. @packageDocumentation */
export {
  synthesizeWorkload,
  type SynthesizedWorkload,
  type WorkloadTestOptions,
} from './synthesize-workload';
