import { EndpointSliceV1 } from '@cdktf/provider-kubernetes/lib/endpoint-slice-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import type { TerraformStack } from 'cdktf';

/** “Backends outside the cluster” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const labelsOf = (name: string) => ({
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/managed-by': 'terraform',
  });
  new ServiceV1(stack, 'payment', {
    metadata: { name: 'payment', namespace: 'shop', labels: labelsOf('payment') },
    spec: { type: 'ClusterIP', port: [{ name: 'https', port: 443, targetPort: '443', protocol: 'TCP' }] },
  });
  new EndpointSliceV1(stack, 'payment-endpoints', {
    metadata: {
      name: 'payment-endpoints',
      namespace: 'shop',
      labels: {
        'kubernetes.io/service-name': 'payment',
        'endpointslice.kubernetes.io/managed-by': 'terraform',
      },
    },
    addressType: 'IPv4',
    endpoint: ['192.0.2.10', '192.0.2.11'].map((address) => ({
      addresses: [address],
      condition: { ready: true, serving: true, terminating: false },
    })),
    port: [{ name: 'https', port: '8443', appProtocol: 'tcp' }],
  });
  new ServiceV1(stack, 'mail', {
    metadata: { name: 'mail', namespace: 'shop', labels: labelsOf('mail') },
    spec: { type: 'ExternalName', externalName: 'smtp.example.com' },
  });
}
