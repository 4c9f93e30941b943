export * from './found-vpc';
export * from './interface-endpoints';
export * from './subnet-layout';
export * from './vpc';
