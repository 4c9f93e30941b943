/** Where AWS publishes its Helm charts, that of the load balancer controller among them. */
export const EKS_CHARTS = 'https://aws.github.io/eks-charts';
