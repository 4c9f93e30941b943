import type { Construct } from 'constructs';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const containers = { web: plain };

describe('the ServiceAccount of a workload', () => {
  it('is one of its own, of its name, without a token', () => {
    const { document, object } = inNamespace((stack) => {
      new Deployment(stack, 'web', { name: 'shop-web', containers });
    });
    expect(object('ServiceAccount', 'shop-web')).toMatchObject({ automountServiceAccountToken: false });
    expect(Object.keys(document.resource?.['kubernetes_service_account_v1'] ?? {})).toEqual(['web_account']);
    expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
      spec: {
        template: {
          spec: {
            service_account_name: '${kubernetes_service_account_v1.web_account.metadata[0].name}',
            automount_service_account_token: false,
          },
        },
      },
    });
  });

  it('can be granted something', () => {
    const { object } = inNamespace((stack) => {
      const web = new Deployment(stack, 'web', { containers });
      web.serviceAccount.grantRead(new ConfigMap(stack, 'settings', { data: { level: 'info' } }));
    });
    expect(object('RoleBinding', 'web-reader')).toMatchObject({
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    });
  });

  it('is another where one is given, and then there is none of its own', () => {
    const build = (stack: Construct): void => {
      const serviceAccount = new ServiceAccount(stack, 'shared');
      for (const id of ['web', 'api']) {
        expect(new Deployment(stack, id, { serviceAccount, containers }).serviceAccount).toBe(serviceAccount);
      }
    };
    const { document } = inNamespace(build);
    expect(Object.keys(document.resource?.['kubernetes_service_account_v1'] ?? {})).toEqual(['shared']);
  });

  it('is never the one that Kubernetes makes', () => {
    expect(() => inNamespace((stack) => new Deployment(stack, 'default', { containers }))).toThrow(
      'shop/default/account: name: "default" is the account that Kubernetes makes in each namespace; choose another name',
    );
  });
});
