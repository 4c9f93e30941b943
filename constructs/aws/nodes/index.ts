export * from './node-config';
export * from './node-group';
export * from './pod-density';
