import type { Construct } from 'constructs';
import { join } from 'node:path';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';

const FOLDER = join(__dirname, 'config-map-files');

export function defaults(scope: Construct): void {
  new ConfigMap(scope, 'settings', { data: { level: 'info' } });
}

/** The folder has a text and a file that is none. */
export function everything(scope: Construct): void {
  new ConfigMap(scope, 'settings', {
    data: { level: 'info', 'app.conf': 'home=${HOME} %{if}\n', empty: '' },
  });
  ConfigMap.fromFile(scope, 'file', { file: join(FOLDER, 'app.conf'), key: 'conf' });
  ConfigMap.fromFolder(scope, 'folder', { folder: FOLDER });
}
