// npm `@auth0/ai-vercel`: a tool of the Vercel AI SDK inside `withAsyncAuthorization`. `ask` runs it in blocking mode, `start`
// and `poll` in interrupt mode. There, each run of the tool polls once, so `start` itself is the first poll.
import { randomUUID } from 'node:crypto';
import { type Tool, tool } from 'ai';
import { z } from 'zod';
import { aiVercel } from './auth0-ai-packages.ts';
import { type Answer, answerOf, type Driver, type Question, type Refusal, type SdkError } from './driver.ts';
import { InterruptionStore } from './interruption-store.ts';
import { readAuthApiError, tellAuthApiError } from './node-auth0.ts';

type Auth0AI = InstanceType<typeof aiVercel.Auth0AI>;
type AuthorizationParameters = Parameters<Auth0AI['withAsyncAuthorization']>[0];

/** Codes by OAuth error. `invalid_request` always reads as "not enrolled" in this SDK. */
const INTERRUPTS: Readonly<Record<string, { class: string; code: string }>> = {
  authorization_pending: {
    class: 'AuthorizationPendingInterrupt',
    code: 'ASYNC_AUTHORIZATION_AUTHORIZATION_PENDING',
  },
  slow_down: {
    class: 'AuthorizationPollingInterrupt',
    code: 'ASYNC_AUTHORIZATION_AUTHORIZATION_POLLING_ERROR',
  },
  invalid_grant: { class: 'InvalidGrantInterrupt', code: 'ASYNC_AUTHORIZATION_INVALID_GRANT' },
  invalid_request: {
    class: 'UserDoesNotHavePushNotificationsInterrupt',
    code: 'ASYNC_AUTHORIZATION_USER_DOES_NOT_HAVE_PUSH_NOTIFICATIONS',
  },
  access_denied: { class: 'AccessDeniedInterrupt', code: 'ASYNC_AUTHORIZATION_ACCESS_DENIED' },
};

/** At /bc-authorize the SDK translates `invalid_request` alone. */
function interruptFor({ endpoint, error }: Refusal): { class: string; code: string } | undefined {
  return endpoint === 'token' || error === 'invalid_request' ? INTERRUPTS[error] : undefined;
}

function readError(error: unknown): SdkError | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return readAuthApiError(error);
  }
  if (!error.code.startsWith('ASYNC_AUTHORIZATION_')) return undefined;
  const retryAfter = 'retryAfter' in error ? String(error.retryAfter) : undefined;
  return {
    class: error.constructor.name,
    code: error.code,
    description: error.message,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** A transfer that has to be approved. Run again, it is the same call of the same conversation. */
function createProtectedTransfer(auth0Ai: Auth0AI, question: Question, mode: 'block' | 'interrupt') {
  const { userId, bindingMessage, scope, audience, authorizationDetails } = question;
  const parameters: AuthorizationParameters = {
    userID: async () => userId,
    bindingMessage: async () => bindingMessage,
    scopes: [...scope],
    audience,
    ...(authorizationDetails && { authorizationDetails: async () => [...authorizationDetails] }),
    onAuthorizationRequest: mode,
  };
  const transfer: Tool = auth0Ai.withAsyncAuthorization(
    parameters,
    tool({
      description: 'Transfers money.',
      inputSchema: z.object({}),
      execute: async (): Promise<Answer> => {
        const credentials = aiVercel.getAsyncAuthorizationCredentials();
        if (!credentials) throw new TypeError('the tool ran without credentials');
        return {
          tokens: {
            accessToken: credentials.accessToken,
            idToken: credentials.idToken,
            tokenType: credentials.tokenType,
            scope: credentials.scopes?.join(' '),
            authorizationDetails: credentials.authorizationDetails,
          },
        };
      },
    }),
  );
  const toolCallId = randomUUID();
  const run = async (): Promise<Answer> => {
    const result: Answer | Error = await transfer.execute?.({}, { toolCallId, messages: [] });
    // Without `onUnauthorized`, errors other than interruptions are what the tool returns, not what it throws.
    if (result instanceof Error) throw result;
    return result;
  };
  return () => aiVercel.runWithAIContext({ threadID: 'thread' }, () => answerOf(run, readError));
}

export const auth0AiVercelDriver: Driver = {
  name: '@auth0/ai-vercel',
  packageName: '@auth0/ai-vercel',
  uses: '`withAsyncAuthorization`, blocking and interrupting',
  async connect({ domain, clientId, clientSecret }) {
    const auth0 = { domain, clientId, clientSecret };
    const blocking = new aiVercel.Auth0AI({ auth0 });
    return {
      ask: (question) => createProtectedTransfer(blocking, question, 'block')(),
      async start(question) {
        const store = new InterruptionStore();
        const run = createProtectedTransfer(new aiVercel.Auth0AI({ auth0, store }), question, 'interrupt');
        const first = await run();
        if (!('error' in first && first.error.code === INTERRUPTS['authorization_pending']?.code)) {
          throw new TypeError(`expected the tool to be interrupted, got ${JSON.stringify(first)}`);
        }
        store.save();
        return {
          poll() {
            store.restore();
            return run();
          },
        };
      },
    };
  },
  tell(refusal) {
    const interrupt = interruptFor(refusal);
    if (interrupt === undefined) return tellAuthApiError(refusal);
    const { description, retryAfter } = refusal;
    return { ...interrupt, description, ...(retryAfter === undefined ? {} : { retryAfter }) };
  },
};
