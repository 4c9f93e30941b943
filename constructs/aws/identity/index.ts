export * from './allow';
export * from './pod-identity';
export * from './policy-document';
export * from './role-settings';
export * from './service-role';
export * from './workload-identity';
