import { createdContent } from '../../../src/pipeline/plan/created-content';
import type { Change } from '../../../src/pipeline/plan/planned-stack';

const creation: Change = {
  stack: 'dev',
  action: 'create',
  address: 'aws_db_instance.main',
  mode: 'managed',
  type: 'aws_db_instance',
  name: 'main',
  change: {
    actions: ['create'],
    before: null,
    after: {
      identifier: 'orders',
      password: 'marked-secret',
      multi_az: false,
      tags: null,
      ports: [],
      blocks: [{ kind: 'a', on: false }],
      policy: '{"Statement":[{"Effect":"Deny","Condition":{"Bool":{"secure":false}}}]}',
      template: '{{ not json',
      env: [
        { name: 'DB_PASSWORD', value: 'marked-secret' },
        { name: 'PASSWORD_FILE', value: '/run/password' },
      ],
      data: { api_key: 'marked-secret' },
      object: { kind: 'Secret', stringData: { any: 'marked-secret' } },
    },
    after_unknown: { arn: true, kms_key_id: true },
    after_sensitive: { password: true },
  },
};

describe('the content of a new object', () => {
  const content = createdContent(creation, {
    resource: { aws_db_instance: { main: { identifier: 'orders', kms_key_id: '${aws_kms_key.key.arn}' } } },
  });

  it('masks sensitive values', () => {
    expect(content['password']).toBe('(sensitive)');
    expect(JSON.stringify(content)).not.toContain('marked-secret');
    expect(content).toMatchObject({
      env: [{ value: '(sensitive)' }, { value: '/run/password' }],
      data: { api_key: '(sensitive)' },
      object: { stringData: '(sensitive)' },
    });
  });

  it('includes what the document sets, known or not, and excludes what the provider computes', () => {
    expect(content).toMatchObject({ identifier: 'orders', kms_key_id: '(known after apply)' });
    expect(content).not.toHaveProperty('arn');
  });

  it('excludes what is not set', () => {
    expect(Object.keys(content).sort()).toEqual([
      'blocks',
      'data',
      'env',
      'identifier',
      'kms_key_id',
      'object',
      'password',
      'policy',
      'template',
    ]);
    expect(content['blocks']).toEqual([{ kind: 'a' }]);
  });

  it('shows a policy as its document, with every value', () => {
    expect(content['policy']).toEqual({
      Statement: [{ Effect: 'Deny', Condition: { Bool: { secure: false } } }],
    });
    expect(content['template']).toBe('{{ not json');
  });
});
