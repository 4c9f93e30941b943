import type { Construct } from 'constructs';
import { Cpu, Deployment, EnvValue, Probe, Secret, Size, Volume } from 'kubernetes-on-aws/kubernetes';

/** A language model on one GPU. The token for its download is a parameter of AWS Systems Manager. */
export function vllm(scope: Construct, model = 'google/gemma-3-1b-it'): Deployment {
  const token = Secret.fromParameters(scope, 'hf-secret', {
    keys: { hf_token: '/vllm/hf-token' },
    revision: 1,
  });
  const server = new Deployment(scope, 'vllm-gemma-deployment', {
    replicas: 1,
    strategy: 'Recreate',
    selector: { app: 'gemma-server' },
    progressDeadlineSeconds: 900,
  });
  server
    .addContainer('inference-server', {
      image: 'vllm/vllm-openai:v0.11.0',
      command: ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
      args: [
        '--model=$(MODEL_ID)',
        '--tensor-parallel-size=1',
        '--host=0.0.0.0',
        '--port=8080',
        '--gpu-memory-utilization=0.85',
        '--max-num-seqs=64',
      ],
      ports: { http: 8080 },
      env: {
        MODEL_ID: EnvValue.fromValue(model),
        LD_LIBRARY_PATH: EnvValue.fromValue('/usr/local/nvidia/lib64:/usr/local/cuda/lib64'),
        HUGGING_FACE_HUB_TOKEN: EnvValue.fromSecret(token, 'hf_token'),
        HOME: EnvValue.fromValue('/tmp'),
      },
      resources: {
        cpu: Cpu.units(2),
        cpuLimit: Cpu.units(2),
        memory: Size.gibibytes(10),
        ephemeralStorage: Size.gibibytes(10),
        extended: { 'nvidia.com/gpu': 1 },
      },
      startup: Probe.fromHttpGet('/health', 'http', { failureThreshold: 60 }),
      liveness: Probe.fromHttpGet('/health', 'http'),
      readiness: Probe.fromHttpGet('/health', 'http', { periodSeconds: 5 }),
      readOnlyRootFilesystem: false,
    })
    .mount('/dev/shm', Volume.fromEmptyDir('dshm', { inMemory: true, sizeLimit: 'unlimited' }));
  server.expose({ name: 'vllm-service' });
  // Where the model is downloaded from.
  server.connections.allowToCidr('0.0.0.0/0', 443);
  return server;
}
