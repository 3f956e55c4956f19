// npm `@auth0/ai-langchain`: a tool in a LangGraph graph inside `withAsyncUserConfirmation`. `ask` blocks in the tool; `start`
// lets the graph be interrupted, and each `poll` resumes its thread from the checkpoint, which runs the tool again.
import { randomUUID } from 'node:crypto';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import type { RunnableConfig } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { END, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { z } from 'zod';
import { pendingCode, tellInterrupt } from './auth0-ai-interrupts.ts';
import { aiLangchain } from './auth0-ai-packages.ts';
import type { Answer, Driver, Question, SdkError } from './driver.ts';
import { InterruptionStore } from './interruption-store.ts';
import { readAuthApiError } from './node-auth0.ts';

type Auth0AI = InstanceType<typeof aiLangchain.Auth0AI>;

function readError(error: unknown): SdkError {
  const read = readInterrupt(error) ?? readAuthApiError(error);
  if (read === undefined) throw error;
  return error instanceof Error ? { class: error.constructor.name, ...read } : read;
}

/** Those that end the tool are errors. Those that interrupt a graph come from its checkpoint, where they have no class. */
function readInterrupt(value: unknown): SdkError | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value && 'message' in value))
    return undefined;
  const retryAfter = 'retryAfter' in value ? String(value.retryAfter) : undefined;
  return {
    code: String(value.code),
    description: String(value.message),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** A conversation in which the model asks for the transfer, and what came of it. */
interface TransferThread {
  begin(): Promise<Answer>;
  /** Goes on from the checkpoint at which `begin` was interrupted, however often. */
  resume(): Promise<Answer>;
}

/** A graph whose one tool is a transfer that has to be approved. Its model says the same every time. */
function createTransferThread(
  auth0Ai: Auth0AI,
  question: Question,
  mode: 'block' | 'interrupt',
): TransferThread {
  const { userId, bindingMessage, scope, audience, authorizationDetails } = question;
  let last: Answer | undefined;
  const transfer = auth0Ai.withAsyncUserConfirmation(
    {
      userID: async () => userId,
      bindingMessage: async () => bindingMessage,
      scopes: [...scope],
      audience,
      ...(authorizationDetails && { authorizationDetails: async () => [...authorizationDetails] }),
      onAuthorizationRequest: mode,
      onUnauthorized: async (error: unknown) => {
        last = { error: readError(error) };
        return 'not transferred';
      },
    },
    tool(
      async () => {
        const credentials = aiLangchain.getCIBACredentials();
        if (!credentials) throw new TypeError('the tool ran without credentials');
        last = {
          tokens: {
            accessToken: credentials.accessToken,
            idToken: credentials.idToken,
            tokenType: credentials.tokenType,
            scope: credentials.scopes?.join(' '),
            authorizationDetails: credentials.authorizationDetails,
          },
        };
        return 'transferred';
      },
      { name: 'transfer', description: 'Transfers money.', schema: z.object({}) },
    ),
  );
  const call = { id: randomUUID(), name: 'transfer', args: {} };
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('model', async () => ({ messages: [new AIMessage({ content: '', tool_calls: [call] })] }))
    .addNode('tools', new ToolNode([transfer], { handleToolErrors: false }))
    .addEdge(START, 'model')
    .addEdge('model', 'tools')
    .addEdge('tools', END)
    .compile({ checkpointer: new MemorySaver() });
  const id = randomUUID();
  const thread = { configurable: { thread_id: id } };
  const run = async (input: Parameters<typeof graph.invoke>[0], from: RunnableConfig): Promise<Answer> => {
    last = undefined;
    await graph.invoke(input, from);
    const state = await graph.getState(thread);
    const [interrupt] = state.tasks.flatMap((task) => task.interrupts);
    if (interrupt) return { error: readError(interrupt.value) };
    if (!last) throw new TypeError('the graph ended, and its tool had not run');
    return last;
  };
  let interruptedAt: RunnableConfig | undefined;
  return {
    async begin() {
      const answer = await run({ messages: [new HumanMessage('Pay Grace.')] }, thread);
      interruptedAt = (await graph.getState(thread)).config;
      return answer;
    },
    async resume() {
      if (!interruptedAt) throw new TypeError('the graph has not begun');
      return run(null, interruptedAt);
    },
  };
}

export const auth0AiLangchainDriver: Driver = {
  name: '@auth0/ai-langchain',
  packageName: '@auth0/ai-langchain',
  uses: '`withAsyncUserConfirmation` in a LangGraph graph, blocking, or interrupted and resumed; with `@auth0/ai` 4, since it cannot be loaded with 5',
  async connect({ domain, clientId, clientSecret }) {
    const auth0 = { domain, clientId, clientSecret };
    return {
      ask: (question) => createTransferThread(new aiLangchain.Auth0AI({ auth0 }), question, 'block').begin(),
      async start(question) {
        const store = new InterruptionStore();
        const thread = createTransferThread(new aiLangchain.Auth0AI({ auth0, store }), question, 'interrupt');
        const first = await thread.begin();
        if (!('error' in first && first.error.code === pendingCode('CIBA'))) {
          throw new TypeError(`expected the graph to be interrupted, got ${JSON.stringify(first)}`);
        }
        store.save();
        return {
          poll() {
            store.restore();
            return thread.resume();
          },
        };
      },
    };
  },
  tell(refusal) {
    const { class: className, ...members } = tellInterrupt('CIBA', refusal);
    return refusal.error === 'slow_down' ? members : { ...members, ...(className && { class: className }) };
  },
};
