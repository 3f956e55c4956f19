// The API that the tokens are for. It moves money only for a token that was approved for exactly this transfer.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AuthorizationDetail } from 'assent/contract';
import { challengeOf, createTokenVerifier, refusalBody, type TokenVerifier } from 'assent/resource-server';
import { AUDIENCE, TRANSFER_SCOPE, TRANSFER_TYPE } from './tenant.ts';

export interface Transfer {
  readonly to: string;
  readonly amount: string;
  readonly currency: string;
}

interface BankAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface BankApi extends AsyncDisposable {
  /** Asks for a transfer, as an agent would. */
  transfer(transfer: Transfer, accessToken: string): Promise<BankAnswer>;
  /** What has been moved to this person. */
  movedTo(to: string): readonly Transfer[];
}

/** The details that an agent has to have approved before it calls `transfer`. */
export function detailOf({ to, amount, currency }: Transfer): AuthorizationDetail {
  return { type: TRANSFER_TYPE, to, amount, currency };
}

function isTransfer(value: unknown): value is Transfer {
  return (
    typeof value === 'object' && value !== null && 'to' in value && 'amount' in value && 'currency' in value
  );
}

async function answer(
  request: IncomingMessage,
  verifier: TokenVerifier,
  moved: Transfer[],
): Promise<BankAnswer> {
  const transfer = await json(request);
  if (!isTransfer(transfer)) return { status: 400, body: { error: 'expected to, amount and currency' } };
  const verification = await verifier.verify(request, {
    scope: TRANSFER_SCOPE,
    details: [detailOf(transfer)],
  });
  if (!verification.accepted) {
    const { refusal } = verification;
    return { status: refusal.status, body: { ...refusalBody(refusal), challenge: challengeOf(refusal) } };
  }
  moved.push(transfer);
  return { status: 201, body: { moved: transfer.amount } };
}

/**
 * @param issuer whose tokens count
 * @param ca certificate authority of that issuer
 */
export async function startBankApi(issuer: string, ca: string): Promise<BankApi> {
  const verifier = createTokenVerifier({ issuer, audience: AUDIENCE, ca });
  const moved: Transfer[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    answer(request, verifier, moved).then(
      ({ status, body }) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(JSON.stringify({ error: String(error) })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a TCP port');
  const url = `http://127.0.0.1:${address.port}/transfers`;
  return {
    async transfer(transfer, accessToken) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(transfer),
      });
      const body: BankAnswer['body'] = Object(await response.json());
      return { status: response.status, body };
    },
    movedTo: (to) => moved.filter((transfer) => transfer.to === to),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
