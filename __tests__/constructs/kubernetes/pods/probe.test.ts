import { Probe } from '../../../../constructs/kubernetes/pods/probe';

const DEFAULTS = { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3, initialDelaySeconds: 0 };

it.each([
  [
    Probe.fromHttpGet('/healthz', 'http', { headers: { Host: 'shop' } }),
    {
      httpGet: {
        path: '/healthz',
        port: '8080',
        scheme: 'HTTP',
        httpHeader: [{ name: 'Host', value: 'shop' }],
      },
    },
  ],
  [Probe.fromTcpSocket(5432), { tcpSocket: [{ port: '5432' }] }],
  [Probe.fromGrpc('http', { service: 'shop' }), { grpc: [{ port: 8080, service: 'shop' }] }],
  [Probe.fromCommand(['/ok', '${HOME}']), { exec: { command: ['/ok', '${HOME}'] } }],
])('a probe states its defaults: %#', (probe, handler) => {
  const lookup = (port: number | string) => (port === 'http' ? 8080 : Number(port));
  expect(probe.toTerraform(lookup)).toEqual({ ...handler, ...DEFAULTS });
});

it('a startup probe runs more often, and for longer', () => {
  const lookup = () => 80;
  const starting = { ...DEFAULTS, periodSeconds: 2, failureThreshold: 30 };
  expect(Probe.fromTcpSocket(80).whileStarting().toTerraform(lookup)).toMatchObject(starting);
  const slow = Probe.fromTcpSocket(80, { periodSeconds: 5, failureThreshold: 1 }).whileStarting();
  expect(slow.toTerraform(lookup)).toMatchObject({ ...starting, periodSeconds: 5 });
});

it('a probe reports fields that the provider would lose, with what decides the answer', () => {
  const probe = Probe.fromHttpGet('healthz', 80, { periodSeconds: 0 });
  const errors = [
    'got the path "healthz"; a path that begins with / is allowed',
    'periodSeconds: got 0; 1 or more is allowed',
  ];
  expect(probe.validate('readiness')).toEqual(errors.map((error) => `readiness probe: ${error}`));
});
