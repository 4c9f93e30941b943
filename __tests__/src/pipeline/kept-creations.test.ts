import { keepCreated } from '../../../src/pipeline/health/kept-creations';

const body = (name: string) => ({ metadata: { name, namespace: 'dev' }, spec: {} });
const DOCUMENT = {
  resource: {
    kubernetes_stateful_set_v1: { store: body('store') },
    kubernetes_deployment_v1: { web: body('web'), gone: body('gone'), leaving: body('leaving') },
    kubernetes_job_v1: { migrate: body('migrate') },
  },
};

/** Which addresses are untainted where these are tainted, and the questions to the cluster. */
async function kept(
  tainted: readonly string[],
  notCreated = tainted,
): Promise<{ addresses: string[]; asked: string[] }> {
  const untainted: string[] = [];
  const asked: string[] = [];
  const addresses = await keepCreated(
    { document: DOCUMENT },
    {
      tainted: () => Promise.resolve([...tainted]),
      notCreated: new Set(notCreated),
      untaint: (address) => {
        untainted.push(address);
        return Promise.resolve();
      },
    },
    (...args) => {
      const [, kind = '', name = ''] = args;
      asked.push(`${kind} ${name}`);
      const created = '2026-12-01T00:00:00Z';
      if (name === 'gone') return Promise.resolve('');
      return Promise.resolve(`${created} ${name === 'leaving' ? created : ''}`);
    },
  );
  expect(untainted).toEqual(addresses);
  return { addresses, asked };
}

describe('what a failed apply has created', () => {
  it('is kept if it exists and its controller continues', async () => {
    expect(await kept(['kubernetes_stateful_set_v1.store', 'kubernetes_deployment_v1.web'])).toEqual({
      addresses: ['kubernetes_stateful_set_v1.store', 'kubernetes_deployment_v1.web'],
      asked: ['StatefulSet store', 'Deployment web'],
    });
  });

  it('is made again if it is gone or is being deleted', async () => {
    const found = await kept(['kubernetes_deployment_v1.gone', 'kubernetes_deployment_v1.leaving']);
    expect(found).toEqual({ addresses: [], asked: ['Deployment gone', 'Deployment leaving'] });
  });

  it('is made again if it is a Job, or no object of the cluster', async () => {
    const found = await kept(['kubernetes_job_v1.migrate', 'aws_vpc.vpc']);
    expect(found).toEqual({ addresses: [], asked: [] });
  });

  it('is made again if it was tainted before', async () => {
    const found = await kept(['kubernetes_deployment_v1.web', 'kubernetes_stateful_set_v1.store'], []);
    expect(found).toEqual({ addresses: [], asked: [] });
  });

  it('is not asked for if nothing is tainted', async () => {
    expect(await kept([])).toEqual({ addresses: [], asked: [] });
  });
});
