export * from './config-map';
export * from './configuration';
export * from './data-keys';
export * from './secret';
