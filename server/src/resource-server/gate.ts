// What stands in front of a route, whatever framework it is a route of: the verifier, single use where it is asked for, and the
// whole answer to a request that may not pass. The adapters beside this file carry that answer to their framework, no more.
import { randomUUID } from 'node:crypto';
import type { ApiCheck } from '../contract/index.ts';
import { type AuthorizationSource, readHeader } from './bearer-header.ts';
import { type BearerRefusal, challengeOf, type RefusalBody, refusalBody } from './bearer-refusal.ts';
import { type CallReporter, readCall } from './call-report.ts';
import { KeySetUnavailable } from './key-set.ts';
import { type PresentedCall, readPresentedCall } from './presented-call.ts';
import type { SpentTokens } from './spent-tokens.ts';
import type { TokenRequirements, TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

export interface GateOptions {
  /** Names the protected area in the WWW-Authenticate header. */
  readonly realm?: string;
  /**
   * Lets each token through once. It is spent before the route runs, so a request that the route then refuses has cost the
   * approval; a route that wants it later calls `spend` itself.
   */
  readonly singleUse?: SpentTokens;
  /**
   * Answers with the `x-fapi-interaction-id` of the request, or with one of its own. FAPI 1.0 Baseline §6.2.1. Default false.
   */
  readonly interactionId?: boolean;
  /**
   * The certificate of the connection, where the request does not tell: TLS ended in front of the API, or the framework knows
   * Fetch requests only. Default: that of the socket.
   */
  certificateOf?(request: unknown): PresentedCall['certificate'];
  /** Tells a running Assent how each call was judged, for the story of its request. Default: nobody. */
  readonly report?: CallReporter;
}

/** What a request must be allowed to do: always the same, or read from the request. Runs before the token is looked at. */
export type Requirements<Request> =
  | TokenRequirements
  | ((request: Request) => TokenRequirements | Promise<TokenRequirements>);

/** A complete answer, to be written as it is. */
interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body:
    | RefusalBody
    | { readonly error: 'temporarily_unavailable'; readonly error_description: string };
}

export type GateResult =
  | {
      readonly passed: true;
      readonly token: VerifiedToken;
      /** For the answer of the route. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly passed: false; readonly answer: GateAnswer };

/** Seconds after which the issuer's keys may be there again. */
const RETRY_AFTER = '5';

/** RFC 6750 §3.1 has no code of its own for a used token; `invalid_token` covers "invalid for other reasons". */
const ALREADY_USED: BearerRefusal = {
  status: 401,
  error: 'invalid_token',
  description: 'this token has been used, and counts once; ask for another approval',
};

/** @throws what `requirements` throws: the route's own affair */
export async function passGate<Request>(
  verifier: TokenVerifier,
  source: AuthorizationSource,
  {
    requirements,
    request,
    options,
  }: { requirements: Requirements<Request>; request: Request; options: GateOptions },
): Promise<GateResult> {
  const needed = typeof requirements === 'function' ? await requirements(request) : requirements;
  const headers = options.interactionId ? { 'x-fapi-interaction-id': readInteractionId(source) } : {};
  try {
    const verification = await verifier.verify(source, needed, readCallOf(request, verifier, options));
    const { verdict } = verification;
    const tell = (status: number, more?: ApiCheck): void =>
      options.report?.tell({ ...readCall(request), status, verdict, more: more ? [more] : [] });
    if (!verification.accepted) {
      tell(verification.refusal.status);
      return refuse(verification.refusal, options, headers);
    }
    const { token } = verification;
    if (!options.singleUse) {
      tell(200);
    } else if (options.singleUse.spend(token)) {
      tell(200, { check: 'single_use', passed: true });
    } else {
      tell(ALREADY_USED.status, { check: 'single_use', passed: false, why: ALREADY_USED.description });
      return refuse(ALREADY_USED, options, headers);
    }
    return { passed: true, token, headers };
  } catch (error) {
    if (!(error instanceof KeySetUnavailable)) throw error;
    // RFC 9110 §15.6.4: nothing is said about the token, so neither 401 nor a challenge.
    return {
      passed: false,
      answer: {
        status: error.status,
        headers: { ...headers, 'Retry-After': RETRY_AFTER },
        body: { error: 'temporarily_unavailable', error_description: error.message },
      },
    };
  }
}

/** As it came; of its own where there is none, or none that a header may hold. RFC 4122 §3 has the shape. */
function readInteractionId(source: AuthorizationSource): string {
  const sent = readHeader(source, 'x-fapi-interaction-id');
  return sent !== undefined && /^[\x21-\x7e]{1,100}$/.test(sent) ? sent : randomUUID();
}

function readCallOf(
  request: unknown,
  { origin }: TokenVerifier,
  { certificateOf }: GateOptions,
): PresentedCall | undefined {
  const call = readPresentedCall(request, origin);
  return call && certificateOf ? { ...call, certificate: certificateOf(request) } : call;
}

function refuse(
  refusal: BearerRefusal,
  { realm }: GateOptions,
  more: Readonly<Record<string, string>>,
): GateResult {
  return {
    passed: false,
    answer: {
      status: refusal.status,
      headers: {
        ...more,
        'WWW-Authenticate': challengeOf(refusal, realm),
        ...(refusal.nonce === undefined ? {} : { 'DPoP-Nonce': refusal.nonce }),
      },
      body: refusalBody(refusal),
    },
  };
}
