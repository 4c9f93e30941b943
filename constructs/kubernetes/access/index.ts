export * from './cluster-role';
export * from './cluster-role-binding';
export * from './policy-rule';
export * from './role';
export * from './role-binding';
export * from './service-account';
export * from './subject';
