/** What each add-on that a file may name is for. */
export const ADD_ON_PURPOSES = {
  'eks-pod-identity-agent': 'Hands IAM roles to Pods; every cluster has it.',
  'vpc-cni': 'Gives Pods addresses of the VPC and enforces NetworkPolicies; every cluster has it.',
  'kube-proxy': 'Routes traffic for Services on each node; every cluster has it.',
  coredns: 'Resolves DNS names in the cluster; every cluster has it.',
  'snapshot-controller': 'Takes snapshots of EBS volumes.',
  'aws-ebs-csi-driver': 'Makes EBS volumes for claims; every cluster has it.',
  'aws-efs-csi-driver': 'Mounts EFS file systems; every cluster has it.',
  'metrics-server': 'Tells autoscalers and kubectl top what Pods use; every cluster has it.',
  'eks-node-monitoring-agent': 'Tells node auto repair what is wrong with a node; every cluster has it.',
  'kube-state-metrics': 'Tells Prometheus the state of Kubernetes objects.',
  'amazon-cloudwatch-observability': 'Container Insights: metrics and traces in CloudWatch.',
} as const;

/** An add-on of EKS that the platform knows. */
export type AddOnName = keyof typeof ADD_ON_PURPOSES;

/** A version as EKS names them, with its Kubernetes-like parts: v1.35.3-eksbuild.13. */
export const ADD_ON_VERSION = /^v(\d+)\.(\d+)\.(\d+)-eksbuild\.\d+$/;
