import { ExternalName } from '../../../../constructs/kubernetes/network/external-name';
import { inNamespace } from '../namespace-of';

describe('an ExternalName', () => {
  it('is another name for a host', () => {
    const shop = inNamespace((stack) => {
      new ExternalName(stack, 'mail', { externalName: 'smtp.example.com', name: 'post' });
    });
    expect(shop.object('Service')).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'post',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/name': 'post', 'app.kubernetes.io/managed-by': 'terraform' },
      },
      spec: { type: 'ExternalName', externalName: 'smtp.example.com' },
    });
  });

  it.each([
    ['10.0.0.1', 'is an address, which the DNS would look up as a name; use a Service and its backedBy()'],
  ])('refuses %s', (externalName, reason) => {
    expect(() =>
      inNamespace((stack) => {
        new ExternalName(stack, 'mail', { externalName });
      }),
    ).toThrow(`shop/mail: externalName "${externalName}" ${reason}`);
  });
});
