// The tool that students of the lab write: a transfer at the bank, wrapped so that the person is asked before. The callback
// tells them that a push was sent, and `onUnauthorized` turns what ends without an approval into an answer for the page.
import { randomUUID } from 'node:crypto';
import { type Tool, tool } from 'ai';
import { z } from 'zod';
import { type BankApi, detailOf, type Transfer } from '../bank-api.ts';
import { aiVercel3 } from '../drivers/auth0-ai-packages.ts';
import { AUDIENCE, TRANSFER_SCOPE } from '../tenant.ts';

interface TransferToolOptions {
  auth0: { domain: string; clientId: string; clientSecret: string };
  /** Who is logged in. */
  userId: string;
  bank: BankApi;
}

interface TransferTool {
  /** What the bank answered, or which interrupt ended it. */
  run(transfer: Transfer): Promise<unknown>;
  /** What the person reads while the tool waits. */
  readonly said: Promise<string>;
  /** What the tool got. */
  accessToken(): string;
}

export function createTransferTool({ auth0, userId, bank }: TransferToolOptions): TransferTool {
  const said = Promise.withResolvers<string>();
  let accessToken = '';
  const transferFunds: Tool = new aiVercel3.Auth0AI({ auth0 }).withAsyncUserConfirmation(
    {
      scopes: [TRANSFER_SCOPE],
      audience: AUDIENCE,
      userID: async () => userId,
      bindingMessage: async () => 'Please approve the transfer',
      authorizationDetails: async (transfer: Transfer) => [detailOf(transfer)],
      onAuthorizationRequest: async (_request, credentials) => {
        said.resolve('A push notification has been sent to your device.');
        await credentials;
      },
      onUnauthorized: async (error: Error & { code?: string }) => ({ interrupted: error.code }),
    },
    tool({
      description: 'Transfers money.',
      inputSchema: z.object({ to: z.string(), amount: z.string(), currency: z.string() }),
      execute: async (transfer: Transfer) => {
        accessToken = aiVercel3.getCIBACredentials()?.accessToken ?? '';
        return bank.transfer(transfer, accessToken);
      },
    }),
  );
  return {
    run: (transfer) =>
      aiVercel3.runWithAIContext({ threadID: randomUUID() }, async () =>
        transferFunds.execute?.(transfer, { toolCallId: randomUUID(), messages: [] }),
      ),
    said: said.promise,
    accessToken: () => accessToken,
  };
}
