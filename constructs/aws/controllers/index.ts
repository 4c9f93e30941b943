export * from './external-dns';
export * from './karpenter';
export * from './load-balancer-controller';
