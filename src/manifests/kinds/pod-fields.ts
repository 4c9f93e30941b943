import {
  array,
  as,
  type Block,
  byDefault,
  type Field,
  flag,
  integer,
  kept,
  number,
  numbers,
  object,
  text,
  textMap,
  texts,
  zeroIfUnset,
} from '../field';
import { container, seccompProfile, seLinuxOptions } from './container-fields';
import { localReference } from './metadata-fields';
import { affinity, labelSelector } from './selector-fields';
import { volume } from './volume-fields';

const securityContext = object({
  run_as_non_root: zeroIfUnset(false, flag),
  run_as_user: integer,
  run_as_group: integer,
  fs_group: integer,
  fs_group_change_policy: text,
  supplemental_groups: numbers,
  seccomp_profile: seccompProfile,
  se_linux_options: seLinuxOptions,
  sysctl: as('sysctls', array({ name: text, value: kept(text) })),
  windows_options: object({
    gmsa_credential_spec: text,
    gmsa_credential_spec_name: text,
    host_process: flag,
    run_as_username: as('runAsUserName', text),
  }),
});

const pod: Block = {
  service_account_name: text,
  // Sent even when it is left out, and wins over what the ServiceAccount says.
  automount_service_account_token: byDefault(true, flag),
  restart_policy: text,
  init_container: as('initContainers', array(container)),
  container: as('containers', array(container)),
  volume: as('volumes', array(volume)),
  affinity,
  node_selector: textMap,
  toleration: as(
    'tolerations',
    array({ key: text, operator: text, value: text, effect: text, toleration_seconds: integer }),
  ),
  topology_spread_constraint: as(
    'topologySpreadConstraints',
    array({
      topology_key: text,
      max_skew: byDefault(1, number),
      when_unsatisfiable: byDefault('DoNotSchedule', text),
      label_selector: labelSelector,
      match_label_keys: texts,
      min_domains: number,
      node_affinity_policy: text,
      node_taints_policy: text,
    }),
  ),
  security_context: securityContext,
  priority_class_name: text,
  runtime_class_name: text,
  scheduler_name: text,
  node_name: text,
  termination_grace_period_seconds: kept(number),
  active_deadline_seconds: number,
  readiness_gate: as('readinessGates', array({ condition_type: text })),
  image_pull_secrets: array(localReference),
  hostname: text,
  subdomain: text,
  host_aliases: array({ ip: text, hostnames: texts }),
  dns_policy: text,
  dns_config: object({
    nameservers: texts,
    searches: texts,
    option: as('options', array({ name: text, value: text })),
  }),
  enable_service_links: kept(flag),
  share_process_namespace: flag,
  host_network: flag,
  host_ipc: as('hostIPC', flag),
  host_pid: as('hostPID', flag),
  os: object({ name: text }),
};

/** What a Pod runs. */
export const podSpec: Field = object(pod);

/** What a Pod of a Job runs, which is not started again when it ends well. */
export const jobPodSpec: Field = object({ ...pod, restart_policy: byDefault('Never', text) });
