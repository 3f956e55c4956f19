// A passkey as second factor: registered by the device, asked for each approval, bound to what was shown, good once.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type ApprovalView,
  decisionResultSchema,
  deviceSchema,
  deviceTransactionSchema,
  inboxSchema,
  passkeyCreationSchema,
  passkeyRequestSchema,
} from '../../src/contract/index.ts';
import type { Answer } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { type Falsified, SoftwareAuthenticator } from '../software-authenticator.ts';
import { ADA, GRACE, World } from '../world.ts';

const WITH_PASSKEYS = {
  guardian: { factors: { 'webauthn-platform': true, 'webauthn-roaming': true } },
} as const;

const originOf = (world: World): string => new URL(world.issuer).origin;

async function beginRegistration(browser: PairedBrowser): Promise<Answer> {
  return browser.call(`/approver/devices/${browser.device.id}/passkey/challenge`, {
    method: 'POST',
    body: {},
  });
}

async function register(
  browser: PairedBrowser,
  authenticator: SoftwareAuthenticator,
  falsified: Falsified = {},
): Promise<Answer> {
  const options = passkeyCreationSchema.parse((await beginRegistration(browser)).json());
  return browser.call(`/approver/devices/${browser.device.id}/passkey`, {
    method: 'PUT',
    body: authenticator.create(options, falsified),
  });
}

/** A browser of Ada's whose passkey is registered. */
async function pairWithPasskey(world: World, userId = ADA) {
  const browser = await PairedBrowser.pair(world, userId);
  const authenticator = new SoftwareAuthenticator(originOf(world));
  const registered = await register(browser, authenticator);
  if (registered.status !== 200) throw new Error(registered.text);
  return { browser, authenticator };
}

async function challengeFor(browser: PairedBrowser, approval: ApprovalView, body = {}): Promise<Answer> {
  return browser.call(`/approver/requests/${approval.id}/challenge`, {
    method: 'POST',
    body: { consent_hash: approval.consent_hash, ...body },
  });
}

const optionsFor = async (browser: PairedBrowser, approval: ApprovalView) =>
  passkeyRequestSchema.parse((await challengeFor(browser, approval)).json());

/** Sends an approval; `passkey` is what the authenticator answered. */
async function approve(browser: PairedBrowser, approval: ApprovalView, passkey?: unknown): Promise<Answer> {
  const asked = await browser.askTransaction(approval.id);
  if (asked.status !== 201) return asked;
  const transaction = deviceTransactionSchema.parse(asked.json());
  return browser.resolve(transaction.transaction_token, {
    challenge_response: await browser.signAnswer(approval, transaction, true),
    ...(passkey === undefined ? {} : { passkey }),
  });
}

test('a device registers a passkey, and approving with it is traced as verified', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const browser = await PairedBrowser.pair(world, ADA);
  const inbox = inboxSchema.parse((await browser.call('/approver/inbox')).json());
  expect([inbox.passkey_required, inbox.device.has_passkey]).toEqual([true, false]);

  const options = passkeyCreationSchema.parse((await beginRegistration(browser)).json());
  expect(options).toMatchObject({
    rp: { id: 'localhost', name: 'the bAInk' },
    user: { id: Buffer.from(browser.device.id).toString('base64url'), name: 'Ada Lovelace' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
  });
  const authenticator = new SoftwareAuthenticator(originOf(world));
  const registered = await browser.call(`/approver/devices/${browser.device.id}/passkey`, {
    method: 'PUT',
    body: authenticator.create(options),
  });
  expect([registered.status, deviceSchema.parse(registered.json()).has_passkey]).toEqual([200, true]);

  const approval = await world.ask(ADA);
  const asked = await optionsFor(browser, approval);
  expect(asked).toMatchObject({
    rpId: 'localhost',
    userVerification: 'required',
    allowCredentials: [{ type: 'public-key', id: authenticator.id, transports: ['internal'] }],
  });
  const answer = await approve(browser, approval, authenticator.get(asked));
  expect(answer.status).toBe(200);
  expect(decisionResultSchema.parse(answer.json())).toMatchObject({
    result: 'decided',
    approval: { state: 'approved', decision: { by: ADA, from: 'approver app', verified_by: 'passkey' } },
  });
  expect(await world.control.trace(approval.id)).toContainEqual(
    expect.objectContaining({ type: 'decision.made', outcome: 'approved', verified_by: 'passkey' }),
  );
});

