// What the trace tells of the way to a person and back: who took the push, who fetched what is asked, what was signed, what the
// token says; each once, and without anything that could be used again. The request as it was is told only to who asks for it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createControlClient } from '../../src/control-client.ts';
import { TRANSFER } from '../agent.ts';
import { type GuardianWorld, openGuardianWorld } from '../guardian/guardian-world.ts';
import { PairedBrowser } from '../paired-browser.ts';

let world: GuardianWorld;

beforeEach(async () => {
  world = await openGuardianWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const CHARLES = 'auth0|charles';

/** A whole run with a Guardian app; everything in it that somebody could use. */
async function runWithPhone() {
  const { agent, assent } = world;
  const phone = await world.enrol(CHARLES, 'ios');
  const id = await agent.askFor({
    login_hint: agent.hint(CHARLES),
    authorization_details: JSON.stringify([TRANSFER]),
  });
  const push = await phone.nextPush();
  await phone.readConsent(push);
  await phone.readConsent(push);
  await agent.poll(id);
  await phone.allow(push);
  const tokens = (await agent.poll(id)).json();
  const endpoint = await endpointOfPhone();
  const secrets = [
    'aiya-secret-not-real',
    id,
    push.transactionToken,
    push.challenge,
    tokens.access_token,
    tokens.access_token.split('.')[2],
    tokens.id_token,
    tokens.id_token.split('.')[2],
    ...endpoint,
  ];
  return { id, push, tokens, secrets, story: await assent.control.story() };
}

/** The address of a push subscription and its keys, as the server keeps them. */
async function endpointOfPhone(): Promise<string[]> {
  const text = JSON.stringify(await world.assent.control.snapshot());
  const found = [
    /\/push\/send\/[\w-]+/.exec(text)?.[0],
    /"p256dh":"([\w-]+)"/.exec(text)?.[1],
    /"auth":"([\w-]+)"/.exec(text)?.[1],
  ];
  expect(found.every((one) => one !== undefined)).toBe(true);
  return found.map(String);
}

test('a run with a Guardian app is told from the push to the token, each arrow once', async () => {
  const { story, tokens, push } = await runWithPhone();
  const told = story.events.filter((event) => 'approval' in event);
  expect(told.map(({ type }) => type).filter((type) => type !== 'notification.received')).toEqual([
    'request.received',
    'notification.delivered',
    'request.read',
    'poll.answered',
    'decision.made',
    'request.settled',
    'token.issued',
  ]);
  const find = (type: string) => told.find((event) => event.type === type);
  expect(find('notification.received')).toMatchObject({ channel: 'push', device: 'iPhone of a test' });
  expect(find('notification.delivered')).toMatchObject({
    push: { host: new URL(world.assent.url).host, status: 201, ttl: expect.any(Number) },
  });
  expect(find('request.read')).toMatchObject({
    from: 'Guardian app',
    exchange: {
      request: { method: 'GET', path: `/rich-consents/${push.consentId}` },
      response: { status: 200, body: { requested_details: { authorization_details: [TRANSFER] } } },
    },
  });
  expect(find('decision.made')).toMatchObject({
    answer: {
      header: { alg: 'RS256', typ: 'JWT' },
      claims: {
        auth0_guardian_accepted: true,
        sub: `${push.challenge.slice(0, 8)}…[${push.challenge.length} characters]`,
      },
    },
    exchange: {
      request: { method: 'POST', path: '/appliance-mfa/api/resolve-transaction' },
      response: { status: 204 },
    },
  });
  const [header, claims] = tokens.access_token
    .split('.')
    .map((part: string) =>
      part.startsWith('ey') ? JSON.parse(Buffer.from(part, 'base64url').toString()) : part,
    );
  expect(find('token.issued')).toMatchObject({ access_token: { header, claims } });
  expect(header.kid).toEqual(expect.any(String));
});

test('the device has taken the push after its push service has', async () => {
  const { assent } = world;
  const { story } = await runWithPhone();
  for await (const event of assent.control.events({ afterNumber: 0 })) {
    if (event.type === 'notification.received') break;
  }
  const types = (await assent.control.story()).events.map(({ type }) => type);
  expect(types.indexOf('notification.delivered')).toBeLessThan(types.indexOf('notification.received'));
  expect(types.filter((type) => type === 'notification.received')).toHaveLength(1);
  expect(story.last_number).toBeGreaterThan(0);
});

test('none of the secrets of a run is in the trace', async () => {
  const { story, secrets } = await runWithPhone();
  const text = JSON.stringify(story);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(15);
    expect(text).not.toContain(secret);
  }
});

test('the answer of a browser is told with what it signed, and its transaction opens nothing for a reader', async () => {
  const { agent, assent } = world;
  const browser = await PairedBrowser.pair(
    { url: assent.url, clock: world.clock, ...(assent.ca === undefined ? {} : { ca: assent.ca }) },
    CHARLES,
  );
  await agent.askFor({ login_hint: agent.hint(CHARLES) });
  const approval = await assent.control.request('latest');
  const read = await browser.call(`/approver/requests/${approval.id}`);
  expect(read.status).toBe(200);
  await browser.answer(approval, false);
  const events = await assent.control.trace(approval.id);
  expect(events.filter(({ type }) => type === 'request.read')).toMatchObject([
    { from: 'approver app', device: 'Chrome on a laptop', exchange: { request: { method: 'GET' } } },
  ]);
  expect(events.find(({ type }) => type === 'decision.made')).toMatchObject({
    answer: { claims: { auth0_guardian_accepted: false, consent_hash: approval.consent_hash } },
    exchange: {
      request: { parameters: { challenge_response: expect.stringMatching(/^\[\d+ characters removed]$/) } },
    },
  });
});

test('the request of an event is told as it was to who asks for it by number, and a reset forgets it', async () => {
  const { assent } = world;
  const { id, story } = await runWithPhone();
  const poll = story.events.find(({ type }) => type === 'token.issued');
  const { request } = await assent.control.original(poll?.number ?? 0);
  expect(request).toMatchObject({ method: 'POST', url: `${assent.issuer}oauth/token` });
  const form = new URLSearchParams(request.body);
  expect([form.get('auth_req_id'), form.get('client_secret')]).toEqual([id, 'aiya-secret-not-real']);
  const decided = story.events.find(({ type }) => type === 'decision.made');
  expect((await assent.control.original(decided?.number ?? 0)).request.headers).toContainEqual({
    name: expect.stringMatching(/^authorization$/i),
    value: expect.stringMatching(/^Bearer /),
  });
  const kept = JSON.stringify(await assent.control.snapshot());
  expect(kept).not.toContain('challenge_response=');
  expect(kept).not.toContain(request.body);
  await assent.control.reset();
  await expect(assent.control.original(poll?.number ?? 0)).rejects.toMatchObject({ status: 404 });
});

test('an event without a request, and a number that is none, are explained', async () => {
  const { assent } = world;
  const control = createControlClient({ url: assent.url, ca: assent.ca });
  for (const number of [0, 99_999, Number.NaN]) {
    await expect(control.original(number)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('No request is kept'),
      hint: expect.stringContaining('/control/trace'),
    });
  }
});
