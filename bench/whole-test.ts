// One whole test as a user of Assent writes it: an unmodified `@auth0/ai-vercel` tool in block mode asks, the test approves what
// it sees, the tool runs with its token, and the API takes the token for exactly this transfer.
import { createRequire } from 'node:module';
import { tool } from 'ai';
import { type ControlClient, createControlClient } from 'assent';
import { createTokenVerifier, type TokenVerifier } from 'assent/resource-server';
import { z } from 'zod';
import type { Target, Times } from './messages.ts';

// Its ES module build imports files without extensions, which Node refuses.
const aiVercel: typeof import('@auth0/ai-vercel') = createRequire(import.meta.url)('@auth0/ai-vercel');

const DETAIL = { type: 'transfer_funds', to: 'Grace', amount: '25.00', currency: 'EUR' };
const SCOPE = 'create:transfer';

export class WholeTest {
  readonly #control: ControlClient;
  readonly #verifier: TokenVerifier;
  readonly #transfer: () => Promise<unknown>;
  #token: { text: string; atMs: number } | undefined;

  constructor({ url, issuer, ca, env }: Target) {
    const { AUTH0_DOMAIN = '', AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '', AUTH0_AUDIENCE = '' } = env;
    this.#control = createControlClient({ url, ca });
    this.#verifier = createTokenVerifier({ issuer, audience: AUTH0_AUDIENCE, ca });
    const auth0 = { domain: AUTH0_DOMAIN, clientId: AUTH0_CLIENT_ID, clientSecret: AUTH0_CLIENT_SECRET };
    const protect = new aiVercel.Auth0AI({ auth0 }).withAsyncAuthorization({
      userID: async () => 'auth0|ada',
      bindingMessage: async () => 'Order 4711',
      scopes: [SCOPE],
      audience: AUTH0_AUDIENCE,
      authorizationDetails: async () => [DETAIL],
      onAuthorizationRequest: 'block',
    });
    const transfer = protect(
      tool({
        description: 'Transfers money.',
        inputSchema: z.object({}),
        execute: async () => {
          const text = aiVercel.getAsyncAuthorizationCredentials()?.accessToken;
          if (text === undefined) throw new TypeError('the tool ran without a token');
          this.#token = { text, atMs: performance.now() };
        },
      }),
    );
    this.#transfer = async () =>
      aiVercel.runWithAIContext({ threadID: 'bench' }, () =>
        transfer.execute?.({}, { toolCallId: crypto.randomUUID(), messages: [] }),
      );
  }

  /** @throws where anything but an accepted token comes out */
  async run(): Promise<Times> {
    this.#token = undefined;
    const beganMs = performance.now();
    const asking = this.#transfer();
    const approval = await this.#control.nextApproval();
    const seenMs = performance.now();
    if (!approval) throw new Error('no request came');
    await this.#control.approve(approval.id);
    const decidedMs = performance.now();
    const failure = await asking;
    // Read through a method: the tool sets it while this waits.
    const token = this.#received();
    if (failure instanceof Error || !token) throw new Error('the tool did not run', { cause: failure });
    const haveMs = performance.now();
    const verification = await this.#verifier.verify(`Bearer ${token.text}`, {
      scope: SCOPE,
      details: [DETAIL],
    });
    const endedMs = performance.now();
    if (!verification.accepted) throw new Error(`the token was refused: ${verification.refusal.description}`);
    return {
      whole: endedMs - beganMs,
      request: seenMs - beganMs,
      decide: decidedMs - seenMs,
      token: token.atMs - decidedMs,
      verify: endedMs - haveMs,
    };
  }

  #received(): { text: string; atMs: number } | undefined {
    return this.#token;
  }
}
