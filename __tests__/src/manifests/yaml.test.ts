import { parseAllDocuments } from 'yaml';
import { toYaml } from '../../../src/manifests/yaml';

const labels = { app: 'it' };
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'it', labels },
  data: {
    on: 'yes',
    mode: '0644',
    time: '12:30',
    number: '1',
    long: 'word '.repeat(40),
    script: '#!/bin/sh\nexit 0\n',
  },
  selector: labels,
};

it('each object is a YAML document of its own with its address, without aliases', () => {
  const yaml = toYaml([
    { address: 'kubernetes_config_map_v1.a', object },
    { address: 'kubernetes_config_map_v1.b', object },
  ]);
  expect(yaml.match(/^---\n# .*$/gm)).toEqual([
    '---\n# kubernetes_config_map_v1.a',
    '---\n# kubernetes_config_map_v1.b',
  ]);
  expect(yaml).not.toMatch(/[&*]a1/);
  expect(parseAllDocuments(yaml).map((document) => document.toJS() as unknown)).toEqual([object, object]);
});

it('a parser of YAML 1.1 reads the same strings', () => {
  const yaml = toYaml([{ address: 'a.b', object }]);
  expect(parseAllDocuments(yaml, { version: '1.1' }).map((document) => document.toJS() as unknown)).toEqual([
    object,
  ]);
});

it('no object makes an empty file', () => {
  expect(toYaml([])).toBe('');
});
