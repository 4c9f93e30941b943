import {
  array,
  as,
  type Block,
  byDefault,
  flag,
  integer,
  intOrString,
  kept,
  number,
  object,
  text,
  textMap,
  texts,
  where,
  zeroIfUnset,
} from '../field';

const exec = object({ command: texts });

const httpGet = object({
  path: text,
  port: intOrString,
  host: text,
  scheme: text,
  http_header: as('httpHeaders', array({ name: text, value: kept(text) })),
});

const tcpSocket = object({ port: intOrString });

const lifecycleHandler = object({ exec, http_get: httpGet, tcp_socket: tcpSocket });

const probe = object({
  exec,
  http_get: httpGet,
  tcp_socket: tcpSocket,
  grpc: object({ port: number, service: text }),
  initial_delay_seconds: number,
  period_seconds: number,
  timeout_seconds: number,
  success_threshold: number,
  failure_threshold: number,
});

const keyReference = object({ name: text, key: text, optional: flag });
const nameReference = object({ name: text, optional: flag });

/** A field of the Pod, for an environment variable or a file. */
export const fieldReference = object({ api_version: text, field_path: text });

/** A resource of a container, for an environment variable or a file. */
export const resourceFieldReference = object({ container_name: text, resource: text, divisor: text });

/** Requests and limits, by the resource's name. */
export const resources = object({ limits: textMap, requests: textMap });

/** Which system calls are allowed; a block without a type says Unconfined. */
export const seccompProfile = object({
  type: byDefault('Unconfined', text),
  localhost_profile: where('type', ['Localhost'], kept(text)),
});

export const seLinuxOptions = object({ level: text, role: text, type: text, user: text });

// The booleans are sent whenever the block is there, and win over the Pod's own security context.
const securityContext = object({
  allow_privilege_escalation: byDefault(true, flag),
  privileged: byDefault(false, flag),
  read_only_root_filesystem: byDefault(false, flag),
  run_as_non_root: zeroIfUnset(false, flag),
  run_as_user: integer,
  run_as_group: integer,
  capabilities: object({ add: texts, drop: texts }),
  seccomp_profile: seccompProfile,
  se_linux_options: seLinuxOptions,
});

/** A container of a Pod, or one that runs before the others. */
export const container: Block = {
  name: text,
  image: text,
  image_pull_policy: text,
  command: texts,
  args: texts,
  working_dir: text,
  port: as(
    'ports',
    array({
      name: text,
      container_port: number,
      protocol: text,
      host_ip: as('hostIP', text),
      host_port: number,
    }),
  ),
  env_from: array({ prefix: text, config_map_ref: nameReference, secret_ref: nameReference }),
  env: array({
    name: text,
    value: text,
    value_from: object({
      config_map_key_ref: keyReference,
      secret_key_ref: keyReference,
      field_ref: fieldReference,
      resource_field_ref: resourceFieldReference,
    }),
  }),
  resources,
  volume_mount: as(
    'volumeMounts',
    array({
      name: text,
      mount_path: text,
      sub_path: text,
      sub_path_expr: text,
      read_only: flag,
      mount_propagation: text,
    }),
  ),
  volume_device: as('volumeDevices', array({ name: text, device_path: text })),
  startup_probe: probe,
  readiness_probe: probe,
  liveness_probe: probe,
  lifecycle: object({ post_start: lifecycleHandler, pre_stop: lifecycleHandler }),
  security_context: securityContext,
  stdin: flag,
  stdin_once: flag,
  tty: flag,
  termination_message_path: text,
  termination_message_policy: text,
};
