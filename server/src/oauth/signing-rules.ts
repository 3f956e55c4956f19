// What a client may sign with, and how: its authentication requests and its assertions. Asked by those who verify them.
import { type ClientConfig, FAPI_ALGORITHMS, REQUEST_ALGORITHMS } from '../contract/index.ts';
import { LONGEST_FAPI_REQUEST_SECONDS } from './fapi-ciba.ts';

/** What a client's signed requests must be like. */
export interface RequestRules {
  /** Any of these; no symmetric ones and not `none`, CIBA Core §7.1.1. */
  readonly algorithms: readonly string[];
  /** A request that is not signed is refused. */
  readonly isRequired: boolean;
  /** From `nbf` to `exp`. */
  readonly longestLifetimeSeconds: number;
}

/** Longer than anybody needs; ids of requests are remembered for as long. */
const LONGEST_REQUEST_SECONDS = 86_400;

export function requestRulesOf(client: ClientConfig): RequestRules {
  const registered = client.backchannel_authentication_request_signing_alg;
  const isFapi = client.fapi_ciba === true;
  return {
    algorithms:
      registered === undefined
        ? withCurveName(isFapi ? FAPI_ALGORITHMS : REQUEST_ALGORITHMS)
        : withCurveName([registered]),
    // CIBA Core §4: whoever registers an algorithm signs. FAPI-CIBA §5.2.2: everybody does.
    isRequired: isFapi || registered !== undefined,
    longestLifetimeSeconds: isFapi ? LONGEST_FAPI_REQUEST_SECONDS : LONGEST_REQUEST_SECONDS,
  };
}

/** @param algorithms that the profile of the client takes */
export function assertionAlgorithmsOf(
  client: ClientConfig,
  algorithms: readonly string[],
): readonly string[] {
  return client.fapi_ciba ? FAPI_ALGORITHMS : withCurveName(algorithms);
}

/** RFC 9864 §2.2 gives EdDSA with the only curve that is used here a name of its own. */
function withCurveName(algorithms: readonly string[]): string[] {
  return algorithms.flatMap((name) => (name === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [name]));
}
