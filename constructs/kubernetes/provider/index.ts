export * from './cluster-connection';
export * from './helm-provider';
export * from './helm-release';
export * from './kubernetes-provider';
export * from './load-balancer-controller-chart';
export * from './patch';
