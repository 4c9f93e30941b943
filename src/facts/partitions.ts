export * from '@kubernetes-on-aws/eks-facts/partitions';
