// DPoP proofs at the endpoints that give tokens out (RFC 9449 §5), judged before the provider sees them. It judges most of it as well,
// and binds the tokens. Here is what it cannot: that a proof is spent once, also by a poll that is told to wait, and before
// anything is redeemed; that it may be addressed to the endpoint of either listener; that its maker may go by the tenant's clock.
import type { IncomingMessage } from 'node:http';
import { DPOP_WINDOW_SECONDS, type DpopProof, proofIdOf, readDpopProof } from '../possession/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import { Refusal } from './refusal.ts';
import { SpentMarks } from './spent-marks.ts';

/**
 * Where a proof counts, and the status of one that does not: at /userinfo it stands beside a token, RFC 9449 §7.1. CIBA Core gives it
 * no meaning at /bc-authorize: there is no code that it could be bound to.
 */
const STATUSES: Readonly<Record<string, number>> = {
  [ROUTES.token]: 400,
  [ROUTES.pushed_authorization_request]: 400,
  [ROUTES.userinfo]: 401,
};

export class DpopRequests {
  readonly #tenant: Tenant;
  readonly #spent: SpentMarks;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#spent = new SpentMarks(tenant, 'dpop-proofs');
  }

  /**
   * The proof of a request, spent from now on; undefined where none came. A nonce in it is the provider's to judge.
   *
   * @throws Refusal `invalid_dpop_proof`
   */
  async spend(request: IncomingMessage, path: string): Promise<DpopProof | undefined> {
    const headers = request.headersDistinct['dpop'] ?? [];
    const status = STATUSES[path];
    if (headers.length === 0 || status === undefined) return undefined;
    const { clock, issuer, mtlsUrl } = this.#tenant;
    const read = await readDpopProof(headers, {
      method: request.method ?? '',
      urls: [issuer, ...(mtlsUrl === undefined ? [] : [mtlsUrl])].map((base) => new URL(path, base).href),
      nowsMs: [clock.base.now(), clock.now()],
    });
    if ('wrong' in read) throw invalidProof(status, read.wrong);
    const { thumbprint, jti } = read.proof;
    if (await this.spendProof(proofIdOf(thumbprint, jti))) return read.proof;
    throw invalidProof(
      status,
      'the DPoP proof was used before: each request needs one of its own, with a jti of its own',
    );
  }

  /** False where it was spent before, here or at /userinfo. RFC 9449 §11.1: whoever writes it second is the replay. */
  spendProof(proofId: string): Promise<boolean> {
    return this.#spent.spend(proofId, 2 * DPOP_WINDOW_SECONDS * 1000);
  }
}

function invalidProof(status: number, why: string): Refusal {
  return new Refusal(status, 'invalid_dpop_proof', why, 'RFC 9449 §4.2 lists what a proof has in it');
}
