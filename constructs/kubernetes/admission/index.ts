export * from './placement-policy';
export * from './validating-admission-policy';
