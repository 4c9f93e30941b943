import { parse } from 'yaml';
import type { KubeletSettings } from '../../../../constructs/aws/nodes/node-config';
import { nodeGroupOf } from '../node-group-of';

const EVERYTHING: KubeletSettings = {
  maxPods: 58,
  kubeReserved: { cpu: '100m', memory: '1Gi', 'ephemeral-storage': '2Gi' },
  systemReserved: { cpu: '50m', memory: '200Mi' },
  evictionHard: { 'memory.available': '5%', 'pid.available': '10%' },
  imageGCHighThresholdPercent: 70,
  imageGCLowThresholdPercent: 50,
  containerLogMaxSize: '20Mi',
  containerLogMaxFiles: 3,
  podPidsLimit: 1024,
};

/** Thresholds that are given replace the kubelet's own, all of them: those that are not given are written too. */
const EVICTION = {
  'memory.available': '5%',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
  'pid.available': '10%',
};

describe('user data of Amazon Linux 2023', () => {
  /** The NodeConfig in a MIME message of one part. */
  function nodeConfig(kubelet: KubeletSettings): unknown {
    const [head = '', part = '', ...rest] = nodeGroupOf({ kubelet }).userData.split('--node-config');
    expect(head).toBe('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="node-config"\n\n');
    expect(rest).toEqual(['--\n']);
    const [type, body = ''] = part.split(/\n\n([\s\S]*)/);
    expect(type).toBe('\nContent-Type: application/node.eks.aws');
    return parse(body);
  }

  it('is a NodeConfig in a MIME message, with memory reserved for the Pods', () => {
    expect(nodeConfig({})).toEqual({
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: { kubelet: { config: { maxPods: 110, kubeReserved: { memory: '1465Mi' } } } },
    });
  });

  it('has every setting by the name of KubeletConfiguration', () => {
    expect(nodeConfig(EVERYTHING)).toMatchObject({
      spec: { kubelet: { config: { ...EVERYTHING, evictionHard: EVICTION } } },
    });
  });

  it('reserves memory for the given number of Pods, or the given amount', () => {
    const reserved = (kubelet: KubeletSettings): unknown =>
      (nodeConfig(kubelet) as { spec: { kubelet: { config: KubeletSettings } } }).spec.kubelet.config
        .kubeReserved;
    expect(reserved({ maxPods: 20 })).toEqual({ memory: '475Mi' });
    expect(reserved({ kubeReserved: { cpu: '100m' } })).toEqual({ cpu: '100m', memory: '1465Mi' });
    expect(reserved({ kubeReserved: { memory: '2Gi' } })).toEqual({ memory: '2Gi' });
  });
});

describe('user data of Bottlerocket', () => {
  const toml = (kubelet: KubeletSettings): string => nodeGroupOf({ os: 'bottlerocket', kubelet }).userData;

  it('is settings in TOML, with memory reserved for the Pods', () => {
    expect(toml({})).toBe(
      [
        '[settings.kubernetes]',
        'max-pods = 110',
        '',
        '[settings.kubernetes.kube-reserved]',
        'memory = "1465Mi"',
        '',
      ].join('\n'),
    );
  });

  it('has every setting by the names of Bottlerocket, plain values before tables', () => {
    expect(toml(EVERYTHING)).toBe(
      [
        '[settings.kubernetes]',
        'max-pods = 58',
        'image-gc-high-threshold-percent = 70',
        'image-gc-low-threshold-percent = 50',
        'container-log-max-size = "20Mi"',
        'container-log-max-files = 3',
        'pod-pids-limit = 1024',
        '',
        '[settings.kubernetes.kube-reserved]',
        'memory = "1Gi"',
        'cpu = "100m"',
        'ephemeral-storage = "2Gi"',
        '',
        '[settings.kubernetes.system-reserved]',
        'cpu = "50m"',
        'memory = "200Mi"',
        '',
        '[settings.kubernetes.eviction-hard]',
        '"memory.available" = "5%"',
        '"nodefs.available" = "10%"',
        '"nodefs.inodesFree" = "5%"',
        '"imagefs.available" = "15%"',
        '"imagefs.inodesFree" = "5%"',
        '"pid.available" = "10%"',
        '',
      ].join('\n'),
    );
  });
});
