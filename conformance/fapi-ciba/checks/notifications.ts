// Modules about the client notification endpoint, CIBA Core §10.2: whatever it answers, the result stays and is fetched.
import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import type { Answer } from '../../client/exchange.ts';
import { expectNotification } from '../flow.ts';
import type { Check, Checks, Plan } from '../plan.ts';
import { readAcceptance, readTokens } from '../token-checks.ts';

const P = 'fapi-ciba-id1-ping-';

/** Longer than the plan waits for what must not come. */
const A_WHILE_MS = 60_000;

/** The flow of the first client, its next notification answered by `reply`. */
async function notifiedBy(
  plan: Plan,
  reply: (response: ServerResponse, authReqId: string) => unknown,
): Promise<string> {
  const { first, lab } = plan;
  const { authReqId } = readAcceptance(await first.askAsUsual());
  lab.callbacks.reply(plan.pathOf(first), (response) => reply(response, authReqId));
  await plan.answerForPerson(authReqId, 'allow');
  await lab.callbacks.arrival(authReqId);
  expectNotification(plan, plan.first, authReqId);
  return authReqId;
}

/** However long the server has to think about it, it notifies once; and the tokens are there. */
async function toldOnceAndRedeemed(plan: Plan, authReqId: string): Promise<void> {
  await plan.lab.advance(A_WHILE_MS);
  expectNotification(plan, plan.first, authReqId);
  await readTokens(plan.first, await plan.first.poll(authReqId), authReqId);
}

const answeredWith =
  (status: number): Check =>
  async (plan) => {
    const authReqId = await notifiedBy(plan, (response) => response.writeHead(status).end());
    await toldOnceAndRedeemed(plan, authReqId);
  };

export const NOTIFICATIONS: Checks = {
  [`${P}backchannel-notification-endpoint-response-has-body`]: async (plan) => {
    let answer: Answer | undefined;
    const authReqId = await notifiedBy(plan, async (response, id) => {
      answer = await plan.first.poll(id);
      response.writeHead(200, { 'content-type': 'text/plain' }).end('thank you');
    });
    if (!answer) throw new Error('the notification came and nobody polled');
    await readTokens(plan.first, answer, authReqId);
  },
  [`${P}backchannel-notification-endpoint-response-401`]: answeredWith(401),
  [`${P}backchannel-notification-endpoint-response-403`]: answeredWith(403),
  [`${P}with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry`]:
    answeredWith(401),
  [`${P}backchannel-notification-endpoint-return-redirect-request`]: async (plan) => {
    const { callbacks } = plan.lab;
    const elsewhere = '/elsewhere';
    const authReqId = await notifiedBy(plan, (response) =>
      response.writeHead(301, { location: callbacks.url(elsewhere) }).end(),
    );
    await toldOnceAndRedeemed(plan, authReqId);
    expect(callbacks.of({ path: elsewhere })).toEqual([]);
  },
};
