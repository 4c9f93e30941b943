export * from '@kubernetes-on-aws/eks-facts/cidr';
