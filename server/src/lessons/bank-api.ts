// The bank's API of the lessons, the part that the lab runs at localhost:3000: it moves money only for a token that is genuine,
// meant for it, and carries exactly what was approved, once. What it decided becomes a part of the story of the request.
import type { ApiCheck, AuthorizationDetail } from '../contract/index.ts';
import type { JsonObject } from '../json-object.ts';
import type { OwnServer } from '../own-call.ts';
import {
  challengeOf,
  createSpentTokens,
  createTokenVerifier,
  refusalBody,
  type SpentTokens,
  type Verdict,
} from '../resource-server/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { audienceOf, readSubject, TRANSFER_SCOPE, TRANSFER_TYPE } from './subject.ts';

export const BANK_API_PATH = '/lessons/accounts/transfers';

export interface BankAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: JsonObject;
}

export class BankApi {
  readonly #tenant: Tenant;
  readonly #server: OwnServer;
  /** Of this world: a reset forgets the tokens with everything else. */
  readonly #spent: SpentTokens;

  constructor(tenant: Tenant, server: OwnServer) {
    this.#tenant = tenant;
    this.#server = server;
    this.#spent = createSpentTokens({ clock: tenant.clock });
  }

  /** @param transfer what shall be done: the members of the approved detail but its type */
  async transfer(authorization: string | undefined, transfer: JsonObject): Promise<BankAnswer> {
    const tenant = this.#tenant;
    const audience = audienceOf(readSubject(tenant));
    // Made for each call: the API may have been created since the last one, and the keys may have been rotated.
    const verifier = createTokenVerifier({
      issuer: tenant.issuer,
      audience,
      jwksUri: `${this.#server.url}/.well-known/jwks.json`,
      ca: this.#server.ca,
      clock: tenant.clock,
    });
    const detail: AuthorizationDetail = { ...transfer, type: TRANSFER_TYPE };
    const verification = await verifier.verify(authorization, { scope: TRANSFER_SCOPE, details: [detail] });
    const { verdict } = verification;
    if (!verification.accepted) {
      const { refusal } = verification;
      await this.#tell(verdict, refusal.status, []);
      return {
        status: refusal.status,
        headers: { 'WWW-Authenticate': challengeOf(refusal, 'the bAInk') },
        body: { ...refusalBody(refusal) },
      };
    }
    if (!this.#spent.spend(verification.token)) {
      const why = 'this token has moved money before, and counts once; ask for another approval';
      await this.#tell(verdict, 401, [{ check: 'single_use', passed: false, why }]);
      return { status: 401, headers: {}, body: { error: 'invalid_token', error_description: why } };
    }
    await this.#tell(verdict, 201, [{ check: 'single_use', passed: true }]);
    return { status: 201, headers: {}, body: { status: 'transferred', ...transfer } };
  }

  async #tell(
    { token_id: tokenId, ...verdict }: Verdict,
    status: number,
    more: readonly ApiCheck[],
  ): Promise<void> {
    const origin = tokenId === undefined ? undefined : await this.#tenant.issuedTokens.originOf(tokenId);
    this.#tenant.log.append({
      type: 'api.called',
      ...origin,
      ...verdict,
      method: 'POST',
      path: BANK_API_PATH,
      status,
      checks: [...verdict.checks, ...more],
    });
  }
}
