// npm `@auth0/auth0-auth-js`: `backchannelAuthentication` asks and waits in one call; two more calls do it step by step.
import { AuthClient, BackchannelAuthenticationError, type TokenResponse } from '@auth0/auth0-auth-js';
import { type Answer, answerOf, type Driver, type Question, type SdkError, scopeText } from './driver.ts';

const OWN_CODE = 'backchannel_authentication_error';

function readError(error: unknown): SdkError | undefined {
  if (!(error instanceof BackchannelAuthenticationError)) return undefined;
  const { cause, statusCode, headers } = error;
  if (cause === undefined) return undefined;
  const retryAfter = headers?.get('retry-after');
  return {
    class: error.name,
    code: error.code,
    error: cause.error,
    description: cause.error_description,
    ...(statusCode === undefined ? {} : { status: statusCode }),
    ...(retryAfter ? { retryAfter } : {}),
  };
}

function toAnswer(granted: TokenResponse): Answer {
  return {
    tokens: {
      accessToken: granted.accessToken,
      idToken: granted.idToken,
      tokenType: granted.tokenType,
      scope: granted.scope,
      authorizationDetails: granted.authorizationDetails,
    },
  };
}

function toOptions(question: Question): Parameters<AuthClient['initiateBackchannelAuthentication']>[0] {
  return {
    bindingMessage: question.bindingMessage,
    loginHint: { sub: question.userId },
    authorizationParams: { scope: scopeText(question), audience: question.audience },
    ...(question.authorizationDetails && { authorizationDetails: [...question.authorizationDetails] }),
  };
}

export const auth0AuthJsDriver: Driver = {
  name: '@auth0/auth0-auth-js',
  packageName: '@auth0/auth0-auth-js',
  uses: '`AuthClient.backchannelAuthentication`, `initiateBackchannelAuthentication`, `backchannelAuthenticationGrant`',
  async connect({ domain, clientId, clientSecret }) {
    const client = new AuthClient({ domain, clientId, clientSecret });
    return {
      ask: (question) =>
        answerOf(
          async () => toAnswer(await client.backchannelAuthentication(toOptions(question))),
          readError,
        ),
      async start(question) {
        const { authReqId } = await client.initiateBackchannelAuthentication(toOptions(question));
        return {
          poll: () =>
            answerOf(
              async () => toAnswer(await client.backchannelAuthenticationGrant({ authReqId })),
              readError,
            ),
        };
      },
    };
  },
  tell: ({ endpoint: _endpoint, ...refusal }) => ({
    class: 'BackchannelAuthenticationError',
    code: OWN_CODE,
    ...refusal,
  }),
};
