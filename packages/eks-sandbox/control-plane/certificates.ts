import { generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Long enough for any sandbox, short enough not to matter when a key is lost. */
const VALIDITY_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

/** @param ca who signs it. @default - it signs itself */
async function certificate(
  subject: { name: string; value: string }[],
  extensions: Extensions,
  ca?: Certificate,
): Promise<Certificate> {
  const now = Date.now();
  // A machine's clock that is set back a little must not make the certificates invalid.
  const validity = {
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + VALIDITY_DAYS * DAY_MS),
  };
  const options = { ...validity, keyType: 'ec', algorithm: 'sha256', extensions, ...(ca && { ca }) } as const;
  const made = await generate(subject, options);
  return { cert: made.cert, key: made.private };
}

/** The certificate authority of one cluster: it vouches for the servers and for the clients that are no people. */
export class CertificateAuthority {
  private constructor(private readonly own: Certificate) {}

  /** @param name the authority's common name */
  static async create(name: string): Promise<CertificateAuthority> {
    const own = await certificate(
      [{ name: 'commonName', value: name }],
      [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
      ],
    );
    return new CertificateAuthority(own);
  }

  /** PEM. */
  get cert(): string {
    return this.own.cert;
  }

  /** A certificate for a server, which its clients reach by these names and addresses. */
  server(commonName: string, names: readonly string[], addresses: readonly string[]): Promise<Certificate> {
    return this.issue(commonName, undefined, [
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ]);
  }

  /** A certificate for a client; Kubernetes takes its common name as the user and its organization as the group. */
  client(user: string, group?: string): Promise<Certificate> {
    return this.issue(user, group, [{ name: 'extKeyUsage', clientAuth: true }]);
  }

  private issue(
    commonName: string,
    organization: string | undefined,
    extensions: Extensions,
  ): Promise<Certificate> {
    const subject = [{ name: 'commonName', value: commonName }];
    if (organization) subject.push({ name: 'organizationName', value: organization });
    const all: Extensions = [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      ...extensions,
    ];
    return certificate(subject, all, this.own);
  }
}

/** The key pair with which a cluster signs its service accounts' tokens, both PEM. */
export function serviceAccountKeys(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
