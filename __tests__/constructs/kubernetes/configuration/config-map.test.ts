import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';
import { inNamespace } from '../namespace-of';

describe('a ConfigMap of files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-map-'));
    writeFileSync(join(folder, 'nginx.conf'), 'log ${level} %{if} é\n');
    writeFileSync(join(folder, 'logo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
    writeFileSync(join(folder, 'nul'), 'a\0b');
    writeFileSync(join(folder, 'empty'), '');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('has the files of a folder, and those that are no text as binary data', () => {
    const shop = inNamespace((stack) => {
      ConfigMap.fromFolder(stack, 'site', { folder });
    });
    expect(shop.object('ConfigMap')).toMatchObject({
      data: { 'nginx.conf': 'log ${level} %{if} é\n', empty: '' },
      binaryData: { 'logo.png': 'iVBOR/8=', nul: 'YQBi' },
      immutable: true,
    });
    expect(JSON.stringify(shop.document)).not.toContain(folder);
  });

  it('becomes another object when binary data changes', () => {
    const name = () =>
      inNamespace((stack) => {
        ConfigMap.fromFolder(stack, 'site', { folder });
      }).object('ConfigMap').metadata.name;
    const before = name();
    writeFileSync(join(folder, 'logo.png'), Buffer.from([0x89, 0xfe]));
    expect(name()).not.toBe(before);
  });

  it('has one file under its name, or under another', () => {
    const shop = inNamespace((stack) => {
      ConfigMap.fromFile(stack, 'a', { file: join(folder, 'nginx.conf') });
      EnvValue.fromConfigMap(
        ConfigMap.fromFile(stack, 'b', { file: join(folder, 'nginx.conf'), key: 'conf' }),
        'conf',
      );
    });
    expect(shop.document.resource?.['kubernetes_config_map_v1']).toMatchObject({
      a: { data: { 'nginx.conf': 'log $${level} %%{if} é\n' } },
      b: { data: { conf: 'log $${level} %%{if} é\n' } },
    });
  });

  it('reports what it cannot hold', () => {
    mkdirSync(join(folder, 'pages'));
    expect(() =>
      inNamespace((stack) => {
        ConfigMap.fromFolder(stack, 'site', { folder });
        ConfigMap.fromFile(stack, 'gone', { file: join(folder, 'gone') });
      }),
    ).toThrow(
      [
        `shop/site: ${folder} has the folders pages; a ConfigMap has files only: make one for each folder`,
        `shop/gone: ENOENT: no such file or directory, open '${join(folder, 'gone')}'`,
      ].join('\n'),
    );
  });
});

describe('a ConfigMap of values', () => {
  it('is immutable, and its successor is created before it is deleted', () => {
    const shop = inNamespace((stack) => {
      new ConfigMap(stack, 'settings', { data: { level: 'info' } });
    });
    expect(shop.document.resource?.['kubernetes_config_map_v1']?.['settings']).toMatchObject({
      immutable: true,
      lifecycle: { create_before_destroy: true },
    });
    expect(shop.object('ConfigMap').metadata.name).toMatch(/^settings-[0-9a-f]{8}$/);
  });

  it('counts no escapes of JSON toward its size', () => {
    expect(() =>
      inNamespace((stack) => {
        new ConfigMap(stack, 'quotes', { data: { text: '"\n'.repeat(400_000) } });
      }),
    ).not.toThrow();
  });

  it('reports an unknown key', () => {
    expect(() =>
      inNamespace((stack) => {
        const settings = new ConfigMap<string>(stack, 'settings', {
          data: { 'a-b': '', level: '' },
        });
        EnvValue.fromConfigMap(settings, 'levle');
      }),
    ).toThrow(
      ['shop/settings: unknown key "levle", which a Pod uses; did you mean "level"? known: a-b, level'].join(
        '\n',
      ),
    );
  });

  it('does not compile with an unknown key', () => {
    expect(() =>
      inNamespace((stack) => {
        const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
        // @ts-expect-error the key is not one of its keys
        EnvValue.fromConfigMap(settings, 'color');
      }),
    ).toThrow('shop/settings: unknown key "color", which a Pod uses; known: level');
  });
});

it('a ConfigMap is immutable, and other content makes another object', () => {
  const named = (level: string): string | undefined =>
    inNamespace((stack) => {
      new ConfigMap(stack, 'settings', { data: { level } });
    }).object('ConfigMap').metadata.name;
  expect(named('info')).toMatch(/^settings-[0-9a-f]{8}$/);
  expect(named('debug')).not.toBe(named('info'));
});
