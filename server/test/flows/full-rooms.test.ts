// What anybody may make, without end: it is refused in time, what is there stays, and there is room again later.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

let assent: RunningAssent;
let clock: ManualClock;

beforeAll(async () => {
  clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));
  assent = await startAssent({
    tls: false,
    clock,
    config: unlimitedBank({
      clients: [
        {
          client_id: 'television',
          name: 'Television',
          app_type: 'native',
          token_endpoint_auth_method: 'none',
          grant_types: [DEVICE_GRANT_TYPE],
        },
      ],
      client_grants: [],
    }),
  });
});
afterAll(() => assent.close());

/** The first answer that is no success. */
async function repeat(
  send: () => Promise<Answer>,
  most: number,
): Promise<{ done: number; refusal?: Answer }> {
  let done = 0;
  while (done < most) {
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    const refusal = answers.find(({ status }) => status >= 300);
    done += answers.filter(({ status }) => status < 300).length;
    if (refusal) return { done, refusal };
  }
  return { done };
}

it('device codes', { timeout: 60_000 }, async () => {
  const television = new Agent(assent, { client_id: 'television', client_secret: undefined });
  const begin = () => television.post('/oauth/device/code', { scope: 'openid' });
  const [first] = await Promise.all(Array.from({ length: 10 }, async () => (await begin()).json()));
  const { done, refusal } = await repeat(begin, 3_000);
  expect(done).toBe(1_990);
  expect([refusal?.status, refusal?.json()]).toEqual([
    429,
    { error: 'too_many_requests', error_description: 'Global limit has been reached' },
  ]);
  const poll = await television.token({ grant_type: DEVICE_GRANT_TYPE, device_code: first.device_code });
  expect(poll.json().error).toBe('authorization_pending');
  clock.advance(1_000_000);
  expect((await begin()).status).toBe(200);
});

it('push subscriptions', { timeout: 60_000 }, async () => {
  const service = (await call(`${assent.url}/appliance-mfa/api/push-service`)).json();
  const subscribe = () =>
    call(service.subscribe, {
      method: 'POST',
      headers: { 'Content-Type': 'application/webpush-options+json' },
      body: JSON.stringify({ vapid: service.vapid_public_key }),
    });
  const first = (await subscribe()).json();
  const { done, refusal } = await repeat(subscribe, 6_000);
  expect([done, refusal?.status]).toEqual([4_999, 429]);
  expect((await call(first.subscription, { method: 'DELETE' })).status).toBe(204);
  // The removed one is remembered for a week.
  clock.advance(8 * 24 * 60 * 60 * 1000);
  expect((await subscribe()).status).toBe(201);
});
