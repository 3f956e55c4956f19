// npm `auth0`, versions 4 to 7: `AuthenticationClient.backchannel`. It starts and polls once; the loop is the program's.
import { AuthenticationClient as Client4 } from 'auth0-4';
import { AuthenticationClient as Client5 } from 'auth0-5';
import { AuthenticationClient as Client6 } from 'auth0-6';
import { AuthenticationClient as Client7 } from 'auth0-7/legacy';
import { type Agent, answerOf, type Driver, type Refusal, type SdkError, scopeText } from './driver.ts';
import { createPollingAgent } from './polling-loop.ts';

interface ClientOptions {
  domain: string;
  clientId: string;
  clientSecret: string;
}

/** What the versions have in common. */
interface BackchannelClient {
  readonly backchannel: {
    authorize(options: Parameters<Client6['backchannel']['authorize']>[0]): Promise<{
      auth_req_id: string;
      interval: number;
    }>;
    backchannelGrant(options: { auth_req_id: string }): Promise<{
      access_token: string;
      id_token: string;
      token_type?: string;
      scope: string;
      authorization_details?: unknown;
    }>;
  };
}

/** Reads an `AuthApiError` by its members, since each version brings a class of its own. */
export function readAuthApiError(error: unknown): SdkError | undefined {
  if (!(error instanceof Error && error.name === 'AuthApiError')) return undefined;
  if (!('error' in error && 'error_description' in error && 'statusCode' in error && 'headers' in error)) {
    return undefined;
  }
  const { error: code, error_description: description, statusCode: status, headers } = error;
  if (typeof code !== 'string' || typeof description !== 'string' || typeof status !== 'number') {
    return undefined;
  }
  const retryAfter = headers instanceof Headers ? headers.get('retry-after') : null;
  return {
    class: error.name,
    error: code,
    description,
    status,
    ...(retryAfter === null ? {} : { retryAfter }),
  };
}

export function tellAuthApiError({ endpoint: _endpoint, ...refusal }: Refusal): SdkError {
  return { class: 'AuthApiError', ...refusal };
}

function createAgent({ backchannel }: BackchannelClient): Agent {
  return createPollingAgent(async (question) => {
    const { auth_req_id, interval } = await backchannel.authorize({
      userId: question.userId,
      binding_message: question.bindingMessage,
      scope: scopeText(question),
      audience: question.audience,
      ...(question.authorizationDetails && {
        authorization_details: JSON.stringify(question.authorizationDetails),
      }),
    });
    return {
      intervalSeconds: interval,
      poll: () =>
        answerOf(async () => {
          const granted = await backchannel.backchannelGrant({ auth_req_id });
          return {
            tokens: {
              accessToken: granted.access_token,
              idToken: granted.id_token,
              tokenType: granted.token_type,
              scope: granted.scope,
              authorizationDetails: granted.authorization_details,
            },
          };
        }, readAuthApiError),
    };
  }, readAuthApiError);
}

function createDriver(
  version: number,
  uses: string,
  createClient: (options: ClientOptions) => BackchannelClient,
): Driver {
  return {
    name: `auth0 ${version}`,
    packageName: `auth0-${version}`,
    uses,
    connect: async ({ domain, clientId, clientSecret }) =>
      createAgent(createClient({ domain, clientId, clientSecret })),
    tell: tellAuthApiError,
  };
}

const USES = '`AuthenticationClient.backchannel`';

export const nodeAuth0Drivers: readonly Driver[] = [
  createDriver(4, USES, (options) => new Client4(options)),
  createDriver(5, USES, (options) => new Client5(options)),
  createDriver(6, USES, (options) => new Client6(options)),
  createDriver(7, `${USES} of \`auth0/legacy\`, which is auth0 4`, (options) => new Client7(options)),
];
