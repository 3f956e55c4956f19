// The bank's API of the lessons, the part that the lab runs at localhost:3000: it moves money only for a token that is genuine,
// meant for it, and carries exactly what was approved, once. What it decided becomes a part of the story of the request.
import type { AuthorizationDetail } from '../contract/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import type { OwnServer } from '../own-call.ts';
import { certificateOf, createSpentProofs } from '../possession/index.ts';
import {
  createSpentTokens,
  createTokenVerifier,
  type JudgedCall,
  requireTokenInFetch,
  type SpentTokens,
} from '../resource-server/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { audienceOf, readSubject, TRANSFER_SCOPE, TRANSFER_TYPE } from './subject.ts';

export const BANK_API_PATH = '/lessons/accounts/transfers';

/** RFC 9110 §15.3.2: a transfer was created. */
const MOVED = 201;

/** What came in with a call, beside the transfer. */
export interface BankCall {
  /** As its caller wrote it. */
  url: string;
  authorization: string | undefined;
  /** RFC 9449 §4.1. */
  dpop: readonly string[];
  interactionId: string | undefined;
  /** Of the connection, which may have a certificate. */
  socket: unknown;
}

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
  readonly #spentProofs = createSpentProofs(() => Date.now());

  constructor(tenant: Tenant, server: OwnServer) {
    this.#tenant = tenant;
    this.#server = server;
    this.#spent = createSpentTokens({ clock: tenant.clock });
  }

  /** @param transfer what shall be done: the members of the approved detail but its type */
  async transfer(call: BankCall, transfer: JsonObject): Promise<BankAnswer> {
    const tenant = this.#tenant;
    const audience = audienceOf(readSubject(tenant));
    // Made for each call: the API may have been created since the last one, and the keys may have been rotated.
    const verifier = createTokenVerifier({
      issuer: tenant.issuer,
      audience,
      jwksUri: `${this.#server.url}/.well-known/jwks.json`,
      ca: this.#server.ca,
      clock: tenant.clock,
      spentProofs: this.#spentProofs,
    });
    const detail: AuthorizationDetail = { ...transfer, type: TRANSFER_TYPE };
    const told: Array<Promise<void>> = [];
    const answer = requireTokenInFetch(
      verifier,
      { scope: TRANSFER_SCOPE, details: [detail] },
      () => Response.json({ status: 'transferred', ...transfer }, { status: MOVED }),
      {
        realm: 'the bAInk',
        singleUse: this.#spent,
        interactionId: true,
        certificateOf: () => certificateOf(call.socket),
        report: {
          tell: (call) => void told.push(this.#tell(call)),
          settled: async () => void (await Promise.all(told)),
        },
      },
    );
    const response = await answer(new Request(call.url, { method: 'POST', headers: headersOf(call) }));
    await Promise.all(told);
    const body: unknown = await response.json();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJsonObject(body) ? body : {},
    };
  }

  async #tell({ status, method, path, verdict, more = [] }: JudgedCall): Promise<void> {
    const { token_id: tokenId, ...judged } = verdict;
    const origin = tokenId === undefined ? undefined : await this.#tenant.issuedTokens.originOf(tokenId);
    this.#tenant.log.append({
      type: 'api.called',
      ...origin,
      ...judged,
      method,
      path,
      // The gate says 200 of what it lets through.
      status: status === 200 ? MOVED : status,
      checks: [...judged.checks, ...more],
    });
  }
}

function headersOf({ authorization, dpop, interactionId }: BankCall): Headers {
  const headers = new Headers();
  if (authorization !== undefined) headers.set('Authorization', authorization);
  for (const proof of dpop) headers.append('DPoP', proof);
  if (interactionId !== undefined) headers.set('x-fapi-interaction-id', interactionId);
  return headers;
}
