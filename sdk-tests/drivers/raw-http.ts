// No SDK: `node:https` and the certificate authority given by hand. Posts a form to /bc-authorize and JSON to
// /oauth/token, as auth0-python does.
import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { answerOf, type Driver, type SdkError } from './driver.ts';
import { toParameters } from './openid-client.ts';
import { createPollingAgent } from './polling-loop.ts';

interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Record<string, unknown>;
}

class RefusedByServer extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`status ${answer.status}: ${JSON.stringify(answer.body)}`);
    this.answer = answer;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function post(url: URL, ca: string, contentType: string, content: string): Promise<HttpAnswer['body']> {
  const outgoing = request(url, { method: 'POST', ca, headers: { 'Content-Type': contentType } });
  outgoing.end(content);
  const [response] = await once(outgoing, 'response');
  const body: unknown = JSON.parse(await text(response));
  if (!isObject(body)) throw new TypeError(`expected a JSON object from ${url.pathname}`);
  const answer = { status: response.statusCode, retryAfter: response.headers['retry-after'], body };
  if (answer.status !== 200) throw new RefusedByServer(answer);
  return body;
}

function readError(error: unknown): SdkError | undefined {
  if (!(error instanceof RefusedByServer)) return undefined;
  const { status, retryAfter, body } = error.answer;
  return {
    status,
    error: String(body['error']),
    description: String(body['error_description']),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function readText(body: Record<string, unknown>, member: string): string {
  const value = body[member];
  if (typeof value !== 'string') throw new TypeError(`expected text in ${member}, got ${typeof value}`);
  return value;
}

export const rawHttpDriver: Driver = {
  name: 'raw HTTP',
  packageName: undefined,
  uses: '`node:https` with `ca`; a form to /bc-authorize, JSON to /oauth/token',
  async connect({ issuer, clientId, clientSecret, ca }) {
    const credentials = { client_id: clientId, client_secret: clientSecret };
    return createPollingAgent(async (question) => {
      const form = new URLSearchParams({ ...credentials, ...toParameters(issuer, question) });
      const started = await post(
        new URL('bc-authorize', issuer),
        ca,
        'application/x-www-form-urlencoded',
        form.toString(),
      );
      const json = JSON.stringify({
        ...credentials,
        grant_type: 'urn:openid:params:grant-type:ciba',
        auth_req_id: readText(started, 'auth_req_id'),
      });
      return {
        intervalSeconds: Number(started['interval']),
        poll: () =>
          answerOf(async () => {
            const granted = await post(new URL('oauth/token', issuer), ca, 'application/json', json);
            return {
              tokens: {
                accessToken: readText(granted, 'access_token'),
                idToken: readText(granted, 'id_token'),
                tokenType: readText(granted, 'token_type'),
                scope: readText(granted, 'scope'),
                authorizationDetails: granted['authorization_details'],
              },
            };
          }, readError),
      };
    }, readError);
  },
  tell: ({ endpoint: _endpoint, ...refusal }) => refusal,
};
