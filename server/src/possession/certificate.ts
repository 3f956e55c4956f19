// The certificate of a connection, where its other end has shown one. RFC 8705 §2.
import type { X509Certificate } from 'node:crypto';

/** @param socket of a request; one without TLS has no such function, one that asked for no certificate no such answer */
export function certificateOf(socket: unknown): X509Certificate | undefined {
  const { getPeerX509Certificate: read } = (socket ?? {}) as {
    getPeerX509Certificate?: (() => X509Certificate | undefined) | undefined;
  };
  return typeof read === 'function' ? read.call(socket) : undefined;
}