test('an approval without a passkey is refused and the request stays open; denying needs none', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const approval = await world.ask(ADA);
  const bare = await approve(browser, approval);
  expect([bare.status, bare.json().code]).toEqual([403, 'passkey_required']);
  expect((await world.read(approval.id)).state).toBe('pending');
  expect(await world.control.trace(approval.id)).toContainEqual(
    expect.objectContaining({ type: 'decision.refused', why: 'not_verified', device: 'Chrome on a laptop' }),
  );
  const answer = await approve(browser, approval, authenticator.get(await optionsFor(browser, approval)));
  expect(answer.json().result).toBe('decided');

  const other = await world.ask(ADA);
  const denied = await browser.answer(other, false);
  expect([denied.status, denied.json().approval.state]).toEqual([200, 'denied']);
  expect(denied.json().approval.decision).not.toHaveProperty('verified_by');
});

test('a device without a passkey is told to register one, and can deny meanwhile', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const browser = await PairedBrowser.pair(world, ADA);
  const approval = await world.ask(ADA);
  for (const answer of [await challengeFor(browser, approval), await approve(browser, approval)]) {
    expect([answer.status, answer.json().code]).toEqual([403, 'passkey_required']);
    expect(answer.json().hint).toContain('Register a passkey on this device');
  }
  const foreign = new SoftwareAuthenticator(originOf(world));
  const forged = foreign.get({
    challenge: 'AAAA',
    rpId: 'localhost',
    timeout: 1,
    userVerification: 'required',
    allowCredentials: [],
  });
  const answer = await approve(browser, approval, forged);
  expect([answer.status, answer.json().code]).toEqual([400, 'passkey_invalid']);
  expect((await browser.answer(approval, false)).json().result).toBe('decided');
});

test('an approval whose passkey is wrong in any way is refused, and the request is unharmed', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const approval = await world.ask(ADA);
  const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const falsified: Record<string, Falsified> = {
    'another key signed it': { key: otherKey },
    'nobody was verified': { isVerified: false },
    'it is for another page': { origin: 'https://elsewhere.example' },
    'it is for another port of this host': { origin: 'http://localhost:1' },
    'it is for another host': { rpId: 'elsewhere.example' },
    'its challenge was never issued': { challenge: Buffer.alloc(32).toString('base64url') },
    'it is a registration': { type: 'webauthn.create' },
    'it is of another passkey': { id: 'AAAA' },
    'its page was framed': { crossOrigin: true },
  };
  for (const [what, wrong] of Object.entries(falsified)) {
    const answer = await approve(
      browser,
      approval,
      authenticator.get(await optionsFor(browser, approval), wrong),
    );
    expect([what, answer.status, answer.json().code]).toEqual([what, 400, 'passkey_invalid']);
    expect(answer.json().detail).toMatch(/^The answer of the passkey .+\.$/);
    expect((await world.read(approval.id)).state).toBe('pending');
  }
});

test('what is no assertion at all is a bad request, never a failure of the server', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const approval = await world.ask(ADA);
  const right = authenticator.get(await optionsFor(browser, approval));
  const broken = [
    'x',
    {},
    { ...right, type: 'password' },
    { ...right, response: { ...right.response, signature: 'not base64url!' } },
    { ...right, response: { ...right.response, clientDataJSON: Buffer.from('{').toString('base64url') } },
    { ...right, response: { ...right.response, clientDataJSON: Buffer.from('7').toString('base64url') } },
  ];
  for (const passkey of broken) {
    const answer = await approve(browser, approval, passkey);
    expect([passkey, answer.status]).toEqual([passkey, 400]);
  }
  const cut = authenticator.get(await optionsFor(browser, approval));
  const renamed = authenticator.get(await optionsFor(browser, approval));
  for (const passkey of [
    { ...cut, response: { ...cut.response, authenticatorData: 'AAAA' } },
    { ...renamed, rawId: 'AAAA' },
  ]) {
    const answer = await approve(browser, approval, passkey);
    expect([answer.status, answer.json().code]).toEqual([400, 'passkey_invalid']);
  }
  expect((await world.read(approval.id)).state).toBe('pending');
});

test('a challenge is good once, for two minutes, and for nothing but its request, device and content', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const second = await pairWithPasskey(world);
  const [approval, other] = [await world.ask(ADA), await world.ask(ADA, { bindingMessage: 'RENT-4K9' })];

  const forOther = authenticator.get(await optionsFor(browser, other));
  const mixedUp = await approve(browser, approval, forOther);
  expect(mixedUp.json().detail).toBe('The answer of the passkey is about another request.');
  const ofSecond = second.authenticator.get(await optionsFor(second.browser, approval));
  expect((await approve(browser, approval, ofSecond)).json().detail).toContain('on another device');

  const late = authenticator.get(await optionsFor(browser, approval));
  world.clock.advance(2 * 60_000);
  expect((await approve(browser, approval, late)).json().detail).toContain('answers no open challenge');

  const good = authenticator.get(await optionsFor(browser, approval));
  const twice = await Promise.all([approve(browser, approval, good), approve(browser, approval, good)]);
  expect(twice.map(({ status }) => status).sort()).toEqual([200, expect.toBeOneOf([400, 409])]);
  const replayed = await approve(browser, other, good);
  expect([replayed.status, replayed.json().code]).toEqual([400, 'passkey_invalid']);
  expect((await world.read(other.id)).state).toBe('pending');
  // What was asked for it is still good for it.
  expect((await approve(browser, other, forOther)).json().code).toBe('passkey_invalid');
  const again = authenticator.get(await optionsFor(browser, other));
  expect((await approve(browser, other, again)).json().result).toBe('decided');
});

