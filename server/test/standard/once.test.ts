// What a client sends is good once, whatever the tenant's clock has been put forward by in between: a client may go by the
// computer's clock, and what it sent is as fresh by that as before.
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { BoundClient, bankWith, DpopKey } from './bound-client.ts';
import { SigningClient } from './signing-client.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';

let assent: RunningAssent;
let signer: SigningClient;
let asserter: SigningClient;

beforeAll(async () => {
  signer = await SigningClient.create('signer', 'PS256');
  asserter = await SigningClient.create('asserter', 'ES256');
  assent = await startAssent({
    tls: false,
    config: bankWith([
      signer.config({ token_endpoint_auth_method: 'client_secret_post', client_secret: SECRET }),
      asserter.config(),
    ]),
  });
});
afterAll(() => assent.close());

/** Of a request without parameters beside the signed one. */
const SIGNED = { scope: undefined, audience: undefined, binding_message: undefined, login_hint: undefined };

const anHour = () => assent.control.clock.advance(3_600_000);

it('a signed request', async () => {
  const agent = new Agent(assent, { client_id: 'signer', client_secret: SECRET });
  const request = await signer.request(assent.issuer);
  expect((await agent.post('/bc-authorize', { request })).status).toBe(200);
  await anHour();
  const again = await agent.post('/bc-authorize', { request });
  expect([again.status, again.json().error]).toEqual([400, 'invalid_request']);
});

it('a client assertion', async () => {
  const agent = new BoundClient(assent, await asserter.assert(assent.issuer));
  expect((await agent.ask()).status).not.toBe(401);
  await anHour();
  const again = await agent.ask();
  expect([again.status, again.json().error]).toEqual([401, 'invalid_client']);
});

it('a DPoP proof', async () => {
  const client = new BoundClient(assent, { client_id: 'signer', client_secret: SECRET });
  const key = await DpopKey.make();
  const sent = { headers: { DPoP: await key.prove('POST', `${assent.issuer}oauth/token`) } };
  const approved = async () => client.approved({ ...SIGNED, request: await signer.request(assent.issuer) });
  const first = await client.redeem(await approved(), sent);
  expect(first.status, first.text).toBe(200);
  await anHour();
  const again = await client.redeem(await approved(), sent);
  expect([again.status, again.json().error]).toEqual([400, 'invalid_dpop_proof']);
});

it('a DPoP proof at an API', async () => {
  const client = new BoundClient(assent, { client_id: 'signer', client_secret: SECRET });
  const key = await DpopKey.make();
  const token = (
    await client.redeem(await client.approved({ audience: undefined, scope: 'openid' }), {
      headers: { DPoP: await key.prove('POST', `${assent.issuer}oauth/token`) },
    })
  ).json().access_token;
  const DPoP = await key.prove('GET', `${assent.issuer}userinfo`, {}, token);
  const ask = () => fetch(`${assent.url}/userinfo`, { headers: { Authorization: `DPoP ${token}`, DPoP } });
  const first = await ask();
  expect(first.status, await first.text()).toBe(200);
  await assent.control.clock.advance(660_000);
  expect((await ask()).status).toBe(401);
});

it('a client assertion by the clock of the tenant, when that has gone on and the other is nearer', async () => {
  const lead = Math.round((await assent.control.clock.read()).offset_ms / 1000) + 3600;
  await anHour();
  const now = Math.floor(Date.now() / 1000);
  const agent = new BoundClient(
    assent,
    await asserter.assert(assent.issuer, { iat: now + lead, exp: now + lead + 60 }),
  );
  expect((await agent.ask()).status).not.toBe(401);
  await assent.control.clock.advance(2 * lead * 1000);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 180_000 });
  onTestFinished(() => void vi.useRealTimers());
  const again = await agent.ask();
  expect([again.status, again.json().error]).toEqual([401, 'invalid_client']);
});
