// How a browser profile comes to trust the certificate of one Assent, and nothing else: by its authority where certutil is
// there, else by the very key or certificate that the server has.
import { execFile } from 'node:child_process';
import { createHash, type X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { makeFolder, readOptional } from '../disk.ts';

const run = promisify(execFile);

/** Adds the authority to an NSS database, which is made where there is none. */
export async function trustAuthority(certutil: string, folder: string, caFile: string): Promise<void> {
  const database = `sql:${folder}`;
  await makeFolder(folder);
  if ((await readOptional(join(folder, 'cert9.db'))) === undefined) {
    await run(certutil, ['-N', '-d', database, '--empty-password']);
  }
  await run(certutil, ['-A', '-d', database, '-n', 'assent', '-t', 'C,,', '-i', caFile]);
}

/** The certificate that a server shows, whoever signed it. */
export async function readCertificate(url: string): Promise<X509Certificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  // It is looked at and not relied on. The command has checked before who answers there.
  const socket: TLSSocket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...nameOf(host),
  });
  try {
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error(`${url} shows no certificate`);
    return certificate;
  } finally {
    socket.destroy();
  }
}

/** RFC 6066 §3: no address stands for a name. */
function nameOf(host: string): { servername: string } | undefined {
  return /^[\d.]+$|:/.test(host) ? undefined : { servername: host };
}

/** Value of `--ignore-certificate-errors-spki-list`: this key, whatever else is wrong with its certificate. */
export function keyHashOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

/** A line of Firefox's cert_override.txt: this certificate at this place, as if somebody had accepted the risk. */
export function overrideLine(url: string, certificate: X509Certificate): string {
  const { hostname, port } = new URL(url);
  const sha256 = 'OID.2.16.840.1.101.3.4.2.1';
  return `${hostname}:${port || 443}:\t${sha256}\t${certificate.fingerprint256}\t\n`;
}