test('a signed answer about other content than the passkey was shown does not count', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const approval = await world.ask(ADA);
  const changed = await challengeFor(browser, approval, { consent_hash: 'something-else' });
  expect([changed.status, changed.json().result]).toEqual([409, 'changed']);
  const passkey = authenticator.get(await optionsFor(browser, approval));
  const transaction = await browser.transaction(approval.id);
  const answer = await browser.resolve(transaction.transaction_token, {
    challenge_response: await browser.signAnswer(approval, transaction, true, {
      claims: { consent_hash: 'something-else' },
    }),
    passkey,
  });
  expect([answer.status, answer.json().result]).toEqual([409, 'changed']);
  expect((await approve(browser, approval, passkey)).json().result).toBe('decided');
});

test('nobody is asked for a passkey to answer what is answered already', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const [decided, expired] = [await world.ask(ADA), await world.ask(ADA, { expiresInSeconds: 60 })];
  const inTime = authenticator.get(await optionsFor(browser, decided));
  // The control API is a test's own hand: no device, so no passkey.
  await world.control.deny(decided.id);
  world.clock.advance(60_000);
  for (const [approval, result] of [
    [decided, 'already_decided'],
    [expired, 'expired'],
  ] as const) {
    const asked = await challengeFor(browser, approval);
    const answered = await approve(browser, approval);
    expect([asked.status, asked.json().result, answered.status, answered.json().result]).toEqual([
      409,
      result,
      409,
      result,
    ]);
  }
  expect((await approve(browser, decided, inTime)).json().result).toBe('already_decided');
});

test('a counter that does not rise is refused, and authenticators without a counter work', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const first = await world.ask(ADA);
  authenticator.counter = 7;
  expect((await approve(browser, first, authenticator.get(await optionsFor(browser, first)))).status).toBe(
    200,
  );
  const second = await world.ask(ADA);
  const copied = authenticator.get(await optionsFor(browser, second), { counter: 8 });
  const refused = await approve(browser, second, copied);
  expect([refused.status, refused.json().detail]).toEqual([400, expect.stringContaining('counter')]);
  const honest = await approve(browser, second, authenticator.get(await optionsFor(browser, second)));
  expect(honest.json().result).toBe('decided');

  const uncounted = new SoftwareAuthenticator(originOf(world), { counts: false });
  const laptop = await PairedBrowser.pair(world, ADA);
  expect((await register(laptop, uncounted)).status).toBe(200);
  for (const approval of [await world.ask(ADA), await world.ask(ADA)]) {
    const answer = await approve(laptop, approval, uncounted.get(await optionsFor(laptop, approval)));
    expect(answer.json().result).toBe('decided');
  }
});

test('a passkey that is wrong in any way is not registered', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const browser = await PairedBrowser.pair(world, ADA);
  const falsified: Record<string, Falsified> = {
    'a key that brings more along than a key has': { keyMembers: [[-7_000, 'x'.repeat(19_000)]] },
    'nobody was verified': { isVerified: false },
    'it is for another page': { origin: 'https://elsewhere.example' },
    'it is for another host': { rpId: 'elsewhere.example' },
    'its challenge was never issued': { challenge: 'AAAA' },
    'it is an assertion': { type: 'webauthn.get' },
    'its page was framed': { crossOrigin: true },
    'a maker vouches for it': {
      attestation: { fmt: 'packed', attStmt: { alg: -7, sig: Buffer.alloc(70), x5c: [Buffer.alloc(4)] } },
    },
    'its attestation is of no known kind': { attestation: { fmt: 'made-up', attStmt: {} } },
  };
  for (const [what, wrong] of Object.entries(falsified)) {
    const answer = await register(browser, new SoftwareAuthenticator(originOf(world)), wrong);
    expect([what, answer.status, answer.json().code]).toEqual([what, 400, 'passkey_invalid']);
  }
  const path = `/approver/devices/${browser.device.id}/passkey`;
  const empty = await browser.call(path, { method: 'PUT', body: {} });
  expect([empty.status, empty.json().code]).toEqual([400, 'bad_request']);
  const options = passkeyCreationSchema.parse((await beginRegistration(browser)).json());
  const { response, ...made } = new SoftwareAuthenticator(originOf(world)).create(options);
  const body = { ...made, response: { ...response, transports: ['x'.repeat(65)] } };
  const long = await browser.call(path, { method: 'PUT', body });
  expect([long.status, long.json().code]).toEqual([400, 'bad_request']);
  const inbox = inboxSchema.parse((await browser.call('/approver/inbox')).json());
  expect(inbox.device.has_passkey).toBe(false);
});

