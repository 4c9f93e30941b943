/** Types whose objects Terraform deletes after what uses them has changed (`create_before_destroy`). */
export const OUTLIVING_IN_AWS: readonly string[] = ['aws_db_parameter_group', 'aws_eip', 'aws_nat_gateway'];

/** The same of Kubernetes. */
export const OUTLIVING_IN_KUBERNETES: readonly string[] = [
  'kubernetes_cluster_role_v1',
  'kubernetes_config_map_v1',
  'kubernetes_persistent_volume_claim_v1',
  'kubernetes_priority_class_v1',
  'kubernetes_role_v1',
  'kubernetes_secret_v1',
  'kubernetes_service_account_v1',
  'kubernetes_storage_class_v1',
];
