// A client that proves itself as plainly as can be: by its secret, in the form. What it asks may be answered without the provider,
// see `plain-polls` and `plain-requests`; whoever proves itself in another way is the provider's to know.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type ClientConfig, hasCertificateBoundTokens } from '../contract/index.ts';
import type { RequestParameters } from './parameters.ts';

/** Other ways in which a client proves itself or what it holds, and pages of other origins. */
const BY_THE_LONG_WAY = [
  'authorization',
  'dpop',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  'origin',
] as const;

export function hasPlainHeaders(headers: IncomingHttpHeaders): boolean {
  return BY_THE_LONG_WAY.every((name) => headers[name] === undefined);
}

/** Whether there are none but `names`, and each of them once. */
export function hasNoOther(parameters: RequestParameters, names: ReadonlySet<string>): boolean {
  return Object.entries(parameters).every(([name, value]) => names.has(name) && typeof value === 'string');
}

export function usesSecret({ token_endpoint_auth_method: method }: ClientConfig): boolean {
  return method === 'client_secret_post' || method === 'client_secret_basic';
}

/** Neither to a key (RFC 9449 §5.2) nor to a certificate (RFC 8705 §3). */
export function hasUnboundTokens(client: ClientConfig): boolean {
  return !client.dpop_bound_access_tokens && !hasCertificateBoundTokens(client);
}

/** Room for any secret that is not unusually long. In bytes. */
const ROOM = 512;

/**
 * Both are laid out in as much room, so the time that comparing takes says nothing: neither where they differ nor how long the right
 * one is. Digests would do the same, and take a twentieth more of a poll.
 */
export function isSecretOf({ client_secret: expected }: ClientConfig, received = ''): boolean {
  if (expected === undefined) return false;
  const sizes = [Buffer.byteLength(expected), Buffer.byteLength(received)] as const;
  const room = Math.max(ROOM, ...sizes);
  return timingSafeEqual(layOut(expected, room), layOut(received, room)) && sizes[0] === sizes[1];
}

/** In a piece of Node's pool: room of its own would be asked of the system, and given back by the collector. */
function layOut(text: string, room: number): Buffer {
  const laidOut = Buffer.allocUnsafe(room);
  return laidOut.fill(0, laidOut.write(text));
}