test('a device has one passkey, registers it itself, and loses it by being un-paired', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser, authenticator } = await pairWithPasskey(world);
  const again = await beginRegistration(browser);
  expect([again.status, again.json().code]).toEqual([409, 'passkey_unavailable']);
  expect(again.json().hint).toContain('pairing it again');

  const other = await PairedBrowser.pair(world, ADA);
  const foreign = await other.call(`/approver/devices/${browser.device.id}/passkey/challenge`, {
    method: 'POST',
    body: {},
  });
  expect([foreign.status, foreign.json().code]).toEqual([403, 'forbidden']);

  // Of two passkeys at the same time the device gets one.
  const options = passkeyCreationSchema
    .array()
    .parse([(await beginRegistration(other)).json(), (await beginRegistration(other)).json()]);
  const answers = await Promise.all(
    options.map((each) =>
      other.call(`/approver/devices/${other.device.id}/passkey`, {
        method: 'PUT',
        body: new SoftwareAuthenticator(originOf(world)).create(each),
      }),
    ),
  );
  expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);

  const approval = await world.ask(ADA);
  const inTime = authenticator.get(await optionsFor(browser, approval));
  await other.call(`/approver/devices/${browser.device.id}`, { method: 'DELETE' });
  const gone = await approve(browser, approval, inTime);
  expect([gone.status, gone.json().code]).toEqual([401, 'device_unknown']);
  const newlyPaired = await PairedBrowser.pair(world, ADA);
  const refused = await approve(newlyPaired, approval, inTime);
  expect([refused.status, refused.json().code]).toEqual([400, 'passkey_invalid']);
  expect((await world.read(approval.id)).state).toBe('pending');
});

test('somebody else’s device gets no challenge for a request', async () => {
  await using world = await World.start(WITH_PASSKEYS);
  const { browser } = await pairWithPasskey(world, GRACE);
  const answer = await challengeFor(browser, await world.ask(ADA));
  expect([answer.status, answer.json().code]).toEqual([404, 'not_found']);
});

test('one factor asks the browser for that kind of authenticator', async () => {
  for (const [factor, attachment] of [
    ['webauthn-platform', 'platform'],
    ['webauthn-roaming', 'cross-platform'],
  ] as const) {
    await using world = await World.start({ guardian: { factors: { [factor]: true } } });
    const options = (await beginRegistration(await PairedBrowser.pair(world, ADA))).json();
    expect(options.authenticatorSelection.authenticatorAttachment).toBe(attachment);
  }
});

test('without a factor nothing asks for a passkey, and none can be registered', async () => {
  await using world = await World.start();
  const browser = await PairedBrowser.pair(world, ADA);
  const approval = await world.ask(ADA);
  for (const answer of [await beginRegistration(browser), await challengeFor(browser, approval)]) {
    expect([answer.status, answer.json().code]).toEqual([409, 'passkey_unavailable']);
  }
  const inbox = inboxSchema.parse((await browser.call('/approver/inbox')).json());
  expect(inbox.passkey_required).toBe(false);
  expect((await browser.answer(approval, true)).json().result).toBe('decided');
});

test('under an address for which browsers make no passkeys, the reason and the right address are told', async () => {
  await using byAddress = await World.start({ ...WITH_PASSKEYS, issuer: 'https://192.0.2.7:4443/' });
  const stranded = await beginRegistration(await PairedBrowser.pair(byAddress, ADA));
  expect([stranded.status, stranded.json().code]).toEqual([409, 'passkey_unavailable']);
  expect(stranded.json().detail).toContain('no passkeys for an IP address');

  await using byName = await World.start({ ...WITH_PASSKEYS, issuer: 'https://auth0.test/' });
  const elsewhere = await beginRegistration(await PairedBrowser.pair(byName, ADA));
  expect([elsewhere.status, elsewhere.json().detail]).toEqual([
    409,
    expect.stringContaining('passkeys are made for https://auth0.test alone'),
  ]);
  expect(elsewhere.json().hint).toContain('Open https://auth0.test/approve');
});
