// A bank's agent in LangGraph, with `@auth0/ai-langchain`: it asks for approval of the transfer, waits without a process that
// waits, and helps somebody who has no device yet to enrol one. Its model always wants the same transfer.
import { AIMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { z } from 'zod';
import { type BankApi, detailOf, type Transfer } from '../bank-api.ts';
import { aiLangchain } from '../drivers/auth0-ai-packages.ts';
import { AUDIENCE, TRANSFER_SCOPE } from '../tenant.ts';

interface TransferGraphOptions {
  auth0: { domain: string; clientId: string; clientSecret: string };
  bank: BankApi;
  transfer: Transfer;
  userId: string;
  /** Makes an enrolment ticket for the person. */
  invite(): Promise<string>;
}

const NOT_ENROLLED = 'CIBA_USER_DOES_NOT_HAVE_PUSH_NOTIFICATIONS';

export function createTransferGraph({ auth0, bank, transfer, userId, invite }: TransferGraphOptions) {
  const move = new aiLangchain.Auth0AI({ auth0 }).withAsyncUserConfirmation(
    {
      userID: async () => userId,
      bindingMessage: async () => 'Order 4711',
      scopes: [TRANSFER_SCOPE],
      audience: AUDIENCE,
      authorizationDetails: async () => [detailOf(transfer)],
      onUnauthorized: async (error: Error & { code?: string }) => {
        if (error.code !== NOT_ENROLLED) return `refused: ${error.message}`;
        // The thread waits here for the person; resumed, this node runs again from its beginning.
        return interrupt({ enrolAt: await invite() });
      },
    },
    tool(
      async () => {
        const token = aiLangchain.getCIBACredentials()?.accessToken ?? '';
        const { status } = await bank.transfer(transfer, token);
        return `the bank answered ${status}`;
      },
      { name: 'transfer', description: 'Transfers money.', schema: z.object({}) },
    ),
  );
  const call = { id: 'call-1', name: 'transfer', args: {} };
  return new StateGraph(MessagesAnnotation)
    .addNode('model', async () => ({ messages: [new AIMessage({ content: '', tool_calls: [call] })] }))
    .addNode('tools', new ToolNode([move], { handleToolErrors: false }))
    .addEdge(START, 'model')
    .addEdge('model', 'tools')
    .addEdge('tools', END)
    .compile({ checkpointer: new MemorySaver() });
}
