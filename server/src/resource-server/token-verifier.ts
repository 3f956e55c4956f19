// Decides whether a request may do what it asks: is the token genuine, is it for this API, does it carry the scope, and
// was exactly this action approved. Where a token is bound to a key or a certificate: does its sender have that. Called by APIs;
// holds no state but the issuer's cached keys and which DPoP proofs were used.
import { randomBytes } from 'node:crypto';
import { errors, type FetchImplementation, type JWTVerifyOptions, jwtVerify, type RemoteJWKSet } from 'jose';
import type { AuthorizationDetail } from '../contract/index.ts';
import {
  createSpentProofs,
  DpopNonces,
  findWhyNotHeld,
  type PossessionRules,
  type TokenScheme,
} from '../possession/index.ts';
import { type AuthorizationSource, readAccessToken, type TokenCredentials } from './bearer-header.ts';
import type { BearerRefusal } from './bearer-refusal.ts';
import { describeDifference, findDetailDifferences } from './detail-differences.ts';
import { createKeySet, KeySetUnavailable } from './key-set.ts';
import { hasTokenInAddress, type PresentedCall, readPresentedCall, toPresented } from './presented-call.ts';
import { listChecks, readClaims, TOKEN_CHECKS, type TokenCheck, type Verdict } from './verdict.ts';
import { readVerifiedToken, type VerifiedToken } from './verified-token.ts';

export interface TokenVerifierOptions {
  /** Exactly as the tokens spell it, with the slash at the end: `https://localhost:4443/`. */
  readonly issuer: string;
  /** Identifier of this API, as registered with the tenant. */
  readonly audience: string;
  /** Where the keys are. Default: `.well-known/jwks.json` under the issuer, as at Auth0. */
  readonly jwksUri?: string;
  /** PEM of the authority that signed the issuer's certificate, such as `RunningAssent.ca`. Default: Node's own list. */
  readonly ca?: string | undefined;
  /** Fetches the keys instead. Excludes `ca`. */
  readonly fetch?: FetchImplementation;
  /**
   * Time source in milliseconds since the epoch. Default: the computer's, as a real API has it. Where the clock of the issuer
   * is put forward: `RunningAssent.clock`, or `createIssuerClock` in another process.
   */
  readonly clock?: { now(): number | Promise<number> };
  /** Seconds by which the clocks may differ. Default 0. */
  readonly clockToleranceSeconds?: number;
  /** Accepted JWS algorithms. Default RS256, RS512, PS256, ES256 and EdDSA. Symmetric ones never work with published keys. */
  readonly algorithms?: readonly string[];
  /**
   * Where callers reach this API, `https://bank.example`: what a DPoP proof must name (RFC 9449 §4.3). Default: as the request
   * says. Needed where something in front of the API changes scheme or host.
   */
  readonly origin?: string;
  /**
   * `required` refuses tokens that anybody could use who got hold of them: those that are bound neither to a key (DPoP) nor to a
   * certificate (mutual TLS). Default `accepted`: a token that is bound is asked for its proof, and others pass.
   */
  readonly boundTokens?: 'accepted' | 'required';
  /** Demands a nonce of this API in each DPoP proof, RFC 9449 §9. Default false. */
  readonly dpopNonces?: boolean;
  /**
   * Where used DPoP proofs are remembered, RFC 9449 §11.1. Default: in memory, for this verifier; an API of several processes needs
   * one shared place of the same shape. Answers false for a proof that was used before.
   */
  readonly spentProofs?: { spend(proofId: string, untilMs: number): boolean | Promise<boolean> };
}

/** Accepts by answering `true`; text says why not. Anything else refuses too, so that a forgotten `return` opens nothing. */
export type DetailsMatcher = (approved: readonly AuthorizationDetail[]) => true | string;

export interface TokenRequirements {
  /** Scopes that must all be present. */
  readonly scope?: string | readonly string[];
  /**
   * The action at hand, which must equal the token's `authorization_details` (see `findDetailDifferences`), or a function
   * that judges them. An empty list means that the token must carry none. Left out, they are not looked at.
   */
  readonly details?: readonly AuthorizationDetail[] | DetailsMatcher;
}

type Judgement =
  | { readonly accepted: true; readonly token: VerifiedToken }
  | { readonly accepted: false; readonly refusal: BearerRefusal };

export type Verification = Judgement & {
  /** What was looked at, in order, for a report (`createCallReporter`). Without the token. */
  readonly verdict: Verdict;
};

/** A judgement that names the check that stopped it. */
type Stop = { readonly check: TokenCheck; readonly refusal: BearerRefusal };

