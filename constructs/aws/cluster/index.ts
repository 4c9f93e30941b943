export * from './access-entry';
export * from './add-on';
export * from './eks-cluster';
export * from './found-cluster';
export * from './upgrade-guard';
