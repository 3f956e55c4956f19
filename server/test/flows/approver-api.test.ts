// The approver app's side of the story: pair, read, decide once, be told.
import { expect, test } from 'vitest';
import { deviceSchema, inboxSchema, peopleSchema } from '../../src/contract/index.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { makeDeviceKey, PairedBrowser, pairingBody, RESOLVE_PATH } from '../paired-browser.ts';
import { ADA, GRACE, World } from '../world.ts';

test('a browser that shows its key is paired, counted and traced', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);

  expect(deviceSchema.parse(ada.device)).toMatchObject({
    name: 'Chrome on a laptop',
    user_id: ADA,
    user_name: 'Ada Lovelace',
    status: 'confirmed',
    can_answer: true,
    enrolled_at: '2030-01-01T12:00:00.000Z',
  });
  const people = peopleSchema.parse((await call(`${world.url}/approver/people`)).json());
  expect(people).toEqual({
    tenant: { name: 'bank', friendly_name: 'the bAInk' },
    people: [
      { user_id: ADA, name: 'Ada Lovelace', email: 'ada@example.com', devices: 2 },
      { user_id: GRACE, name: 'Grace Hopper', devices: 1 },
    ],
  });
  await using story = await EventReader.open(`${world.url}/control/events`, { 'Last-Event-ID': '0' });
  expect((await story.next())?.data).toMatchObject({
    type: 'device.paired',
    user_id: ADA,
    user_name: 'Ada Lovelace',
    device: 'Chrome on a laptop',
  });
});

test('nobody is paired with a proof that proves something else', async () => {
  await using world = await World.start();
  const key = await makeDeviceKey();
  const other = await makeDeviceKey();
  const nowSeconds = world.clock.now() / 1000;
  const falsified = {
    'another key signed it': { key: other.privateKey },
    'its header names another key': { jwk: other.publicKey },
    'it is for another person': { claims: { sub: GRACE } },
    'it is for another server': { claims: { aud: 'https://elsewhere.example/approver/devices' } },
    'it is for two servers': {
      claims: { aud: [`${world.url}/approver/devices`, 'https://elsewhere.example/'] },
    },
    'it has expired': { claims: { exp: nowSeconds - 1 } },
    'it was made long ago': { claims: { iat: nowSeconds - 61 } },
    'it was made in the future': { claims: { iat: nowSeconds + 61 } },
    'it is good for too long': { claims: { exp: nowSeconds + 121 } },
    'it is an answer, not a proof': { type: 'device-answer+jwt' },
  };
  for (const [what, changes] of Object.entries(falsified)) {
    const body = await pairingBody(world, ADA, key, changes);
    const answer = await call(`${world.url}/approver/devices`, { method: 'POST', body });
    expect([what, answer.status, answer.json().code]).toEqual([what, 400, 'proof_invalid']);
  }
  const stranger = await call(`${world.url}/approver/devices`, {
    method: 'POST',
    body: await pairingBody(world, 'auth0|nobody', key),
  });
  expect([stranger.status, stranger.json().code]).toEqual([404, 'not_found']);
  const { people } = (await call(`${world.url}/approver/people`)).json();
  expect(people).toMatchObject([{ devices: 1 }, { devices: 1 }]);
});

test('a browser pairs with the coordinates of its key as they are, and nothing around them', async () => {
  await using world = await World.start();
  const key = await makeDeviceKey();
  const { x, y } = key.publicKey;
  const zeros = Buffer.concat([Buffer.alloc(6_000), Buffer.from(x, 'base64url')]);
  const others = {
    'signs in front': { x: '!'.repeat(19_000) + x },
    'blanks in front': { x: ` ${x}` },
    'padding behind': { y: `${y}=` },
    'zeros in front': { x: zeros.toString('base64url') },
    'an end of line behind': { y: `${y}\n` },
    'one character less': { y: y.slice(1) },
  };
  for (const [what, coordinates] of Object.entries(others)) {
    const publicKey = { ...key.publicKey, ...coordinates };
    const body = await pairingBody(world, ADA, { ...key, publicKey });
    const answer = await call(`${world.url}/approver/devices`, { method: 'POST', body });
    expect([what, answer.status, answer.json().code]).toEqual([what, 400, 'bad_request']);
    const [[name = '', text = ''] = []] = Object.entries(coordinates);
    expect(answer.json().findings).toEqual([
      `public_key.${name}: received a text of ${text.length} characters, expected the 43 of 32 octets in base64url`,
    ]);
  }
  await PairedBrowser.pair(world, ADA);
});

