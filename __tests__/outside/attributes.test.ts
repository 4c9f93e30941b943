import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AWS_LOSSES } from '../../src/pipeline/guard/loss/losses';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { attributeTable, type AttributeTableRequest } from './attribute-table';
import { needsProvider } from './needs';

/** What each table is of. The provider is configured so that a plan reaches nothing. */
const TABLES: readonly Omit<AttributeTableRequest, 'environment'>[] = [
  {
    source: 'hashicorp/kubernetes',
    version: '2.38.0',
    configuration: { host: 'https://127.0.0.1:1', token: 'none' },
    // "ForceNew: No changes for spec.0.persistent_volume_source.0.quobyte.0.user"
    withoutAdded: ['kubernetes_persistent_volume_v1'],
    includes: () => true,
  },
  {
    source: 'hashicorp/aws',
    version: '5.100.0',
    configuration: {
      region: 'us-east-1',
      access_key: 'none',
      secret_key: 'none',
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
      endpoints: [{ sts: 'http://127.0.0.1:1' }],
    },
    values: {
      role_arn: 'arn:aws:iam::123456789012:role/before',
      transition_default_minimum_object_size: 'varies_by_storage_class',
    },
    includes: (type) => type in AWS_LOSSES,
  },
];

// UPDATE_ATTRIBUTES=1 npm run test:outside attributes writes the files.
it.each(TABLES.map((table) => [table.source, table] as const))(
  'the table of attributes of %s agrees with the schema of the provider',
  async (source, table) => {
    await needsProvider(source);
    const directory = mkdtempSync(join(tmpdir(), 'attributes-'));
    try {
      const providers = await findProviderSource();
      const text = attributeTable({
        ...table,
        environment: {
          PATH: process.env['PATH'] ?? '',
          HOME: directory,
          ...providers.environment(directory),
        },
      });
      const file = `src/facts/attributes/${source.split('/').at(-1)}@${table.version}.json`;
      if (process.env['UPDATE_ATTRIBUTES'] === '1') writeFileSync(file, text);
      expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  10 * 60_000,
);