export interface TokenVerifier {
  /** Where callers reach the API, as far as that was said. */
  readonly origin: string | undefined;
  /**
   * @param source the request, or the value of its Authorization header
   * @param call what it shows beside the token, for tokens that are bound to their sender. Default: read from `source`
   * @returns the token, or what to answer: 400 `invalid_request`, 401 `invalid_token`, 401 `invalid_dpop_proof`, 401
   *   `use_dpop_nonce`, 403 `insufficient_scope`, 403 `insufficient_authorization_details`
   * @throws KeySetUnavailable when the issuer's keys cannot be read
   */
  verify(
    source: AuthorizationSource,
    requirements?: TokenRequirements,
    call?: PresentedCall,
  ): Promise<Verification>;
}

const TOKEN_IN_ADDRESS: BearerRefusal = {
  status: 400,
  error: 'invalid_request',
  description: 'the token was sent in the address, where logs keep it; send it in the Authorization header',
};

function invalidToken(description: string): BearerRefusal {
  return { status: 401, error: 'invalid_token', description };
}

/** Which check jose's verdict is about. */
function checkOf(error: unknown): TokenCheck {
  if (error instanceof errors.JWTExpired) return 'expiry';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'issuer';
    if (error.claim === 'aud') return 'audience';
    return ['exp', 'nbf', 'iat'].includes(error.claim) ? 'expiry' : 'token_kind';
  }
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid
    ? 'token_readable'
    : 'signature';
}

/** jose's verdict in words that tell the developer what to change. Undefined when the fault is not the token's. */
function explainInvalidToken(error: unknown, { issuer, audience }: TokenVerifierOptions): string | undefined {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const found = JSON.stringify(error.payload[error.claim]) ?? 'missing';
    if (error.claim === 'aud') return `the token's audience is ${found}, expected ${audience}`;
    if (error.claim === 'iss') return `the token's issuer is ${found}, expected exactly ${issuer}`;
    return `the token's claim ${error.claim} is ${found}: ${error.message}`;
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'the token is signed with a key that the issuer does not publish';
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'the token names no key, and several could have signed it';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "the token's signature is wrong";
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return `the token is signed in a way that this API does not accept: ${error.message}`;
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return 'the token is not a JWT';
  return undefined;
}

function checkScope(token: VerifiedToken, scope: string | readonly string[]): BearerRefusal | undefined {
  const needed = scopesIn(scope);
  const missing = needed.filter((value) => !token.scopes.has(value));
  if (missing.length === 0) return undefined;
  const granted = [...token.scopes].join(' ') || 'none';
  return {
    status: 403,
    error: 'insufficient_scope',
    description: `the token lacks the scope ${missing.join(' ')}; it has: ${granted}`,
    scope: needed.join(' '),
  };
}

function checkDetails(
  token: VerifiedToken,
  expected: readonly AuthorizationDetail[] | DetailsMatcher,
): BearerRefusal | undefined {
  const refusal = { status: 403, error: 'insufficient_authorization_details' } as const;
  if (typeof expected === 'function') {
    const verdict: unknown = expected(token.details);
    if (verdict === true) return undefined;
    const reason = typeof verdict === 'string' ? verdict : 'they do not match';
    return { ...refusal, description: `the approved details do not allow this: ${reason}` };
  }
  const differences = findDetailDifferences(token.details, expected);
  if (differences.length === 0) return undefined;
  const text = differences.map(describeDifference).join('; ');
  return { ...refusal, description: `what was approved is not what is requested: ${text}`, differences };
}

