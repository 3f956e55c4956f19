// Whom the computer trusts: the authorities that Node brings along or was told of, and those of the system.
import tls from 'node:tls';

export function trustedCertificates(): string[] {
  // Node 22.15 tells of them; before, there are those that it brings along.
  const read = tls.getCACertificates as typeof tls.getCACertificates | undefined;
  if (read === undefined) return [...tls.rootCertificates];
  return [...new Set([...read('default'), ...read('system')])];
}
