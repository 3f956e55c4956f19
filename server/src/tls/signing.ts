// Makes X.509 certificates. Loaded only when one must be made, for the packages behind it take a tenth of a second to load.
// RFC 5280; the key identifiers are what strict verifiers such as Python's ask for.
import 'reflect-metadata';
import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { encodeNameConstraints } from './name-constraints.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA_ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const AUTHORITY_NAME = [{ CN: ['Assent, for this computer only'] }, { O: ['Assent'] }];

interface Validity {
  fromMs: number;
  toMs: number;
}

const NAME_CONSTRAINTS = '2.5.29.30';

export interface AuthorityContent {
  key: KeyObject;
  /** What it may speak for, beside private names and addresses. */
  names: readonly string[];
  validity: Validity;
}

/** A self-signed authority that may sign leaves for some names, but no further authorities. Returns PEM. */
export async function signAuthority({ key, names, validity }: AuthorityContent): Promise<string> {
  const publicKey = await importPublicKey(createPublicKey(key));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: AUTHORITY_NAME,
    keys: { publicKey, privateKey: await importPrivateKey(key) },
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(validity.fromMs),
    notAfter: new Date(validity.toMs),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(NAME_CONSTRAINTS, true, encodeNameConstraints(names)),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return certificate.toString('pem');
}

export interface LeafContent {
  /** PEM of the authority. */
  authority: string;
  authorityKey: KeyObject;
  publicKey: KeyObject;
  /** Host names and IP addresses. */
  names: readonly string[];
  validity: Validity;
}

/** A server certificate. Returns PEM. */
export function signLeaf(content: LeafContent): Promise<string> {
  const names = new SubjectAlternativeNameExtension(
    content.names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name })),
  );
  return signEnd(content, { subject: [{ CN: ['Assent'] }], use: ExtendedKeyUsage.serverAuth, more: [names] });
}

export interface ClientLeafContent extends Omit<LeafContent, 'names'> {
  commonName: string;
}

/** A certificate with which a client proves itself. It has no other name than its subject. Returns PEM. */
export function signClientLeaf(content: ClientLeafContent): Promise<string> {
  const subject = [{ CN: [content.commonName] }];
  return signEnd(content, { subject, use: ExtendedKeyUsage.clientAuth, more: [] });
}

async function signEnd(
  content: Omit<LeafContent, 'names'>,
  end: { subject: JsonName; use: string; more: readonly Extension[] },
): Promise<string> {
  const { validity } = content;
  const authority = new X509Certificate(content.authority);
  const publicKey = await importPublicKey(content.publicKey);
  const certificate = await X509CertificateGenerator.create({
    subject: end.subject,
    issuer: authority.subjectName,
    publicKey,
    signingKey: await importPrivateKey(content.authorityKey),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(validity.fromMs),
    notAfter: new Date(validity.toMs),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([end.use]),
      ...end.more,
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return certificate.toString('pem');
}

function importPrivateKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), ALGORITHM, false, [
    'sign',
  ]);
}

function importPublicKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const algorithm = key.asymmetricKeyType === 'rsa' ? RSA_ALGORITHM : ALGORITHM;
  return webcrypto.subtle.importKey('spki', key.export({ type: 'spki', format: 'der' }), algorithm, true, [
    'verify',
  ]);
}
