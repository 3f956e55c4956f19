// oidc-provider dates and judges by the computer's clock and offers no seam, while a tenant may be ahead of it. So there are
// two times here, and this file leads from one to the other (decisions/0021):
//  - whatever a document or model of the provider says is the computer's time, as long as the provider has it in hand;
//  - what is kept, and what leaves the server, is the tenant's.
import type { AdapterPayload } from 'oidc-provider';
import { isJsonObject } from '../json-object.ts';

/** Seconds since the epoch, as the provider counts them. */
export function providerNowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Members of the provider's documents that are instants. */
const INSTANTS = ['iat', 'exp', 'iiat', 'authTime', 'loginTs', 'consumed'] as const;
/** Members of an interaction that say when somebody logged in, as `login.ts`. */
const OUTCOMES = ['result', 'lastSubmission'] as const;

/** The same document with every instant later by so many seconds. */
export function shiftDocument(payload: AdapterPayload, seconds: number): AdapterPayload {
  if (seconds === 0) return payload;
  const shifted: AdapterPayload = { ...payload };
  shift(shifted, INSTANTS, seconds);
  for (const member of OUTCOMES) {
    const outcome = shifted[member];
    if (!isJsonObject(outcome) || !isJsonObject(outcome['login'])) continue;
    const login = { ...outcome['login'] };
    shift(login, ['ts'], seconds);
    shifted[member] = { ...outcome, login };
  }
  return shifted;
}

/** Makes the instants among the claims of a token later by so many seconds. */
export function shiftClaims(claims: Record<string, unknown>, seconds: number): void {
  shift(claims, ['iat', 'exp', 'nbf', 'auth_time'], seconds);
}

function shift(members: Record<string, unknown>, names: readonly string[], seconds: number): void {
  for (const name of names) {
    const instant = members[name];
    if (typeof instant === 'number') members[name] = instant + seconds;
  }
}
