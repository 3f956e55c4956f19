// Gets the issuer's public keys. A local authority is trusted for this one connection only: the rest of the process
// keeps its own trust, which NODE_EXTRA_CA_CERTS could not promise and which needs no environment at start.
import { get } from 'node:https';
import { createRemoteJWKSet, customFetch, type FetchImplementation, type RemoteJWKSet } from 'jose';

/** The keys could not be had, so no statement about the token is possible. Answer 503, not 401: the caller is not to blame. */
export class KeySetUnavailable extends Error {
  /** For Koa and Express, which read the status of an error. */
  readonly status = 503;
  /** Koa shows the message to the caller only if this is true. */
  readonly expose = true;

  constructor(jwksUri: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the keys of the issuer could not be read from ${jwksUri}: ${reason}`, { cause });
    this.name = 'KeySetUnavailable';
  }
}

const LARGEST_KEY_SET_BYTES = 256 * 1024;

/** A fetch that trusts `ca` and nothing else. Node's own fetch takes no certificate authority, hence node:https. */
function createPinnedFetch(ca: string): FetchImplementation {
  return (url, { headers, signal }) =>
    new Promise((resolve, reject) => {
      const request = get(url, { ca, headers: Object.fromEntries(headers), signal }, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST_KEY_SET_BYTES) answer.destroy(new Error('the key set is larger than 256 KB'));
          else chunks.push(chunk);
        });
        answer.on('error', reject);
        answer.on('end', () =>
          resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 500 })),
        );
      });
      request.on('error', reject);
    });
}

export interface KeySetOptions {
  readonly jwksUri: string;
  readonly ca?: string | undefined;
  readonly fetch?: FetchImplementation | undefined;
}

/** Keys by `kid`, fetched on first use and again when an unknown `kid` shows up, at most every 30 seconds (jose's cool-down). */
export function createKeySet({ jwksUri, ca, fetch }: KeySetOptions): RemoteJWKSet {
  const url = new URL(jwksUri);
  const implementation =
    fetch ?? (ca !== undefined && url.protocol === 'https:' ? createPinnedFetch(ca) : undefined);
  return createRemoteJWKSet(url, implementation ? { [customFetch]: implementation } : {});
}
