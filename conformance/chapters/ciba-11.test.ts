// CIBA Core 1.0 §11: the errors of the token endpoint.
import { expect } from 'vitest';
import { newJti } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import { expectRefusal, expectTokens } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement } = openChapter();

/** What is said about a request that is over. */
const EXPIRED = { standard: 'expired_token', auth0: 'access_denied' } as const;

requirement('CIBA-11-01', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor({ requested_expiry: '20' });
  for (let count = 0; count < 3; count += 1) {
    const answer = await lab.pollPaced(client, authReqId);
    expectRefusal(answer, 400, 'authorization_pending');
    expect(answer.text).not.toContain('_token"');
  }
  expect((await lab.approval(authReqId)).state).toBe('pending');
  // 15 of 20 seconds are over: what comes after the end is an error as well.
  await lab.advance(7_000);
  expectRefusal(await client.poll(authReqId), 400, EXPIRED[lab.profile]);
});

const slowsDown = async (lab: Lab): Promise<void> => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  expect((await lab.pollPaced(client, authReqId)).json().error).toBe('authorization_pending');
  const fast = await client.poll(authReqId);
  expect([fast.status, fast.json().error]).toEqual([400, 'slow_down']);
  await lab.control.approve(authReqId);
  await lab.advance(10_000);
  expectTokens(await client.poll(authReqId));
};

requirement('CIBA-11-02', slowsDown);

requirement('CIBA-11-03', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  const errorAfter = async (seconds: number): Promise<string> => {
    await lab.advance(seconds * 1000);
    return (await client.poll(authReqId)).json().error;
  };
  expect(await errorAfter(5)).toBe('authorization_pending');
  expect(await errorAfter(0)).toBe('slow_down');
  expect(await errorAfter(11)).toBe('authorization_pending');
  const again = await client.poll(authReqId);
  expect(again.json().error).toBe('slow_down');
  expect(await errorAfter(16)).toBe('authorization_pending');
  const third = await client.poll(authReqId);
  const announced = Number(third.headers['retry-after'] ?? third.json().interval ?? 21);
  expect(await errorAfter(announced)).toBe('authorization_pending');
});

requirement('CIBA-11-04', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor({ requested_expiry: '10' });
  expectRefusal(await client.poll(authReqId), 400, 'authorization_pending');
  expectRefusal(await lab.pollPaced(client, authReqId), 400, 'authorization_pending');
  await lab.advance(7_000);
  expectRefusal(await client.poll(authReqId), 400, EXPIRED[lab.profile]);
  await lab.advance(60_000);
  expectRefusal(await client.poll(authReqId), 400, EXPIRED[lab.profile]);
});

requirement('CIBA-11-05', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  await lab.control.deny(authReqId);
  const answer = await lab.pollPaced(client, authReqId);
  expectRefusal(answer, 400, 'access_denied');
  // What has expired is told by an error of its own in the standards alone.
  expect(answer.text.includes('expired')).toBe(lab.profile === 'auth0');
});

requirement('CIBA-11-06', async (lab) => {
  const unknown = `${newJti()}${newJti()}`.replaceAll('-', '').slice(0, 43);
  expectRefusal(await lab.client('agent').poll(unknown), 400, 'invalid_grant');
});

const approvedTooLate = async (lab: Lab, afterMs: number) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor({ requested_expiry: '10' });
  await lab.control.approve(authReqId);
  await lab.advance(afterMs);
  return client.poll(authReqId);
};

requirement('CIBA-11-07', {
  standard: async (lab) =>
    expectRefusal(await approvedTooLate(lab, 12_000), 400, 'expired_token', 'invalid_grant'),
  auth0: async (lab) => {
    expectTokens(await approvedTooLate(lab, 12_000));
    expectRefusal(await approvedTooLate(lab, 75_000), 400, 'access_denied', 'invalid_grant');
  },
});

requirement('CIBA-11-08', async (lab) => {
  const client = lab.client('push');
  const authReqId = await client.askFor();
  expectRefusal(await client.poll(authReqId), 400, 'unauthorized_client');
  await lab.control.approve(authReqId);
  await lab.callbacks.arrival(authReqId);
  expectRefusal(await client.poll(authReqId), 400, 'unauthorized_client');
});

requirement('CIBA-11-09', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  const answers = await Promise.all(Array.from({ length: 30 }, () => client.poll(authReqId)));
  for (const answer of answers) {
    expect([400, 429, 503]).toContain(answer.status);
    if (answer.status === 400) {
      expect(['authorization_pending', 'slow_down', 'invalid_request']).toContain(answer.json().error);
    } else expect(answer.headers['retry-after']).toBeDefined();
  }
});
