import { Container, type ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { Probe } from '../../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';

const container = (options: Omit<ContainerOptions, 'image'> = {}): Container =>
  new Container('web', { image: 'shop/web:1', ...options });

describe('the resources of a container', () => {
  it('are small by default, without a CPU limit', () => {
    expect(container().toTerraform().resources).toEqual({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { memory: '128Mi' },
    });
  });

  it('have the given limits', () => {
    const resources = { cpu: Cpu.millis(50), memory: Size.mebibytes(64), cpuLimit: Cpu.units(1) };
    expect(container({ resources }).toTerraform().resources).toEqual({
      requests: { cpu: '50m', memory: '64Mi' },
      limits: { cpu: '1', memory: '64Mi' },
    });
  });

  it('have a CPU limit where every limit is required', () => {
    expect(container().toTerraform({ fullLimits: true }).resources).toMatchObject({
      limits: { cpu: '100m' },
    });
  });
});

describe('the health option of a container', () => {
  const ports = { dns: { port: 5353, protocol: 'UDP' }, http: 8080 } as const;
  const httpGet = { path: '/healthz', port: '8080', scheme: 'HTTP' };

  it('is a path on the first TCP port, with a minute to start', () => {
    const often = expect.objectContaining({ httpGet, periodSeconds: 10, failureThreshold: 3 }) as unknown;
    expect(container({ ports, health: '/healthz' }).toTerraform()).toMatchObject({
      startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 30 },
      readinessProbe: often,
      livenessProbe: often,
    });
  });

  it('is any other probe', () => {
    const tcpSocket = [{ port: '8080' }];
    const health = Probe.fromTcpSocket('http', { periodSeconds: 5 });
    expect(container({ ports, health }).toTerraform()).toMatchObject({
      startupProbe: { tcpSocket, periodSeconds: 5, failureThreshold: 30 },
      readinessProbe: { tcpSocket, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { tcpSocket, periodSeconds: 5 },
    });
  });

  it('gives way to an explicit probe', () => {
    const readiness = Probe.fromHttpGet('/readyz', 'http');
    expect(container({ ports, health: '/healthz', readiness }).toTerraform()).toMatchObject({
      startupProbe: { httpGet },
      readinessProbe: { httpGet: { ...httpGet, path: '/readyz' } },
      livenessProbe: { httpGet },
    });
  });

  it('needs a port for its path', () => {
    const { dns } = ports;
    expect(container({ ports: { dns }, health: '/healthz' }).validate()).toEqual([
      'container "web": health: got the path "/healthz", but there is no TCP port to ask; name one, such as ports: { http: 8080 }',
    ]);
  });
});
