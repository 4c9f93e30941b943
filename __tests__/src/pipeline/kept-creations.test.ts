import { keepAfterFailure, keepCreated } from '../../../src/pipeline/health/kept-creations';
import { BackendError } from '../../../src/pipeline/state/stack-backend';
import { TerraformError } from '../../../src/terraform/terraform-error';

const body = (name: string) => ({ metadata: { name, namespace: 'dev' }, spec: {} });
const manifest = (apiVersion: string, kind: string, name: string) => ({
  manifest: { apiVersion, kind, ...body(name) },
});
const DOCUMENT = {
  resource: {
    kubernetes_stateful_set_v1: { store: body('store') },
    kubernetes_deployment_v1: { web: body('web'), gone: body('gone'), leaving: body('leaving') },
    kubernetes_job_v1: { migrate: body('migrate') },
    kubernetes_secret_v1: { login: { metadata: { name: 'login', namespace: 'dev' } } },
    kubernetes_manifest: {
      workers: manifest('apps/v1', 'ReplicaSet', 'workers'),
      missing: manifest('shop.example.com/v1', 'Order', 'gone'),
    },
  },
};

interface Failed {
  readonly tainted?: readonly string[];
  /** What the apply began and did not see created. @default - what is tainted */
  readonly begun?: readonly string[];
  /** What it was creating when the providers were ended. @default - nothing */
  readonly cutOff?: readonly string[];
  /** Whether the place of the states cannot be reached. */
  readonly storeFails?: boolean;
}

/** A Terraform after a failed apply, the cluster, and all that they are asked and say. */
function after({ tainted = [], cutOff = [], begun = [...tainted, ...cutOff], storeFails = false }: Failed) {
  const changed: string[] = [];
  const asked: string[] = [];
  const said: string[] = [];
  const creations = {
    stack: { name: 'dev', document: DOCUMENT },
    terraform: {
      held: () => Promise.resolve(new Map(tainted.map((address) => [address, 'tainted' as const]))),
      notCreated: new Set(begun),
      cutOff: new Set(cutOff),
      untaint: (address: string) => Promise.resolve(void changed.push(`untaint ${address}`)),
    },
    store: {
      writeBegun: (stack: string, lost: readonly string[]) =>
        storeFails
          ? Promise.reject(new BackendError('no answer'))
          : Promise.resolve(void changed.push(`${stack} began ${lost.join(' ')}`)),
    },
    kubectl: (...args: readonly string[]) => {
      const [, kind = '', name = ''] = args;
      asked.push(`${kind} ${name}`);
      const created = '2026-12-01T00:00:00Z';
      if (name === 'gone') return Promise.resolve('');
      return Promise.resolve(`${created} ${name === 'leaving' ? created : ''}`);
    },
    report: (text: string) => said.push(text),
  };
  return { creations, changed, asked, said };
}

describe('what a failed apply has created', () => {
  it('is kept if it exists and its controller continues', async () => {
    const { creations, changed, asked, said } = after({
      tainted: ['kubernetes_stateful_set_v1.store', 'kubernetes_deployment_v1.web'],
    });
    await keepCreated(creations);
    expect(changed).toEqual([
      'untaint kubernetes_stateful_set_v1.store',
      'untaint kubernetes_deployment_v1.web',
    ]);
    expect(asked).toEqual(['StatefulSet store', 'Deployment web']);
    expect(said).toHaveLength(2);
  });

  it('is left to the next plan if it is an object of the cluster that Terraform could not save', async () => {
    const { creations, changed, said } = after({
      cutOff: ['kubernetes_manifest.workers', 'kubernetes_deployment_v1.web', 'aws_vpc.vpc'],
    });
    await keepCreated(creations);
    expect(changed).toEqual(['dev began kubernetes_deployment_v1.web kubernetes_manifest.workers']);
    expect(said).toEqual([
      expect.stringContaining('the next plan imports Deployment dev/web if it exists'),
      expect.stringContaining('the next plan imports ReplicaSet dev/workers if it exists'),
    ]);
  });

  it('is named with what to do if no plan can import it', async () => {
    const { creations, changed, said } = after({
      cutOff: ['kubernetes_secret_v1.login', 'kubernetes_job_v1.migrate', 'kubernetes_deployment_v1.web'],
      tainted: ['kubernetes_deployment_v1.web'],
    });
    await keepCreated(creations);
    expect(changed).toContain('dev began kubernetes_deployment_v1.web');
    expect(said.slice(0, 3).sort()).toEqual([
      expect.stringMatching(
        /delete it before the next apply: kubectl delete Deployment web --namespace dev$/,
      ),
      expect.stringMatching(/kubectl delete Job migrate --namespace dev$/),
      expect.stringMatching(/kubectl delete Secret login --namespace dev$/),
    ]);
  });

  it('is created again if the API server refused it, so that no object of another is taken over', async () => {
    const { creations, changed, said } = after({ begun: ['kubernetes_deployment_v1.web'] });
    await keepCreated(creations);
    expect({ changed, said }).toEqual({ changed: [], said: [] });
  });

  it('is made again if it is gone or is being deleted', async () => {
    const { creations, changed, asked } = after({
      tainted: ['kubernetes_deployment_v1.gone', 'kubernetes_deployment_v1.leaving'],
    });
    await keepCreated(creations);
    expect({ changed, asked }).toEqual({
      changed: [],
      asked: ['Deployment gone', 'Deployment leaving'],
    });
  });

  it.each([
    [
      'if it is a Job, or no object of the cluster',
      { tainted: ['kubernetes_job_v1.migrate', 'aws_vpc.vpc'] },
    ],
    ['if it was tainted before', { tainted: ['kubernetes_deployment_v1.web'], begun: [] }],
    ['if nothing was begun', {}],
  ])('is made again %s', async (_, failed) => {
    const { creations, changed, asked, said } = after(failed);
    await keepCreated(creations);
    expect({ changed, asked, said }).toEqual({ changed: [], asked: [], said: [] });
  });

  it('is kept without a question to the cluster when the run was stopped', async () => {
    const { creations, changed, asked } = after({
      tainted: ['kubernetes_deployment_v1.web'],
      cutOff: ['kubernetes_manifest.workers'],
    });
    await keepAfterFailure(new TerraformError('apply', 'dev', [], 'dev.log', true, []), creations);
    expect(changed).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  it('is named where it cannot be kept', async () => {
    const { creations, said } = after({ cutOff: ['kubernetes_manifest.workers'], storeFails: true });
    await keepCreated(creations);
    expect(said).toEqual([
      expect.stringMatching(/^look at kubernetes_manifest\.workers before the next apply, .*: no answer$/),
    ]);
  });
});
