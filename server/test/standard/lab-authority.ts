// An authority of somebody else, and certificates of clients by it or by nobody: with whatever names a test wants.
import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

export interface LabCertificate {
  cert: string;
  key: string;
  /** RFC 8705 §3.1. */
  thumbprint: string;
  jwk: Record<string, unknown>;
}

interface Names {
  subject: string;
  others?: JsonGeneralName[];
  /** In days from now. */
  until?: number;
}

export class LabAuthority {
  readonly ca: string;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(ca: string, keys: webcrypto.CryptoKeyPair) {
    this.ca = ca;
    this.#keys = keys;
  }

  static async make(): Promise<LabAuthority> {
    const keys = await makeKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Another authority',
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(30),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new LabAuthority(root.toString('pem'), keys);
  }

  async issue({ subject, others, until = 30 }: Names): Promise<LabCertificate> {
    const own = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: new X509Certificate(this.ca).subjectName,
      publicKey: own.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity(until),
      extensions: extensionsOf(others),
    });
    return describe(certificate, own);
  }
}

export async function makeSelfSigned({ subject, others, until = 30 }: Names): Promise<LabCertificate> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(until),
    extensions: extensionsOf(others),
  });
  return describe(certificate, keys);
}

function extensionsOf(others: JsonGeneralName[] | undefined): Extension[] {
  return others ? [new SubjectAlternativeNameExtension(others)] : [];
}

async function describe(
  certificate: X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<LabCertificate> {
  const der = Buffer.from(certificate.rawData);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
    jwk: { kty, crv, x, y, x5c: [der.toString('base64')] },
  };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

function validity(untilDays: number): { notBefore: Date; notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - 60 * DAY_MS), notAfter: new Date(nowMs + untilDays * DAY_MS) };
}
