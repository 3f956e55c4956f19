// Somebody who sets up a tenant over HTTP, with an access token for its Management API.

import { Agent, type Asked } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

/** Client of the bank that may do everything. */
export const ADMINISTRATOR = {
  client_id: 'administrator',
  client_secret: 'administrator-secret-not-real',
} as const;

export interface Administrator {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  /** With what to take away, where it is a part of something. */
  delete(path: string, body?: unknown): Promise<Answer>;
}

/**
 * @param credentials of a client with a grant for the Management API
 * @param asked what the token is for; left out: all that the grant allows
 */
export async function administratorOf(
  server: Asked,
  credentials: Readonly<Record<string, string>> = ADMINISTRATOR,
  asked: { scope?: string } = {},
): Promise<Administrator> {
  const answer = await new Agent(server, credentials).token({
    grant_type: 'client_credentials',
    audience: `${server.issuer}api/v2/`,
    ...asked,
  });
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text}`);
  const authorization = `Bearer ${answer.json().access_token}`;
  const send = (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(`${server.url}/api/v2${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body }),
      ...(server.ca === undefined ? {} : { ca: server.ca }),
    });
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path, body) => send('DELETE', path, body),
  };
}
