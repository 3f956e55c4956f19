// What anybody may make, without end: it is refused in time, what is there stays, and there is room again later.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { TELEVISION } from '../clients.ts';
import { type Answer, call } from '../http-call.ts';

let assent: RunningAssent;
let clock: ManualClock;

beforeAll(async () => {
  clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));
  assent = await startAssent({
    tls: false,
    clock,
    config: unlimitedBank({
      clients: [TELEVISION, ...(bankTenant.clients?.slice(0, 1) ?? [])],
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

it('requests that are pushed and lead nobody to a login', { timeout: 60_000 }, async () => {
  const agent = new Agent(assent);
  const push = () =>
    agent.post('/oauth/par', {
      response_type: 'code',
      redirect_uri: 'http://localhost:3000/auth/callback',
      scope: 'openid',
    });
  const first = (await push()).json();
  const waiting = (await push()).json();
  const { done, refusal } = await repeat(push, 3_000);
  expect(done).toBe(1_998);
  expect([refusal?.status, refusal?.json()]).toEqual([
    429,
    { error: 'too_many_requests', error_description: 'Global limit has been reached' },
  ]);
  const addressOf = (request_uri: string) =>
    `${assent.url}/authorize?${new URLSearchParams({ client_id: 'aiya', request_uri })}`;
  expect((await call(addressOf(first.request_uri))).headers['location']).toMatch('/u/login');
  // One that has led somebody to a login makes room for another, and so does that one.
  const browser = new Browser();
  await (await browser.open(addressOf(waiting.request_uri))).press('Ada Lovelace');
  for (let times = 0; times < 30; times += 1) {
    const next = await push();
    expect([next.status, (await push()).status]).toEqual([201, 429]);
    const back = await browser.open(addressOf(next.json().request_uri));
    expect(back.url.searchParams.get('code')).toBeTruthy();
  }
  // Also where somebody looks who has seen nothing of that.
  const body = (await call(`${assent.url}/control/snapshot`)).json();
  expect((await call(`${assent.url}/control/snapshot`, { method: 'PUT', body })).status).toBe(200);
  expect([(await push()).status, (await push()).status]).toEqual([201, 429]);
  // As long as one is good, and is told apart from others afterwards.
  clock.advance(121_000);
  expect((await push()).status).toBe(201);
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

it('logins that nobody finishes', { timeout: 60_000 }, async () => {
  const query = new URLSearchParams({
    client_id: 'aiya',
    response_type: 'code',
    redirect_uri: 'http://localhost:3000/auth/callback',
    scope: 'openid',
  });
  const begin = () => call(`${assent.url}/authorize?${query}`);
  const answers: Answer[] = [];
  while (answers.length < 5_000) answers.push(...(await Promise.all(Array.from({ length: 50 }, begin))));
  expect(answers.every(({ headers }) => headers['location']?.startsWith('/u/login'))).toBe(true);
  const { status, headers } = await begin();
  expect([status, headers['location']]).toEqual([
    303,
    expect.stringMatching(/^http:\/\/localhost:3000\/auth\/callback\?error=temporarily_unavailable&/),
  ]);
  // A page of our own that needs one says so as well.
  const waiting = (
    await call(`${assent.url}/oauth/device/code`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: TELEVISION.client_id, scope: 'openid' }).toString(),
    })
  ).json();
  const activate = () => call(`${assent.url}/activate?user_code=${waiting.user_code}`);
  const full = await activate();
  expect([full.status, full.headers['retry-after']]).toEqual([503, '60']);
  expect(full.text).toContain('Too many logins at once');
  // As long as one may take.
  clock.advance(3_700_000);
  expect((await begin()).headers['location']).toMatch('/u/login');
});
