// Whether there is a listener that asks callers for a certificate, where, and whose word counts for it. The one that everybody knows
// never asks: a browser would show its user a list of certificates. RFC 8705 §5 and §6.3.
import { readFile } from 'node:fs/promises';
import { needsCertificate, type TenantConfig } from './contract/index.ts';
import { Problem } from './problem.ts';

export interface MutualTlsOptions {
  tls: boolean;
  mtlsPort?: number | undefined;
}

/** As somebody said, else any free port where a client could not do without. @throws Problem `usage` without TLS */
export function findMutualTlsPort(
  { mtls, clients }: TenantConfig,
  { tls, mtlsPort }: MutualTlsOptions,
): number | undefined {
  const said = mtlsPort ?? mtls.port;
  if (tls) return said ?? (clients.some(needsCertificate) ? 0 : undefined);
  if (said === undefined) return undefined;
  throw new Problem('usage', 'Without TLS nobody can be asked for a certificate.', {
    hint: 'Leave out --http, or --mtls-port and mtls.port of the tenant file.',
  });
}

/** PEM of the authorities that the tenant names. @throws Problem `certificate_unusable` */
export async function readAuthorities({ mtls: { ca } }: TenantConfig): Promise<string[]> {
  if (ca === undefined) return [];
  const pem = ca.includes('-----BEGIN') ? ca : await readPem(ca);
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length > 0) return found;
  throw new Problem('certificate_unusable', 'mtls.ca has no certificate in it, expected PEM.', {
    hint: 'A certificate begins with -----BEGIN CERTIFICATE-----',
  });
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('certificate_unusable', `mtls.ca cannot be read: ${reason}`, {
      hint: 'Name a file from the folder in which the server starts, or write the PEM itself.',
      cause,
    });
  }
}

/** The host that the issuer has, at another port. */
export function urlForCertificates(issuer: string, port: number): string {
  const url = new URL(issuer);
  url.protocol = 'https:';
  url.port = String(port);
  return url.origin;
}