/**
 * Makes the check that stands in front of an action that somebody had to approve.
 *
 * @throws TypeError for an issuer or key address that is not a URL, an empty audience, or both `ca` and `fetch`
 * @example
 * ```ts
 * const verifier = createTokenVerifier({ issuer: 'https://localhost:4443/', audience: 'https://bank.example/transfers', ca });
 * const verification = await verifier.verify(request, {
 *   scope: 'create:transfer',
 *   details: [{ type: 'transfer_funds', to: 'grace', amount: '25.00', currency: 'EUR' }],
 * });
 * if (!verification.accepted) respond(verification.refusal.status, challengeOf(verification.refusal));
 * ```
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, ca, fetch, clock = Date, clockToleranceSeconds = 0 } = options;
  if (audience === '') throw new TypeError('audience is empty; expected the identifier of this API');
  if (ca !== undefined && fetch !== undefined)
    throw new TypeError('ca and fetch exclude each other; give one');
  const jwksUri = options.jwksUri ?? new URL('.well-known/jwks.json', issuer).href;
  const keySet: RemoteJWKSet = createKeySet({ jwksUri, ca, fetch });
  const spentProofs = options.spentProofs ?? createSpentProofs(() => Date.now());
  // Nonces prove by the computer's time that a proof is fresh, wherever the clock of the issuer is.
  const nonces = options.dpopNonces ? new DpopNonces(randomBytes(32), Date) : undefined;

  async function check(token: string): Promise<{ token: VerifiedToken } | Stop> {
    const nowMs = await clock.now();
    const rules: JWTVerifyOptions = {
      issuer,
      audience,
      algorithms: [...(options.algorithms ?? ['RS256', 'RS512', 'PS256', 'ES256', 'EdDSA'])],
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keySet, rules);
      const read = readVerifiedToken(token, protectedHeader.typ, payload, clockToleranceSeconds);
      if ('unusable' in read)
        return { check: 'token_kind', refusal: invalidToken(`the token is refused: ${read.unusable}`) };
      return { token: read };
    } catch (error) {
      const description = explainInvalidToken(error, options);
      if (description !== undefined) return { check: checkOf(error), refusal: invalidToken(description) };
      // What is left came from the network or from an unusable key set.
      throw new KeySetUnavailable(jwksUri, error);
    }
  }

  /** RFC 9449 §7, RFC 8705 §3. */
  async function checkPossession(
    token: string,
    scheme: TokenScheme,
    { claims }: VerifiedToken,
    call: PresentedCall | undefined,
  ): Promise<BearerRefusal | undefined> {
    if (options.boundTokens === 'required' && claims['cnf'] === undefined) {
      const description =
        'the token is bound to nobody; this API takes those that are bound to a key or a certificate';
      return { ...invalidToken(description), scheme: 'DPoP' };
    }
    const rules: PossessionRules = {
      nowsMs: [Date.now(), await clock.now()],
      spend: (proofId, untilMs) => spentProofs.spend(proofId, untilMs),
      nonces,
    };
    const why = await findWhyNotHeld(token, claims['cnf'], toPresented(scheme, call), rules);
    return why && { status: 401, ...why };
  }

  async function judge(
    credentials: TokenCredentials,
    requirements: TokenRequirements,
    call: PresentedCall | undefined,
  ): Promise<{ token: VerifiedToken } | Stop> {
    if (hasTokenInAddress(call)) return { check: 'token_present', refusal: TOKEN_IN_ADDRESS };
    if (!credentials.found) return { check: 'token_present', refusal: credentials.refusal };
    // Auth0 issues an opaque token when the request names no API. auth0: Access Tokens.
    if (credentials.token.split('.').length !== 3) {
      const description = `the token is opaque, so it is not for this API; ask for one with the audience ${audience}`;
      return { check: 'token_readable', refusal: invalidToken(description) };
    }
    const checked = await check(credentials.token);
    if ('refusal' in checked) return checked;
    const possession = await checkPossession(credentials.token, credentials.scheme, checked.token, call);
    if (possession) return { check: 'possession', refusal: possession };
    const { scope, details } = requirements;
    const scopeRefusal = scope === undefined ? undefined : checkScope(checked.token, scope);
    if (scopeRefusal) return { check: 'scope', refusal: scopeRefusal };
    const detailsRefusal = details === undefined ? undefined : checkDetails(checked.token, details);
    return detailsRefusal ? { check: 'details', refusal: detailsRefusal } : checked;
  }

  return {
    origin: options.origin,
    async verify(source, requirements = {}, call = readPresentedCall(source, options.origin)) {
      const credentials = readAccessToken(source);
      const judged = await judge(credentials, requirements, call);
      const stop = 'refusal' in judged ? judged : undefined;
      const isBound =
        'token' in judged ? judged.token.claims['cnf'] !== undefined : judged.check === 'possession';
      const made = TOKEN_CHECKS.filter((name) =>
        name === 'possession'
          ? isBound
          : (name !== 'scope' && name !== 'details') || requirements[name] !== undefined,
      );
      const verdict: Verdict = {
        api: audience,
        checks: listChecks(made, stop),
        ...describeNeeds(requirements),
        ...readClaims(credentials.found ? credentials.token : undefined),
      };
      return 'refusal' in judged
        ? { accepted: false, refusal: judged.refusal, verdict }
        : { accepted: true, token: judged.token, verdict };
    },
  };
}

function describeNeeds({ scope, details }: TokenRequirements): Pick<Verdict, 'asked'> {
  const asked = {
    ...(scope === undefined ? {} : { scope: scopesIn(scope) }),
    ...(Array.isArray(details) ? { authorization_details: [...details] } : {}),
  };
  return Object.keys(asked).length === 0 ? {} : { asked };
}

function scopesIn(scope: string | readonly string[]): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [...scope];
}
