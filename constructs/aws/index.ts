/** The AWS constructs: network, cluster, node groups, identity, storage, messaging, databases. @packageDocumentation */
export * from './account';
export * from './cluster';
export * from './controllers';
export * from './database';
export * from './identity';
export * from './messaging';
export * from './network';
export * from './nodes';
export * from './observability';
export * from './pipeline';
export * from './security';
export * from './storage';
