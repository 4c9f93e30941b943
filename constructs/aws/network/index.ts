export * from './interface-endpoints';
export * from './subnet-layout';
export * from './vpc';
