// The certificates of this computer: a local authority and a leaf that it signed, made once and kept in the data folder.
// `startAssent` calls it before it listens. Several processes may call it at once on the same folder: a private key is
// claimed by whoever links it first, and certificates are made from the key that won, so any mixture of them fits together.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import { claimFile, makeFolder, readOptional, readSecret, replaceFile } from '../disk.ts';
import { Problem } from '../problem.ts';
import { permitsName } from './name-constraints.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
// The longest that Apple's platforms accept, and with it the one that works everywhere.
const LEAF_DAYS = 397;
const RENEWAL_DAYS = 7;

const NAMES_OF_THIS_COMPUTER = ['localhost', '127.0.0.1', '::1'];

export interface CertificateOptions {
  /** Data folder; made if it does not exist. */
  folder: string;
  /** Names and addresses beside those of this computer, such as the issuer's host. */
  hostNames?: readonly string[];
  clock: { now(): number };
  /** Makes a second leaf, for the cipher suites of FAPI. Default false. */
  rsa?: boolean;
}

/** All PEM. */
export interface Certificates {
  ca: string;
  caFile: string;
  cert: string;
  key: string;
  /** For the same names, with an RSA key. */
  rsa?: { cert: string; key: string };
}

/** @throws Problem `certificate_unusable` when the folder cannot be written or holds something else */
export async function provideCertificates(options: CertificateOptions): Promise<Certificates> {
  const { folder, clock } = options;
  const files = {
    ca: join(folder, 'ca.pem'),
    caKey: join(folder, 'ca-key.pem'),
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    rsaCert: join(folder, 'rsa-cert.pem'),
    rsaKey: join(folder, 'rsa-key.pem'),
  };
  const names = normalizeNames([...NAMES_OF_THIS_COMPUTER, ...(options.hostNames ?? [])]);
  const nowMs = clock.now();
  try {
    await makeFolder(folder);
    const caKey = await provideKey(files.caKey);
    // What the leaf names already stays in it, so the authority must permit that too.
    const allNames = normalizeNames([...names, ...(await namesOfLeaf(files.cert, caKey))]);
    const ca = await provideAuthority(files.ca, { key: caKey, names: allNames, nowMs });
    const key = await provideKey(files.key);
    const cert = await provideLeaf(files.cert, { ca, caKey, key, names, nowMs });
    const made = { ca: ca.toString(), caFile: files.ca, cert: cert.toString(), key: pemOf(key) };
    if (!options.rsa) return made;
    const rsaKey = await provideKey(files.rsaKey, 'RSA');
    const rsaCert = await provideLeaf(files.rsaCert, { ca, caKey, key: rsaKey, names, nowMs });
    return { ...made, rsa: { cert: rsaCert.toString(), key: pemOf(rsaKey) } };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('certificate_unusable', `No certificate could be kept in ${folder}: ${reason}`, {
      hint: 'Choose another folder with --data-folder, or start without TLS: assent --http',
      cause,
    });
  }
}

async function provideKey(file: string, kind: 'EC' | 'RSA' = 'EC'): Promise<KeyObject> {
  const kept = await readSecret(file);
  if (kept !== undefined) return readKey(kept, file);
  const { privateKey } =
    kind === 'RSA'
      ? await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return readKey(await claimFile(file, pemOf(privateKey), 0o600), file);
}

function readKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface AuthorityRequest {
  key: KeyObject;
  names: readonly string[];
  nowMs: number;
}

async function provideAuthority(
  file: string,
  { key, names, nowMs }: AuthorityRequest,
): Promise<X509Certificate> {
  const kept = await readCertificate(file);
  const mustOutlive = nowMs + (LEAF_DAYS + RENEWAL_DAYS) * DAY_MS;
  const isUsable = kept?.checkPrivateKey(key) && Date.parse(kept.validTo) > mustOutlive;
  if (kept && isUsable && names.every((name) => permitsName(kept, name))) return kept;
  const { signAuthority } = await import('./signing.ts');
  const validity = { fromMs: nowMs - DAY_MS, toMs: nowMs + AUTHORITY_DAYS * DAY_MS };
  const pem = await signAuthority({ key, names, validity });
  // Nobody may trust an authority yet when there is none; an old one is replaced by one with the same key and name. Who
  // trusts the old one can go on, but not for a name that is new.
  return new X509Certificate(kept ? await replaceFile(file, pem, 0o644) : await claimFile(file, pem, 0o644));
}

interface LeafRequest {
  ca: X509Certificate;
  caKey: KeyObject;
  key: KeyObject;
  names: readonly string[];
  nowMs: number;
}

async function provideLeaf(file: string, request: LeafRequest): Promise<X509Certificate> {
  const { ca, caKey, key, names, nowMs } = request;
  const kept = await readCertificate(file);
  const belongs = kept?.checkPrivateKey(key) && kept.checkIssued(ca) && kept.verify(ca.publicKey);
  const isFresh = kept && Date.parse(kept.validTo) > nowMs + RENEWAL_DAYS * DAY_MS;
  if (kept && belongs && isFresh && names.every((name) => covers(kept, name))) return kept;
  const { signLeaf } = await import('./signing.ts');
  // Names of the old leaf stay, so that two servers with one folder do not take turns in replacing it.
  const allNames = normalizeNames([...names, ...(kept && belongs ? namesOf(kept) : [])]);
  const pem = await signLeaf({
    authority: ca.toString(),
    authorityKey: caKey,
    publicKey: createPublicKey(pemOf(key)),
    names: allNames,
    validity: { fromMs: nowMs - DAY_MS, toMs: nowMs + (LEAF_DAYS - 1) * DAY_MS },
  });
  return new X509Certificate(await replaceFile(file, pem, 0o644));
}

function covers(certificate: X509Certificate, name: string): boolean {
  const match = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name, { wildcards: false });
  return match !== undefined;
}

/** Of the leaf that the authority with this key has signed, if there is one. */
async function namesOfLeaf(file: string, caKey: KeyObject): Promise<string[]> {
  const kept = await readCertificate(file);
  return kept?.verify(createPublicKey(pemOf(caKey))) ? namesOf(kept) : [];
}

function namesOf(certificate: X509Certificate): string[] {
  const entries = certificate.subjectAltName?.split(', ') ?? [];
  return entries.map((entry) => entry.replace(/^(DNS|IP Address):/, ''));
}

/** Without duplicates, and without addresses that mean "all of them". */
function normalizeNames(names: readonly string[]): string[] {
  const normalized = names.map((name) => {
    // An address with a zone, such as fe80::1%eth0, is an address to Node and none in a certificate. RFC 4007 §11.
    if (isIP(name) === 6 && !name.includes('%')) return new URL(`http://[${name}]`).hostname.slice(1, -1);
    if (isIP(name) === 4) return name;
    const ascii = domainToASCII(name);
    if (ascii === '' || /[^a-z0-9.*-]/.test(ascii))
      throw new Problem(
        'certificate_unusable',
        `"${name}" is not a host name that a certificate can carry.`,
        {
          hint: 'A host name is letters, digits, hyphens and dots: auth0.test',
        },
      );
    return ascii;
  });
  return [...new Set(normalized)].filter((name) => name !== '0.0.0.0' && name !== '::');
}

async function readCertificate(file: string): Promise<X509Certificate | undefined> {
  const kept = await readOptional(file);
  if (kept === undefined) return undefined;
  try {
    return new X509Certificate(kept);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): Problem {
  return new Problem('certificate_unusable', `${file} is not what Assent wrote there.`, {
    hint: `Have it made anew: rm ${file}`,
    cause,
  });
}
