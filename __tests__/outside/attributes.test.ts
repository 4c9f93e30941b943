import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { attributeTable } from './attribute-table';
import { needsProvider } from './needs';

const FILE = 'src/facts/attributes/kubernetes@2.38.0.json';

// UPDATE_ATTRIBUTES=1 npm run test:outside attributes writes the file.
test(
  'the table of attributes is what Terraform says of the provider',
  async () => {
    await needsProvider('hashicorp/kubernetes');
    const directory = mkdtempSync(join(tmpdir(), 'attributes-'));
    try {
      const source = await findProviderSource();
      const table = attributeTable({
        source: 'hashicorp/kubernetes',
        version: '2.38.0',
        configuration: { host: 'https://127.0.0.1:1', token: 'none' },
        includes: () => true,
        environment: { PATH: process.env['PATH'] ?? '', HOME: directory, ...source.environment(directory) },
      });
      if (process.env['UPDATE_ATTRIBUTES'] === '1') writeFileSync(FILE, table);
      expect(JSON.parse(table)).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  10 * 60_000,
);
