export type { AdmissionPolicyOptions } from './admission-policy';
export * from './mutating-admission-policy';
export * from './placement-policy';
export * from './validating-admission-policy';
