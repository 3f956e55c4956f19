// The story that most modules tell: ask, poll twice in vain, have the person answer, be told, redeem, use the token.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer } from '../client/exchange.ts';
import type { Claims } from '../client/jwt.ts';
import { expectRefusal } from '../lab/expectations.ts';
import type { Participant } from './participant.ts';
import type { Plan } from './plan.ts';
import { type ReadTokens, readAcceptance, readTokens } from './token-checks.ts';

export interface FinishedFlow extends ReadTokens {
  authReqId: string;
}

/** @param claims to change in the request */
export async function completeFlow(
  plan: Plan,
  client: Participant,
  claims: Claims = {},
): Promise<FinishedFlow> {
  const { authReqId } = readAcceptance(await client.askAsUsual(claims));
  await pollInVain(plan, client, authReqId);
  await plan.answerForPerson(authReqId, 'allow');
  await plan.untilToldOf(authReqId);
  if (plan.variant.mode === 'ping') expectNotification(plan, client, authReqId);
  return { authReqId, ...(await readTokens(client, await client.poll(authReqId), authReqId)) };
}

/** A client may poll before its person has answered, also one that is notified. */
export async function pollInVain(plan: Plan, client: Participant, authReqId: string): Promise<void> {
  expectPending(await client.poll(authReqId));
  expectPending(await plan.pollLater(client, authReqId));
}

export function expectPending(answer: Answer): void {
  expectRefusal(answer, 400, 'authorization_pending', 'slow_down');
}

/** CIBA Core §10.2. */
export function expectNotification({ lab }: Plan, client: Participant, authReqId: string): void {
  const [notification, ...others] = lab.callbacks.of({ authReqId });
  expect(others).toEqual([]);
  expect(notification?.method).toBe('POST');
  expect(notification?.headers['content-type']).toMatch(/^application\/json\b/);
  expect(client.notificationToken).toEqual(expect.any(String));
  expect(notification?.headers.authorization).toBe(`Bearer ${client.notificationToken}`);
  expect(notification?.json()).toEqual({ auth_req_id: authReqId });
}

/** Presents a token over the certificate of `client`, which the resource answers with 200. */
export async function callResource(plan: Plan, client: Participant, accessToken: string): Promise<void> {
  const interactionId = randomUUID();
  for (const accept of [undefined, 'application/json', '*/*']) {
    const answer = await presentToken(plan, client, accessToken, {
      'x-fapi-interaction-id': interactionId,
      ...(accept === undefined ? {} : { accept }),
    });
    expect(answer.status, answer.text).toBe(200);
    // FAPI 1.0 Baseline §6.2.1.
    expect(answer.headers['x-fapi-interaction-id']).toBe(interactionId);
    expect(answer.headers.date).toEqual(expect.any(String));
  }
}

export function presentToken(
  plan: Plan,
  client: Participant,
  accessToken: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return client.exchange.send(plan.resource, {
    headers: { authorization: `Bearer ${accessToken}`, ...headers },
  });
}
