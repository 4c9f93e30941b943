export * from './access-point';
export * from './file-system';
