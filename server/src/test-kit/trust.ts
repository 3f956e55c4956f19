// Lets the code under test trust the servers of its tests: in this process, for as long as the tests need it.
import tls from 'node:tls';

/**
 * Adds an authority to those that Node's TLS trusts, which `fetch` and nearly every SDK go by. Undone by what it returns.
 * Node before 22.19, and between 23.0 and 24.4, cannot; there, name the file of the authority in NODE_EXTRA_CA_CERTS.
 */
export function trustAuthority(ca: string | undefined): () => void {
  if (ca === undefined || typeof tls.setDefaultCACertificates !== 'function') return () => undefined;
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, ca]);
  const [added] = tls.getCACertificates('default').filter((one) => !before.includes(one));
  // Others may have added theirs meanwhile.
  return () => tls.setDefaultCACertificates(tls.getCACertificates('default').filter((one) => one !== added));
}
