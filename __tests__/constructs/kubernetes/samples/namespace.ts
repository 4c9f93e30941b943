import { Construct } from 'constructs';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { Volume } from '../../../../constructs/kubernetes/storage/volume';
import { plain } from '../workload-options';

/** The namespace that the other samples are in. */
export function defaults(scope: Construct): void {
  new Namespace(scope, 'namespace', { name: 'samples-defaults' });
}

/** The namespace that the other samples are in, and one of each lower standard, with a Pod that needs it. */
export function everything(scope: Construct): void {
  new Namespace(scope, 'namespace', {
    name: 'samples-everything',
    nodeGroups: ['node-1', 'node-2'],
    podSecurity: 'restricted',
    podSecurityVersion: 'v1.35',
    labels: { team: 'shop' },
  });
  const baseline = new Construct(scope, 'baseline');
  new Namespace(baseline, 'namespace', { name: 'samples-baseline', podSecurity: 'baseline' });
  new Pod(baseline, 'root', {
    containers: { web: { ...plain, root: true, user: 0, capabilities: ['CHOWN', 'SETUID'] } },
  });
  const privileged = new Construct(scope, 'privileged');
  new Namespace(privileged, 'namespace', {
    name: 'samples-privileged',
    podSecurity: 'privileged',
    podSecurityVersion: 'latest',
  });
  new Pod(privileged, 'host', {})
    .addContainer('web', { ...plain, root: true, capabilities: ['SYS_PTRACE'] })
    .mount('/host', Volume.fromHostPath('host', '/var/log'), { readOnly: true })
    .mount('/state', Volume.fromHostPath('state', '/var/lib/shop', 'DirectoryOrCreate'));
}
