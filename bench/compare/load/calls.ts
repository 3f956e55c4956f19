// The calls of an agent and of whoever answers. Each throws unless it gets exactly what was to be expected: a run with a mistake
// in it has no figures.
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Agent, Target } from '../target.ts';
import type { Connection, Reply } from './connection.ts';

const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** What every request asks for. */
const DETAILS = [{ type: 'transfer_funds', to: 'Grace', amount: '25.00', currency: 'EUR' }];
const DETAILS_TEXT = JSON.stringify(DETAILS);

/** Before the same is asked again of a server that says that it is busy; then it has failed. Two and a half seconds, all in all. */
const PAUSES_MS = [5, 10, 20, 40, 80, 160, 320, 640, 1280];

const tokenSchema = z.object({ access_token: z.string() });
const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  authorization_details: z.unknown(),
});
const waitingSchema = z.object({ user_req_id: z.string(), binding_message: z.string().nullish() });

/** RFC 6749 §4.4. */
export async function askForOwnToken(connection: Connection, target: Target, agent: Agent): Promise<string> {
  const reply = await connection.post(
    target.tokenPath,
    encode({
      ...identify(agent),
      grant_type: 'client_credentials',
      // What names the API at Auth0, and what it is called by oauth2-mock-server.
      [target.peer === 'oauth2-mock-server' ? 'aud' : 'audience']: agent.audience,
      scope: agent.scope,
    }),
  );
  return readToken(reply, target, agent, { hasDetails: false });
}

interface Question {
  approver: string;
  message: string;
  expirySeconds?: number;
  /** Of a client that is called back: CIBA Core §7.1. */
  notificationToken?: string;
}

/** CIBA Core §7.1. Answers the auth_req_id. */
export async function authorize(
  connection: Connection,
  target: Target,
  agent: Agent,
  { approver, message, expirySeconds, notificationToken }: Question,
): Promise<string> {
  const isGlewlwyd = target.peer === 'glewlwyd';
  const hint = isGlewlwyd ? { username: approver } : { format: 'iss_sub', iss: target.issuer, sub: approver };
  const reply = await connection.post(
    target.authorizePath ?? '',
    encode({
      ...identify(agent),
      scope: `openid ${agent.scope}`,
      audience: agent.audience,
      binding_message: message,
      login_hint: JSON.stringify(hint),
      authorization_details: DETAILS_TEXT,
      ...(expirySeconds === undefined ? {} : { requested_expiry: String(expirySeconds) }),
      ...(notificationToken === undefined ? {} : { client_notification_token: notificationToken }),
    }),
  );
  return read(reply, 200, 'an auth_req_id', z.object({ auth_req_id: z.string() })).auth_req_id;
}

/** CIBA Core §10.1, before there is an answer. */
export async function pollInVain(
  connection: Connection,
  target: Target,
  agent: Agent,
  authReqId: string,
): Promise<void> {
  const reply = await poll(connection, target, agent, authReqId);
  read(reply, 400, 'authorization_pending', z.object({ error: z.literal('authorization_pending') }));
}

/** CIBA Core §10.1, once it is approved, or at a server that keeps the poll until it is. */
export async function redeem(
  connection: Connection,
  target: Target,
  agent: Agent,
  authReqId: string,
): Promise<string> {
  const reply = await poll(connection, target, agent, authReqId);
  // Glewlwyd reads no authorization_details.
  return readToken(reply, target, agent, { hasDetails: target.peer !== 'glewlwyd' });
}

/** CIBA Core §10.1, whatever the answer is: the error, or that there is a token. */
export async function pollOnce(
  connection: Connection,
  target: Target,
  agent: Agent,
  authReqId: string,
): Promise<string> {
  const reply = await poll(connection, target, agent, authReqId);
  if (reply.status !== 200)
    return read(reply, 400, 'an error of OAuth', z.object({ error: z.string() })).error;
  readToken(reply, target, agent, { hasDetails: true });
  return 'a token';
}

function poll(connection: Connection, target: Target, agent: Agent, authReqId: string): Promise<Reply> {
  return connection.post(
    target.tokenPath,
    encode({ ...identify(agent), grant_type: CIBA_GRANT, auth_req_id: authReqId }),
  );
}

/** For the approver: by the control API, or with the approver's session where the server wants one. */
export async function approve(
  connection: Connection,
  target: Target,
  { authReqId, approver, message }: { authReqId: string; approver: string; message: string },
): Promise<void> {
  if (target.peer === 'glewlwyd') return approveAtGlewlwyd(connection, target, { approver, message });
  const path = `${target.peer === 'assent' ? '/control' : ''}/requests/${authReqId}/decision`;
  const reply = await connection.post(path, '{"decision":"approve"}', 'application/json');
  if (reply.status !== 200) throw unexpected(reply, 'the decision');
}

/** Its own page does the same two calls. */
async function approveAtGlewlwyd(
  connection: Connection,
  target: Target,
  { approver, message }: { approver: string; message: string },
): Promise<void> {
  const headers = { cookie: target.sessions?.[approver] ?? '' };
  const list = await connection.send('GET', '/api/oidc/ciba_user_list', headers);
  const waiting = read(list, 200, 'the requests of a person', z.array(waitingSchema));
  const request = waiting.find((one) => one.binding_message === message);
  if (!request) throw unexpected(list, `a request with the message ${message}`);
  const path = `/api/oidc/ciba_user_check?user_req_id=${request.user_req_id}&g_continue`;
  // Its database is taken, now and then.
  for (const pauseMs of [...PAUSES_MS, undefined]) {
    const reply = await connection.send('GET', path, headers);
    if (reply.status === 302 && reply.location.includes('ciba_message=complete')) return;
    const isBusy = reply.location.includes('ciba_message=server_error');
    if (!isBusy || pauseMs === undefined) throw unexpected(reply, 'an answer that counts');
    await wait(pauseMs);
  }
}

function identify({ clientId, clientSecret }: Agent): Record<string, string> {
  return { client_id: clientId, client_secret: clientSecret };
}

function encode(parameters: Record<string, string>): string {
  return new URLSearchParams(parameters).toString();
}

/** The payload alone: what signs it is looked at once for each slice, see `verification.ts`. */
function readToken(
  reply: Reply,
  target: Target,
  agent: Agent,
  { hasDetails }: { hasDetails: boolean },
): string {
  const token = read(reply, 200, 'a token', tokenSchema).access_token;
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const claims = claimsSchema.parse(JSON.parse(payload));
  const details = hasDetails ? DETAILS_TEXT : undefined;
  if (
    claims.iss !== target.issuer ||
    !isFor(claims.aud, agent) ||
    JSON.stringify(claims.authorization_details) !== details
  )
    throw new Error(
      `${target.peer} issued ${payload}, expected ${target.issuer}, ${agent.audience}, ${details}`,
    );
  return token;
}

/** Glewlwyd names what was granted in place of an API. */
function isFor(aud: string | string[], { audience, scope }: Agent): boolean {
  if (aud === scope || aud === `openid ${scope}`) return true;
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience;
}

function read<T>(reply: Reply, status: number, expected: string, schema: z.ZodType<T>): T {
  if (reply.status !== status) throw unexpected(reply, expected);
  const parsed = schema.safeParse(JSON.parse(reply.text));
  if (!parsed.success) throw unexpected(reply, expected);
  return parsed.data;
}

function unexpected({ status, text, location }: Reply, expected: string): Error {
  return new Error(`received ${status} ${location} ${text.slice(0, 300)}, expected ${expected}`);
}
