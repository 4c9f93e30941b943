import type { Construct } from 'constructs';
import { ExternalName } from '../../../../constructs/kubernetes/network/external-name';

export function defaults(scope: Construct): void {
  new ExternalName(scope, 'database', { externalName: 'database.example.com' });
}

export function everything(scope: Construct): void {
  new ExternalName(scope, 'database', { externalName: 'database.example.com.', name: 'shop-database' });
}
