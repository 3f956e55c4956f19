// Calls that prove which device makes them: `Authorization: Device <proof>`, a fresh JWT for each call, after RFC 9449.
// No cookie is involved, so a foreign page can make this browser call the server, but never as the approver.
import { DEVICE_PROOF_TYPE } from '../wire/contract.ts';
import type { Pairing } from './device-key.ts';
import { signJws } from './jws.ts';
import type { ServerClock } from './server-clock.ts';

export interface SignedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

export type SignedFetch = (request: SignedRequest) => Promise<Response>;

export function createSignedFetch(pairing: Pairing, clock: ServerClock): SignedFetch {
  return async ({ method, path, headers = {}, body, signal }) => {
    const url = absoluteUrl(path);
    const claims = {
      htm: method,
      htu: url,
      iss: pairing.deviceId,
      iat: toSeconds(clock.nowMs()),
      jti: crypto.randomUUID(),
    };
    const proof = await signJws({ typ: DEVICE_PROOF_TYPE }, claims, pairing.privateKey);
    const response = await fetch(url, {
      method,
      headers: {
        ...headers,
        authorization: `Device ${proof}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    clock.learnFromHeader(response);
    return response;
  };
}

/** The URL as the server must know it, without query and fragment. */
export function absoluteUrl(path: string): string {
  const { origin, pathname } = new URL(path, location.origin);
  return origin + pathname;
}

export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
