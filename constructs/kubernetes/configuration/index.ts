export * from './config-map';
export * from './data-keys';
export * from './secret';
