import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateStore } from '../../../src/pipeline/state/state-store';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'states-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

const storeOf = (): StateStore => {
  const document = { terraform: { backend: { local: { path: '../../shop.tfstate' } } } };
  const stack = { name: 'shop', dependencies: [], workingDirectory: 'stacks/shop', document };
  return new StateStore([stack], outdir);
};

describe('what an apply began and could not save', () => {
  it('is kept for a stack that was never applied', async () => {
    await storeOf().writeBegun('shop', ['kubernetes_manifest.web']);
    const shop = (await storeOf().read()).get('shop');
    expect(shop?.state).toBeUndefined();
    expect(shop?.applied).toMatchObject({ stack: 'shop', document: '', begun: ['kubernetes_manifest.web'] });
  });

  it('is kept beside what was applied before, which no document equals from then on', async () => {
    const state = { lineage: 'l', serial: 3 };
    const applied = { stack: 'shop', document: 'sha256:1', at: '2026-12-01', state, dependencies: {} };
    await storeOf().writeApplied({ ...applied, protected: ['kubernetes_manifest.data'] });
    await storeOf().writeBegun('shop', ['kubernetes_manifest.web']);
    await storeOf().writeBegun('shop', ['kubernetes_manifest.web', 'kubernetes_manifest.api']);
    expect((await storeOf().read()).get('shop')?.applied).toEqual({
      ...applied,
      document: '',
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      protected: ['kubernetes_manifest.data'],
      begun: ['kubernetes_manifest.web', 'kubernetes_manifest.api'],
    });
  });
});
