export * from './account';
export * from './aws-provider';
export * from './partition';
export * from './protection';
export * from './resource-name';
