export * from './access-mode';
export * from './claim-template';
export * from './file-mode';
export * from './persistent-volume';
export * from './persistent-volume-claim';
export * from './storage-class';
export * from './volume';