test('a call is answered only to a paired device that signed this very call, just now and once', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const inbox = `${world.url}/approver/inbox`;
  const nowSeconds = world.clock.now() / 1000;

  const proof = await ada.proof('GET', '/approver/inbox');
  const first = await call(inbox, { headers: proof });
  expect(first.status).toBe(200);
  expect(inboxSchema.parse(first.json())).toMatchObject({ device: ada.device, waiting: [], decided: [] });

  const refused = {
    'the proof was used before': [proof, 'proof_invalid'],
    'there is no proof': [{}, 'proof_invalid'],
    'it is no JWS': [{ Authorization: 'Device x.y.z' }, 'proof_invalid'],
    'the scheme is another one': [{ Authorization: 'Bearer abc' }, 'proof_invalid'],
    'it is for another method': [await ada.proof('POST', '/approver/inbox'), 'proof_invalid'],
    'it is for another path': [await ada.proof('GET', '/approver/events'), 'proof_invalid'],
    'it is for another server': [
      await ada.proof('GET', '/', { claims: { htu: 'https://elsewhere.example/approver/inbox' } }),
      'proof_invalid',
    ],
    'another key signed it': [
      await ada.proof('GET', '/approver/inbox', { key: grace.key.privateKey }),
      'proof_invalid',
    ],
    'it is 61 seconds old': [
      await ada.proof('GET', '/approver/inbox', { claims: { iat: nowSeconds - 61 } }),
      'proof_invalid',
    ],
    'it is 61 seconds ahead': [
      await ada.proof('GET', '/approver/inbox', { claims: { iat: nowSeconds + 61 } }),
      'proof_invalid',
    ],
    'it has no jti': [
      await ada.proof('GET', '/approver/inbox', { claims: { jti: undefined } }),
      'proof_invalid',
    ],
    'it is of another type': [await ada.proof('GET', '/approver/inbox', { type: 'JWT' }), 'proof_invalid'],
    'the device is unknown': [
      await ada.proof('GET', '/approver/inbox', { claims: { iss: 'dev_0000000000000000' } }),
      'device_unknown',
    ],
    'the device has no key': [
      await ada.proof('GET', '/approver/inbox', { claims: { iss: 'dev_AAAAAAAAAAAAAAAA' } }),
      'device_unknown',
    ],
  } as const;
  for (const [what, [headers, code]] of Object.entries(refused)) {
    const answer = await call(inbox, { headers: { ...headers } });
    const { 'www-authenticate': scheme } = answer.headers;
    expect([what, answer.status, answer.json().code, scheme]).toEqual([what, 401, code, 'Device']);
  }
});

test('a proof that was used stays spent for as long as it would be accepted', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const ahead = await ada.proof('GET', '/approver/inbox', { claims: { iat: world.clock.now() / 1000 + 60 } });
  expect((await call(`${world.url}/approver/inbox`, { headers: ahead })).status).toBe(200);

  world.clock.advance(120_000);
  const again = await call(`${world.url}/approver/inbox`, { headers: ahead });
  expect(again.json().detail).toBe('The signature was used before.');
  world.clock.advance(1_000);
  const late = await call(`${world.url}/approver/inbox`, { headers: ahead });
  expect(late.json().detail).toContain(
    'was made at 2030-01-01T12:01:00.000Z; it is 2030-01-01T12:02:01.000Z here',
  );
});

