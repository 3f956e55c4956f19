// npm `openid-client` 6: discovery, then a loop of its own; `genericGrantRequest` polls once. Everything it can check is
// switched on, the signature of the ID token too.
import {
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  genericGrantRequest,
  initiateBackchannelAuthentication,
  pollBackchannelAuthenticationGrant,
  ResponseBodyError,
  type TokenEndpointResponse,
} from 'openid-client';
import {
  type Answer,
  answerOf,
  type Driver,
  loginHint,
  type Question,
  type Refusal,
  type SdkError,
  scopeText,
} from './driver.ts';

const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba';

/** Reads a `ResponseBodyError` of oauth4webapi, which openid-client passes on. */
export function readResponseBodyError(error: unknown): SdkError | undefined {
  if (!(error instanceof ResponseBodyError)) return undefined;
  const retryAfter = error.response.headers.get('retry-after');
  return {
    class: error.name,
    code: error.code,
    error: error.error,
    ...(error.error_description === undefined ? {} : { description: error.error_description }),
    status: error.status,
    ...(retryAfter === null ? {} : { retryAfter }),
  };
}

export function tellResponseBodyError({ endpoint: _endpoint, ...refusal }: Refusal): SdkError {
  return { class: 'ResponseBodyError', code: 'OAUTH_RESPONSE_BODY_ERROR', ...refusal };
}

export function toAnswer(granted: TokenEndpointResponse): Answer {
  return {
    tokens: {
      accessToken: granted.access_token,
      idToken: granted.id_token,
      tokenType: granted.token_type,
      scope: granted.scope,
      authorizationDetails: granted.authorization_details,
    },
  };
}

/** CIBA Core §7.1, for libraries that take the parameters as they are. */
export function toParameters(issuer: string, question: Question): Record<string, string> {
  return {
    scope: scopeText(question),
    audience: question.audience,
    binding_message: question.bindingMessage,
    login_hint: loginHint(issuer, question),
    ...(question.authorizationDetails && {
      authorization_details: JSON.stringify(question.authorizationDetails),
    }),
  };
}

export const openidClientDriver: Driver = {
  name: 'openid-client 6',
  packageName: 'openid-client',
  uses: '`pollBackchannelAuthenticationGrant`, with checks of the ID token’s signature',
  async connect({ issuer, clientId, clientSecret }) {
    const configuration: Configuration = await discovery(
      new URL(issuer),
      clientId,
      undefined,
      ClientSecretPost(clientSecret),
      { execute: [enableNonRepudiationChecks] },
    );
    const initiate = (question: Question) =>
      initiateBackchannelAuthentication(
        configuration,
        toParameters(configuration.serverMetadata().issuer, question),
      );
    return {
      ask: (question) =>
        answerOf(
          async () =>
            toAnswer(await pollBackchannelAuthenticationGrant(configuration, await initiate(question))),
          readResponseBodyError,
        ),
      async start(question) {
        const { auth_req_id } = await initiate(question);
        return {
          poll: () =>
            answerOf(
              async () =>
                toAnswer(await genericGrantRequest(configuration, CIBA_GRANT_TYPE, { auth_req_id })),
              readResponseBodyError,
            ),
        };
      },
    };
  },
  tell: tellResponseBodyError,
};
