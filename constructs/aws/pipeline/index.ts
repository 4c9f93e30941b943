export * from './github-oidc';
export * from './pipeline-guard';
export * from './pipeline-network-writes';
export * from './pipeline-reads';
export * from './pipeline-roles';
export * from './pipeline-scope';
export * from './pipeline-service-writes';
export * from './state-bucket';
