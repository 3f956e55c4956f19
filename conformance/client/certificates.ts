// X.509 certificates of clients: from an authority of the lab, or signed by the client itself. RFC 8705 §2.
import 'reflect-metadata';
import { createHash, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { JWK } from 'jose';

x509.cryptoProvider.set(webcrypto as unknown as typeof globalThis.crypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
type KeyPair = webcrypto.CryptoKeyPair;

const DAY_MS = 86_400_000;

export interface ClientCertificate {
  /** PEM. */
  cert: string;
  key: string;
  subject: string;
  /** SHA-256 over the DER, base64url: RFC 8705 §3.1. */
  thumbprint: string;
  /** The public key with the certificate, as it stands in a client's key set: RFC 8705 §2.2.2. */
  jwk: JWK;
}

export interface Authority {
  /** PEM. */
  ca: string;
  issue(subject: string): Promise<ClientCertificate>;
  /** For a server that listens as localhost. */
  issueForLocalhost(): Promise<ClientCertificate>;
}

export async function makeAuthority(name = 'CN=Authority of the lab'): Promise<Authority> {
  const keys = await makeKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  let serial = 1;
  const issue = async (subject: string, extensions: x509.Extension[]): Promise<ClientCertificate> => {
    serial += 1;
    const own = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial.toString(16).padStart(2, '0'),
      subject,
      issuer: root.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions,
    });
    return describe(certificate, own);
  };
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  return {
    ca: root.toString('pem'),
    issue: (subject) => issue(subject, [new x509.ExtendedKeyUsageExtension([clientAuth])]),
    issueForLocalhost: () =>
      issue('CN=localhost', [
        new x509.ExtendedKeyUsageExtension([serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
      ]),
  };
}

export async function makeSelfSigned(subject: string): Promise<ClientCertificate> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: subject,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
  });
  return describe(certificate, keys);
}

async function describe(certificate: x509.X509Certificate, keys: KeyPair): Promise<ClientCertificate> {
  const cert = certificate.toString('pem');
  const der = Buffer.from(certificate.rawData);
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    cert,
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`,
    subject: new NodeCertificate(cert).subject,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
    jwk: { kty, crv, x, y, kid: certificate.subject, x5c: [der.toString('base64')] } as JWK,
  };
}

async function makeKeys(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** Of the computer's clock: TLS never goes by the tenant's. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 30 * DAY_MS) };
}
