// npm `@auth0/ai-vercel`: a tool of the Vercel AI SDK inside `withAsyncAuthorization`, which was `withAsyncUserConfirmation` in
// version 3. `ask` runs it in blocking mode, `start` and `poll` in interrupt mode. There, each run of the tool polls once, so
// `start` itself is the first poll.
import { randomUUID } from 'node:crypto';
import { type Tool, tool } from 'ai';
import type { AuthorizationDetail } from 'assent/contract';
import { z } from 'zod';
import { type CodePrefix, pendingCode, tellInterrupt } from './auth0-ai-interrupts.ts';
import { aiVercel, aiVercel3 } from './auth0-ai-packages.ts';
import { type Answer, answerOf, type Driver, type Question, type SdkError } from './driver.ts';
import { InterruptionStore } from './interruption-store.ts';
import { readAuthApiError } from './node-auth0.ts';

interface ProtectionParameters {
  userID(): Promise<string>;
  bindingMessage(): Promise<string>;
  scopes: string[];
  audience: string;
  authorizationDetails?: () => Promise<AuthorizationDetail[]>;
  onAuthorizationRequest: 'block' | 'interrupt';
}

interface Auth0Options {
  auth0: { domain: string; clientId: string; clientSecret: string };
  /** Where interruptions are kept. Blocking needs none. */
  store?: InterruptionStore;
}

/** What the versions spell differently. */
interface Version {
  readonly name: string;
  readonly packageName: string;
  readonly uses: string;
  readonly codes: CodePrefix;
  /** Makes a tool that runs once it is approved. */
  protect(options: Auth0Options, parameters: ProtectionParameters, inner: Tool): Tool;
  /** Inside of such a tool: what it got. */
  readCredentials(): ReturnType<typeof aiVercel.getAsyncAuthorizationCredentials>;
  runInThread(call: () => Promise<Answer>): Promise<Answer>;
}

function readError(codes: CodePrefix, error: unknown): SdkError | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return readAuthApiError(error);
  }
  if (!error.code.startsWith(`${codes}_`)) return undefined;
  const retryAfter = 'retryAfter' in error ? String(error.retryAfter) : undefined;
  return {
    class: error.constructor.name,
    code: error.code,
    description: error.message,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** A transfer that has to be approved. Run again, it is the same call of the same conversation. */
function createProtectedTransfer(
  version: Version,
  options: Auth0Options,
  question: Question,
  mode: 'block' | 'interrupt',
) {
  const { userId, bindingMessage, scope, audience, authorizationDetails } = question;
  const transfer = version.protect(
    options,
    {
      userID: async () => userId,
      bindingMessage: async () => bindingMessage,
      scopes: [...scope],
      audience,
      ...(authorizationDetails && { authorizationDetails: async () => [...authorizationDetails] }),
      onAuthorizationRequest: mode,
    },
    tool({
      description: 'Transfers money.',
      inputSchema: z.object({}),
      execute: async (): Promise<Answer> => {
        const credentials = version.readCredentials();
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
  return () => version.runInThread(() => answerOf(run, (error) => readError(version.codes, error)));
}

function createDriver(version: Version): Driver {
  const { name, packageName, uses, codes } = version;
  return {
    name,
    packageName,
    uses,
    async connect({ domain, clientId, clientSecret }) {
      const auth0 = { domain, clientId, clientSecret };
      return {
        ask: (question) => createProtectedTransfer(version, { auth0 }, question, 'block')(),
        async start(question) {
          const store = new InterruptionStore();
          const run = createProtectedTransfer(version, { auth0, store }, question, 'interrupt');
          const first = await run();
          if (!('error' in first && first.error.code === pendingCode(codes))) {
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
    tell: (refusal) => tellInterrupt(codes, refusal),
  };
}

const THREAD = { threadID: 'thread' };

export const auth0AiVercelDriver: Driver = createDriver({
  name: '@auth0/ai-vercel',
  packageName: '@auth0/ai-vercel',
  uses: '`withAsyncAuthorization`, blocking and interrupting',
  codes: 'ASYNC_AUTHORIZATION',
  protect: (options, parameters, inner) =>
    new aiVercel.Auth0AI(options).withAsyncAuthorization(parameters, inner),
  readCredentials: () => aiVercel.getAsyncAuthorizationCredentials(),
  runInThread: (call) => aiVercel.runWithAIContext(THREAD, call),
});

/** With the versions that the lab has. */
export const auth0AiVercel3Driver: Driver = createDriver({
  name: '@auth0/ai-vercel 3',
  packageName: 'ai-vercel-3',
  uses: '`withAsyncUserConfirmation`, blocking and interrupting; with `@auth0/ai` 4, since it cannot be loaded with 5',
  codes: 'CIBA',
  protect: (options, parameters, inner) =>
    new aiVercel3.Auth0AI(options).withAsyncUserConfirmation(parameters, inner),
  readCredentials: () => aiVercel3.getCIBACredentials(),
  runInThread: (call) => aiVercel3.runWithAIContext(THREAD, call),
});
