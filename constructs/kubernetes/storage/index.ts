export * from './claim-template';
export * from './persistent-volume';
export * from './persistent-volume-claim';
export * from './storage-class';
export * from './volume';
