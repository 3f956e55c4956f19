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
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { encodeNameConstraints } from './name-constraints.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
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
export async function signLeaf(content: LeafContent): Promise<string> {
  const { names, validity } = content;
  const authority = new X509Certificate(content.authority);
  const publicKey = await importPublicKey(content.publicKey);
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: ['Assent'] }],
    issuer: authority.subjectName,
    publicKey,
    signingKey: await importPrivateKey(content.authorityKey),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(validity.fromMs),
    notAfter: new Date(validity.toMs),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name })),
      ),
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
  return webcrypto.subtle.importKey('spki', key.export({ type: 'spki', format: 'der' }), ALGORITHM, true, [
    'verify',
  ]);
}
