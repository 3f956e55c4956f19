// What was looked at before a call was let through or refused, in order: for a report, a log, a lesson. Without the token.
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ApiCall, ApiCheck } from '../contract/index.ts';
import { tokenIdOf } from '../token-id.ts';
import type { BearerRefusal } from './bearer-refusal.ts';

/** The checks of the verifier, in their order. */
export const TOKEN_CHECKS = [
  'token_present',
  'token_readable',
  'signature',
  'issuer',
  'audience',
  'expiry',
  'token_kind',
  'possession',
  'scope',
  'details',
] as const;
export type TokenCheck = (typeof TOKEN_CHECKS)[number];

/** Everything of a report but the call itself. */
export type Verdict = Pick<ApiCall, 'api' | 'checks' | 'asked' | 'token_id' | 'access_token'>;

/** Every check up to the one that stopped the call; those that nobody asked for are left out. */
export function listChecks(
  made: readonly TokenCheck[],
  stop: { check: TokenCheck; refusal: BearerRefusal } | undefined,
): ApiCheck[] {
  const last = stop === undefined ? made.length : made.indexOf(stop.check);
  const passed = made.slice(0, last).map((check) => ({ check, passed: true }));
  if (stop === undefined) return passed;
  const { description, differences } = stop.refusal;
  return [
    ...passed,
    {
      check: stop.check,
      passed: false,
      why: description,
      ...(differences === undefined ? {} : { differences: differences.map((one) => ({ ...one })) }),
    },
  ];
}

/** What the token says, whoever signed it, and what it is called. */
export function readClaims(token: string | undefined): Pick<Verdict, 'token_id' | 'access_token'> {
  if (token === undefined) return {};
  try {
    const [header, claims] = [decodeProtectedHeader(token), decodeJwt(token)];
    const jti = typeof claims.jti === 'string' ? claims.jti : undefined;
    return {
      token_id: tokenIdOf(token, jti),
      access_token: { header: { ...header }, claims: { ...claims } },
    };
  } catch {
    // Opaque, or no token at all: there is nothing to read.
    return {};
  }
}
