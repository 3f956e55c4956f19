// A Guardian app from its first QR code to the end of its enrolment, as iOS and as Android do it.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardianDevice, GuardianRefusal } from '../../src/guardian-device/guardian-device.ts';
import { TRANSFER } from '../agent.ts';
import { call } from '../http-call.ts';
import { type GuardianWorld, openGuardianWorld } from './guardian-world.ts';

let world: GuardianWorld;

beforeAll(async () => {
  world = await openGuardianWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const details = JSON.stringify([TRANSFER]);

describe.each(['ios', 'android'] as const)('a Guardian app on %s', (platform) => {
  it('makes its person reachable, hears of a request, reads it with a proof and approves it', async () => {
    const { agent, assent } = world;
    await using phone = await world.enrol('auth0|charles', platform);
    const id = await agent.askFor({
      login_hint: agent.hint('auth0|charles'),
      authorization_details: details,
    });
    const push = await phone.nextPush();
    expect(push).toMatchObject({ deviceId: phone.id, host: new URL(assent.issuer).host });
    expect(JSON.stringify(push.payload)).not.toContain(TRANSFER.to);

    const consent = await phone.readConsent(push);
    expect(consent).toEqual({
      id: push.consentId,
      requested_details: {
        audience: 'http://localhost:3000/api/accounts/transfers',
        scope: ['openid', 'create:transfer'],
        binding_message: 'RENT-4K9',
        authorization_details: [TRANSFER],
      },
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await agent.poll(id)).json().error).toBe('authorization_pending');

    await phone.allow(push);
    const tokens = await agent.poll(id);
    expect(tokens.status).toBe(200);
    expect(decodeJwt(tokens.json().access_token)).toMatchObject({ authorization_details: [TRANSFER] });
    expect(await assent.control.request('latest')).toMatchObject({
      decision: { outcome: 'approved', by: 'auth0|charles', from: 'Guardian app' },
    });
    await phone.unenrol();
  });

  it('denies with a reason, and the agent is told access_denied', async () => {
    const { agent, assent } = world;
    await using phone = await world.enrol('auth0|charles', platform);
    const id = await agent.askFor({ login_hint: agent.hint('auth0|charles') });
    await phone.reject(await phone.nextPush(), 'I did not ask for this');
    expect((await agent.poll(id)).json().error).toBe('access_denied');
    expect((await assent.control.request('latest')).decision).toMatchObject({
      outcome: 'denied',
      reason: 'I did not ask for this',
    });
    await phone.unenrol();
  });

  it('answers once: the second answer is refused and the first one stands', async () => {
    const { agent } = world;
    await using phone = await world.enrol('auth0|charles', platform);
    const id = await agent.askFor({ login_hint: agent.hint('auth0|charles') });
    const push = await phone.nextPush();
    await phone.allow(push);
    await expect(phone.reject(push)).rejects.toMatchObject({
      name: 'GuardianRefusal',
      status: 404,
      errorCode: 'login_transaction_not_found',
    });
    expect((await agent.poll(id)).status).toBe(200);
    await phone.unenrol();
  });

  it('is told that it is late when the time of the request is over', async () => {
    const { agent, clock } = world;
    await using phone = await world.enrol('auth0|charles', platform);
    const id = await agent.askFor({ login_hint: agent.hint('auth0|charles'), requested_expiry: '30' });
    const push = await phone.nextPush();
    clock.advance(31_000);
    await expect(phone.allow(push)).rejects.toMatchObject({ errorCode: 'transaction_expired' });
    await expect(phone.readConsent(push)).rejects.toMatchObject({ errorCode: 'invalid_token' });
    expect((await agent.poll(id)).json().error).toBe('access_denied');
    await phone.unenrol();
  });

  it('gets nothing more once it has ended its enrolment, and its person cannot be asked', async () => {
    const { agent, assent } = world;
    const phone = await world.enrol('auth0|charles', platform);
    await phone.rename('Charles’s phone');
    expect(await assent.control.devices('auth0|charles')).toMatchObject([
      { id: phone.id, name: 'Charles’s phone', status: 'confirmed' },
    ]);
    const id = await agent.askFor({ login_hint: agent.hint('auth0|charles') });
    const push = await phone.nextPush();
    await phone.unenrol();
    await expect(phone.allow(push)).rejects.toMatchObject({ errorCode: 'invalid_token' });
    expect((await agent.poll(id)).json().error).toBe('authorization_pending');
    const again = await agent.ask({ login_hint: agent.hint('auth0|charles') });
    expect(again.json().error).toBe('invalid_request');
  });
});

describe('a person whom the tenant file names no more', () => {
  it('answers nothing with a device of before, and enrols none with a ticket of before', async () => {
    const { agent, assent } = world;
    await using phone = await world.enrol('auth0|charles', 'android');
    const id = await agent.askFor({ login_hint: agent.hint('auth0|charles') });
    const push = await phone.nextPush();
    const invited = await assent.control.inviteBrowser('auth0|charles');
    const tls = assent.ca === undefined ? {} : { ca: assent.ca };
    const tenant = `${assent.url}/control/tenant`;
    const file = (await call(tenant, tls)).json();
    const users = file.users.filter((user: { user_id: string }) => user.user_id !== 'auth0|charles');
    expect((await call(tenant, { method: 'PUT', body: { ...file, users }, ...tls })).status).toBe(200);
    try {
      await expect(phone.readConsent(push)).rejects.toMatchObject({ errorCode: 'invalid_token' });
      await expect(phone.allow(push)).rejects.toMatchObject({ errorCode: 'invalid_token' });
      const enrolment = {
        barcodeUri: invited.barcode_uri,
        platform: 'ios',
        ...tls,
        clock: world.clock,
      } as const;
      await expect(GuardianDevice.enrol(enrolment)).rejects.toMatchObject({
        errorCode: 'enrollment_transaction_not_found',
      });
      const ticket = new URL(invited.url).hash.replace('#ticket=', '');
      const page = await call(`${assent.url}/guardian/enroll?ticket=${ticket}`, tls);
      expect(page.status).toBe(404);
    } finally {
      await call(tenant, { method: 'PUT', body: file, ...tls });
    }
    expect((await agent.poll(id)).json().error).toBe('authorization_pending');
    await phone.unenrol();
  });
});

describe('the code of an enrolment', () => {
  it('works once', async () => {
    const { assent } = world;
    const { barcode_uri: barcodeUri } = await assent.control.inviteBrowser('auth0|charles');
    const phone = await GuardianDevice.enrol({ barcodeUri, ca: assent.ca });
    await expect(GuardianDevice.enrol({ barcodeUri, ca: assent.ca })).rejects.toSatisfy(
      (error) => error instanceof GuardianRefusal && error.errorCode === 'enrollment_transaction_not_found',
    );
    await phone.unenrol();
  });

  it('enrols nobody after its time', async () => {
    const { assent, clock } = world;
    const { barcode_uri: barcodeUri } = await assent.control.inviteBrowser('auth0|charles');
    clock.advance(5 * 60_000);
    await expect(GuardianDevice.enrol({ barcodeUri, ca: assent.ca, clock })).rejects.toMatchObject({
      errorCode: 'enrollment_transaction_not_found',
    });
  });

  it('is an otpauth address that both SDKs can read', async () => {
    const { barcode_uri: uri } = await world.assent.control.inviteBrowser('auth0|charles');
    const parsed = new URL(uri);
    expect(parsed.protocol).toBe('otpauth:');
    expect(parsed.host).toBe('totp');
    expect(decodeURIComponent(parsed.pathname)).toBe('/the bAInk:charles@bank.example');
    expect(Object.fromEntries(parsed.searchParams)).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]+$/),
      enrollment_tx_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      issuer: 'the bAInk',
      id: expect.stringMatching(/^dev_/),
      base_url: `${world.assent.issuer}appliance-mfa`,
      algorithm: 'sha1',
      digits: '6',
      counter: '0',
      period: '30',
    });
  });
});
