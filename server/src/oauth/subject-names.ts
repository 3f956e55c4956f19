// Whether a certificate names the client that is expected: its subject, or one of its alternative names. RFC 8705 §2.1.2 says which
// member of the client is compared with what, RFC 4514 how a subject is written, RFC 5280 §4.2.1.6 and §7 how names are compared.
import type { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';

/** Of an attribute, RFC 4514 §3 and what OpenSSL calls others. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'TITLE',
  '2.5.4.15': 'BUSINESSCATEGORY',
  '2.5.4.17': 'POSTALCODE',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'ORGANIZATIONIDENTIFIER',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  '1.3.6.1.4.1.311.60.2.1.3': 'JURISDICTIONC',
  S: 'ST',
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  GIVENNAME: 'GN',
  SURNAME: 'SN',
  USERID: 'UID',
};

/** Kinds of alternative names as Node spells them. */
const ALTERNATIVE_NAMES: Readonly<Record<string, string>> = {
  tls_client_auth_san_dns: 'DNS',
  tls_client_auth_san_uri: 'URI',
  tls_client_auth_san_ip: 'IP Address',
  tls_client_auth_san_email: 'email',
};

/** @param member of the client, such as `tls_client_auth_san_dns` */
export function isNamed(certificate: X509Certificate, member: string, expected: string): boolean {
  if (member === 'tls_client_auth_subject_dn') {
    const [wanted, found] = [readName(expected), readName(subjectOf(certificate))];
    return wanted !== undefined && found !== undefined && wanted === found;
  }
  const kind = ALTERNATIVE_NAMES[member];
  return alternativeNames(certificate).some(
    (name) => name.kind === kind && isSameName(kind, name.value, expected),
  );
}

/** As RFC 4514 writes it: the last relative name comes first. Node has them in the order of the certificate, one in each line. */
export function subjectOf({ subject }: X509Certificate): string {
  return (subject ?? '')
    .split('\n')
    .reverse()
    .map((relative) => relative.replaceAll(/ \+ (?=[A-Za-z0-9.]+=)/g, '+'))
    .join(',');
}

function isSameName(kind: string, found: string, expected: string): boolean {
  switch (kind) {
    case 'DNS':
      return found.toLowerCase() === expected.toLowerCase();
    case 'IP Address':
      return isSameAddress(found, expected);
    case 'email': {
      // RFC 5280 §7.5: the host alone without regard to case.
      const fold = (text: string): string => text.replace(/@[^@]*$/, (host) => host.toLowerCase());
      return fold(found) === fold(expected);
    }
    default:
      return found === expected;
  }
}

/** RFC 8705 §2.1.2: compared as addresses, not as text. */
function isSameAddress(found: string, expected: string): boolean {
  const version = isIP(expected);
  if (version === 0 || isIP(found) !== version) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addAddress(expected, family);
  return list.check(found, family);
}

/** Node writes `DNS:a, URI:b`, and what could be taken for more than one name in quotes, as JSON. */
function alternativeNames({ subjectAltName = '' }: X509Certificate): Array<{ kind: string; value: string }> {
  const entries = subjectAltName.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...entries].map(([, kind = '', text = '']) => ({
    kind,
    value: text.startsWith('"') ? String(JSON.parse(text)) : text,
  }));
}

/** A name in a form in which equal ones are equal: RFC 4517 §4.2.15 and, of most attributes, §4.2.11. Undefined for what is none. */
function readName(text: string): string | undefined {
  const relatives = split(text, ',').map((relative) => {
    const pairs = split(relative, '+').map(readPair);
    return pairs.includes(undefined) ? undefined : pairs.sort().join('+');
  });
  return relatives.includes(undefined) ? undefined : relatives.join(',');
}

function readPair(text: string): string | undefined {
  const [, type = '', value = ''] =
    /^\s*(?:OID\.)?([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=(.*)$/is.exec(text) ?? [];
  if (type === '') return undefined;
  const upper = type.toUpperCase();
  const folded = unescapeValue(trimUnescaped(value))
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${SHORT_NAMES[upper] ?? upper}=${JSON.stringify(folded)}`;
}

/** At separators that are neither escaped nor in quotes. RFC 4514 §3; quotes are of RFC 2253, and still met. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [''];
  let isQuoted = false;
  for (const [token] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (token === '"') isQuoted = !isQuoted;
    if (token === separator && !isQuoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${token}`);
  }
  return parts;
}

/** White space around a value is none of it, unless it is escaped. */
function trimUnescaped(value: string): string {
  const trimmed = value.trim();
  return /\\$/.test(trimmed) && !/\\\\$/.test(trimmed) ? `${trimmed} ` : trimmed;
}

/** RFC 4514 §2.4: `\,` and bytes of UTF-8 as `\C3\A9`; a value that begins with `#` is the DER of a string. */
function unescapeValue(value: string): string {
  if (/^#(?:[0-9a-f]{2})+$/i.test(value)) return readDerText(Buffer.from(value.slice(1), 'hex'));
  const text = /^".*"$/s.test(value) ? value.slice(1, -1) : value;
  const bytes = [...text.matchAll(/\\([0-9a-f]{2})|\\([\s\S])|([\s\S])/giu)].map(([, hex, escaped, plain]) =>
    hex === undefined ? Buffer.from(escaped ?? plain ?? '', 'utf8') : Buffer.from(hex, 'hex'),
  );
  return Buffer.concat(bytes).toString('utf8');
}

/** The content of a short UTF8String, PrintableString or IA5String. X.690 §8.1.3. */
function readDerText(der: Buffer): string {
  const [, length = 0] = der;
  return der.subarray(2, 2 + length).toString('utf8');
}
