import type { Construct } from 'constructs';
import {
  Cpu,
  Deployment,
  EnvValue,
  PersistentVolumeClaim,
  Probe,
  Secret,
  Size,
  StorageClass,
  Volume,
} from 'kubernetes-on-aws/kubernetes';

/** A language model on one GPU. The token for its download is a parameter of AWS Systems Manager. */
export function vllm(scope: Construct, model = 'mistralai/Mistral-7B-Instruct-v0.3'): Deployment {
  const token = Secret.fromParameters(scope, 'hf-token', { keys: { token: '/vllm/hf-token' }, revision: 1 });
  const storageClass = new StorageClass(scope, 'models', { reclaimPolicy: 'Retain' });
  const cache = new PersistentVolumeClaim(scope, 'models-claim', { size: Size.gibibytes(50), storageClass });
  const server = new Deployment(scope, 'vllm', {
    image: 'vllm/vllm-openai:v0.11.0',
    replicas: 1,
    strategy: 'Recreate',
    command: ['/bin/sh', '-c', `vllm serve ${model} --trust-remote-code --enable-chunked-prefill`],
    ports: { http: 8000 },
    env: {
      HUGGING_FACE_HUB_TOKEN: EnvValue.fromSecret(token, 'token'),
      HOME: EnvValue.fromValue('/cache'),
    },
    resources: {
      cpu: Cpu.units(2),
      cpuLimit: Cpu.units(10),
      memory: Size.gibibytes(6),
      memoryLimit: Size.gibibytes(20),
      extended: { 'nvidia.com/gpu': 1 },
    },
    startup: Probe.fromHttpGet('/health', 'http', { failureThreshold: 60 }),
    liveness: Probe.fromHttpGet('/health', 'http'),
    readiness: Probe.fromHttpGet('/health', 'http', { periodSeconds: 5 }),
    readOnlyRootFilesystem: false,
    progressDeadlineSeconds: 900,
  });
  server.container
    .mount('/cache', Volume.fromClaim(cache))
    .mount('/dev/shm', Volume.fromEmptyDir('shm', { inMemory: true, sizeLimit: Size.gibibytes(2) }));
  server.expose({ ports: { http: 80 } });
  // Where the model is downloaded from.
  server.connections.allowToCidr('0.0.0.0/0', 443);
  return server;
}
