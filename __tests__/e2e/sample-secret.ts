import { CertificateAuthority } from '@kubernetes-on-aws/eks-sandbox/control-plane/certificates';
import { SECRET_VALUES } from '../constructs/kubernetes/secret-values';

/** What the samples read from AWS Secrets Manager; of a certificate the API server says when it is none. */
export async function sampleSecret(): Promise<Readonly<Record<string, string>>> {
  const authority = await CertificateAuthority.create('samples');
  const { cert, key } = await authority.server('shop.example.com', ['shop.example.com'], []);
  return { ...SECRET_VALUES, 'tls.crt': cert, 'tls.key': key };
}
