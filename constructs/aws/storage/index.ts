export * from './access-point';
export * from './bucket';
export * from './file-system';