test('the server’s time is in every answer, for devices whose clock is off', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/approver/inbox`);
  expect(answer.headers.date).toBe('Tue, 01 Jan 2030 12:00:00 GMT');
});

test('an inbox lists what waits, oldest first, and what was decided, newest first', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const names = { expiring: 'E-1', denied: 'D-2', approved: 'A-3', older: 'O-4', newer: 'N-5' };
  await world.ask(ADA, { bindingMessage: names.expiring, expiresInSeconds: 10 });
  const denied = await world.ask(ADA, { bindingMessage: names.denied });
  const approved = await world.ask(ADA, { bindingMessage: names.approved });
  await world.ask(ADA, { bindingMessage: names.older });
  await world.ask(ADA, { bindingMessage: names.newer });
  await world.ask(GRACE, { bindingMessage: 'not-adas' });
  await ada.answer(approved, true);
  world.clock.advance(11_000);
  await ada.answer(denied, false);

  const inbox = inboxSchema.parse((await ada.call('/approver/inbox')).json());
  expect(inbox.now).toBe('2030-01-01T12:00:11.000Z');
  expect(inbox.waiting.map((each) => each.binding_message)).toEqual([names.older, names.newer]);
  expect(inbox.decided.map((each) => [each.binding_message, each.state])).toEqual([
    [names.denied, 'denied'],
    [names.expiring, 'expired'],
    [names.approved, 'approved'],
  ]);
});

test('a request is shown to its own approver and does not exist for anybody else', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const asked = await world.ask(ADA);

  expect((await ada.call(`/approver/requests/${asked.id}`)).json()).toEqual(asked);
  const read = await grace.call(`/approver/requests/${asked.id}`);
  const decided = await grace.answer(asked, true);
  const missing = await grace.call('/approver/requests/apr_0000000000000000000000');
  expect([read.status, decided.status, missing.status]).toEqual([404, 404, 404]);
  expect(read.text.replace(asked.id, '')).toBe(missing.text.replace('apr_0000000000000000000000', ''));
  expect((await ada.call(`/approver/requests/${asked.id}`)).json().state).toBe('pending');
});

test('what a request asks for is read only with a proof of this very call; without, with a wrong or a used one it stays closed and unharmed', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const asked = await world.ask(ADA);
  const other = await world.ask(ADA);
  const path = `/approver/requests/${asked.id}`;
  const used = await ada.proof('GET', path);
  expect((await call(world.url + path, { headers: used })).json()).toEqual(asked);

  const refused = {
    'without a proof': {},
    'with a used proof': used,
    'with its id as a token': { Authorization: `Bearer ${asked.id}` },
    'with a proof for another request': await ada.proof('GET', `/approver/requests/${other.id}`),
    'with a proof for deciding': await ada.proof('POST', path),
    'with a proof by another key': await ada.proof('GET', path, { key: grace.key.privateKey }),
    'with an old proof': await ada.proof('GET', path, { claims: { iat: world.clock.now() / 1000 - 61 } }),
  };
  for (const [how, headers] of Object.entries(refused)) {
    const answer = await call(world.url + path, { headers });
    expect([how, answer.status, answer.json().code]).toEqual([how, 401, 'proof_invalid']);
    expect(answer.text).not.toContain(asked.consent.summary);
  }
  const foreign = await call(world.url + path, { headers: await grace.proof('GET', path) });
  expect(foreign.status).toBe(404);
  expect(await world.read(asked.id)).toEqual(asked);
  expect((await ada.answer(asked, true)).json().result).toBe('decided');
});

test('a decision without, with a wrong and with another’s transaction, or for another request, is refused, and the request is unharmed', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const sameHands = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const asked = await world.ask(ADA);
  const other = await world.ask(ADA);
  const path = `/approver/requests/${asked.id}/transaction`;

  // What an answer signs is handed to the devices of this person, each its own.
  const stolen = await ada.proof('POST', `/approver/requests/${other.id}/transaction`);
  for (const headers of [{}, stolen]) {
    expect((await call(world.url + path, { method: 'POST', headers, body: {} })).status).toBe(401);
  }
  expect((await grace.call(path, { method: 'POST', body: {} })).status).toBe(404);

  const own = await ada.transaction(asked.id);
  const right = await ada.signAnswer(asked, own, true);
  const forOther = await ada.transaction(other.id);
  const ofOther = await sameHands.transaction(asked.id);
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const attempts = {
    'without a transaction': [{}, right, 'invalid_bearer_format'],
    'with a proof': [await ada.proof('POST', RESOLVE_PATH), right, 'invalid_bearer_format'],
    'with a guessed transaction': [bearer('guessed'), right, 'invalid_token'],
    'with the transaction of another request': [bearer(forOther.transaction_token), right, 'invalid_token'],
    'with the transaction of another device of this person': [
      bearer(ofOther.transaction_token),
      right,
      'invalid_token',
    ],
    'with an answer to another transaction': [
      bearer(own.transaction_token),
      await ada.signAnswer(other, forOther, true),
      'invalid_token',
    ],
    'with an answer that does not say what was shown': [
      bearer(own.transaction_token),
      await ada.signAnswer(asked, own, true, { claims: { consent_hash: undefined } }),
      'invalid_token',
    ],
  } as const;
  for (const [how, [headers, challengeResponse, errorCode]] of Object.entries(attempts)) {
    const body = { challenge_response: challengeResponse };
    const answer = await call(world.url + RESOLVE_PATH, { method: 'POST', headers: { ...headers }, body });
    expect([how, answer.status, answer.json().errorCode]).toEqual([how, 401, errorCode]);
  }
  expect(await world.read(asked.id)).toEqual(asked);
  expect(await world.read(other.id)).toEqual(other);

  // Whoever copies a whole answer on its way decides nothing a second time, and is not told what was asked.
  const body = { challenge_response: right };
  const twice = await Promise.all([1, 2].map(() => ada.resolve(own.transaction_token, body)));
  expect(twice.map(({ status }) => status).sort()).toEqual([200, 401]);
  const later = await ada.resolve(own.transaction_token, body);
  expect([later.status, later.json().errorCode]).toEqual([401, 'invalid_token']);
  expect(later.text).not.toContain(asked.id);
  expect((await world.story(asked.id)).filter((type) => type === 'decision.made')).toHaveLength(1);
});

test('an approval counts once: the second decision is refused and told of the first', async () => {
  await using world = await World.start();
  const laptop = await PairedBrowser.pair(world, ADA);
  const phone = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);

  const first = await laptop.answer(asked, true, {
    claims: { auth0_guardian_reason: 'approvals have none' },
  });
  const decision = {
    outcome: 'approved',
    by: ADA,
    from: 'approver app',
    device: 'Chrome on a laptop',
    at: '2030-01-01T12:00:00.000Z',
  };
  expect(first.status).toBe(200);
  expect(first.json()).toEqual({ result: 'decided', approval: { ...asked, state: 'approved', decision } });

  world.clock.advance(1_000);
  const second = await phone.answer(asked, false);
  expect(second.status).toBe(409);
  expect(second.json()).toEqual({
    result: 'already_decided',
    approval: { ...asked, state: 'approved', decision },
  });
});

test('of many decisions at once exactly one counts, and all learn the same outcome', async () => {
  await using world = await World.start();
  const laptop = await PairedBrowser.pair(world, ADA);
  const phone = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => (index % 2 ? laptop : phone).answer(asked, index % 3 === 0)),
  );
  const results = answers.map((answer) => answer.json());
  expect(results.filter((result) => result.result === 'decided')).toHaveLength(1);
  expect(new Set(results.map((result) => result.approval.decision.outcome)).size).toBe(1);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(9).fill(409)]);
});

test('a denial carries its reason', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);
  const denied = await ada.answer(asked, false, { claims: { auth0_guardian_reason: ' not me ' } });
  expect(denied.json().approval.decision).toMatchObject({ outcome: 'denied', reason: 'not me' });
});

test('an answer about something else than what waits is refused, and the request still waits', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const otherDevice = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);
  const nowSeconds = world.clock.now() / 1000;

  const refused = {
    'about another request': { claims: { sub: 'apr_0000000000000000000000' } },
    'by another device': { claims: { iss: otherDevice.device.id } },
    'signed by another device': { key: otherDevice.key.privateKey },
    'for another server': { claims: { aud: 'https://elsewhere.example/' } },
    expired: { claims: { exp: nowSeconds - 6 } },
    'good for too long': { claims: { exp: nowSeconds + 31 } },
    'without an end': { claims: { exp: undefined } },
    'without an outcome': { claims: { auth0_guardian_accepted: undefined } },
    'with an outcome that is text': { claims: { auth0_guardian_accepted: 'true' } },
    'that is a proof': { type: 'device-proof+jwt' },
  };
  for (const [what, falsified] of Object.entries(refused)) {
    const answer = await ada.answer(asked, true, falsified);
    expect([what, answer.status, answer.json().errorCode]).toEqual([what, 401, 'invalid_token']);
  }
  const changed = await ada.answer(asked, true, { claims: { consent_hash: 'of-something-else' } });
  expect([changed.status, changed.json()]).toEqual([409, { result: 'changed', approval: asked }]);
  expect((await ada.call(`/approver/requests/${asked.id}`)).json()).toEqual(asked);
});

test('a decision after the time is over is refused and told so', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA, { expiresInSeconds: 30 });
  world.clock.advance(30_000);
  const late = await ada.answer(asked, true);
  expect([late.status, late.json()]).toEqual([
    409,
    { result: 'expired', approval: { ...asked, state: 'expired' } },
  ]);
});

test('reading never decides, however the path is put', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);
  const transaction = await ada.transaction(asked.id);
  const headers = { Authorization: `Bearer ${transaction.transaction_token}` };
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const answer = await call(world.url + RESOLVE_PATH, { method, headers });
    expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, 'POST']);
  }
  const body = { challenge_response: await ada.signAnswer(asked, transaction, true) };
  await call(world.url + RESOLVE_PATH, { method: 'GET', headers, body });
  expect((await ada.call(`/approver/requests/${asked.id}`)).json().state).toBe('pending');
});

test('a demo request asks the person who wished for it', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const answer = await ada.call('/approver/demo-request', { method: 'POST', body: {} });
  expect([answer.status, answer.json()]).toEqual([202, { name: 'r1' }]);
  expect((await ada.call('/approver/inbox')).json().waiting).toMatchObject([{ name: 'r1' }]);
});

test('a device lists and removes the devices of its own person only', async () => {
  await using world = await World.start();
  const laptop = await PairedBrowser.pair(world, ADA);
  const phone = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  expect((await laptop.call('/approver/devices')).json()).toMatchObject({
    devices: [{ id: 'dev_AAAAAAAAAAAAAAAA', can_answer: false }, laptop.device, phone.device],
  });

  const foreign = await grace.call(`/approver/devices/${laptop.device.id}`, { method: 'DELETE' });
  expect(foreign.status).toBe(404);
  const removed = await laptop.call(`/approver/devices/${phone.device.id}`, { method: 'DELETE' });
  expect([removed.status, removed.text]).toEqual([204, '']);
  expect((await phone.call('/approver/inbox')).json().code).toBe('device_unknown');
  expect((await laptop.call(`/approver/devices/${laptop.device.id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await laptop.call('/approver/inbox')).status).toBe(401);
  await using story = await EventReader.open(`${world.url}/control/events`, { 'Last-Event-ID': '0' });
  for (const device of [phone, laptop]) {
    expect((await story.nextOf('device.removed')).data).toMatchObject({
      user_id: ADA,
      device: device.device.name,
    });
  }
});
