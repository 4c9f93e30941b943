export * from './limit-range';
export * from './namespace';
export * from './resource-quota';
