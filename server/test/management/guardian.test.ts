// Factors, and what is set beside them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from './administrator.ts';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

describe('a factor', () => {
  it('is one of eight', async () => {
    expect((await administrator.get('/guardian/factors')).json()).toEqual(
      [
        ['sms', false],
        ['push-notification', true],
        ['otp', false],
        ['email', true],
        ['duo', false],
        ['webauthn-roaming', false],
        ['webauthn-platform', false],
        ['recovery-code', false],
      ].map(([name, enabled]) => ({ name, enabled, trial_expired: false })),
    );
  });

  it('for push that is turned off fails the next request, and turned on lets it through', async () => {
    const agent = new Agent(assent);
    const off = await administrator.put('/guardian/factors/push-notification', { enabled: false });
    expect([off.status, off.json()]).toEqual([200, { enabled: false }]);
    const refused = await agent.ask();
    expect([refused.status, refused.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description:
          'No eligible notification channels were found. guardian-push: push notifications not enabled on tenant',
      },
    ]);
    await administrator.put('/guardian/factors/push-notification', { enabled: true });
    expect((await agent.ask()).status).toBe(200);
  });

  it.each([
    ['/guardian/factors/telepathy', { enabled: true }, /No enum match for: telepathy, expected one of sms/],
    ['/guardian/factors/otp', { enabled: 'yes' }, /Expected type boolean but found type string/],
    ['/guardian/factors/otp', {}, /Missing required property: enabled/],
  ])('that cannot be set is refused: %s %j', async (path, body, message) => {
    const answer = await administrator.put(path, body);
    expect(answer.status).toBe(400);
    expect(answer.json().message).toMatch(message);
  });
});

describe('a setting beside the factors', () => {
  const PUSH = '/guardian/factors/push-notification';

  it.each([
    ['/guardian/policies', [], ['all-applications']],
    [`${PUSH}/selected-provider`, { provider: 'guardian' }, { provider: 'direct' }],
    [
      '/guardian/factors/sms/templates',
      expect.anything(),
      { enrollment_message: 'e', verification_message: 'v' },
    ],
    ['/guardian/factors/phone/message-types', { message_types: [] }, { message_types: ['sms'] }],
  ])('%s is kept and given back', async (path, initial, next) => {
    expect((await administrator.get(path)).json()).toEqual(initial);
    expect((await administrator.put(path, next)).json()).toEqual(next);
    expect((await administrator.get(path)).json()).toEqual(next);
  });

  it('gives no secret back where Auth0 gives none', async () => {
    const apns = await administrator.put(`${PUSH}/providers/apns`, {
      bundle_id: 'com.example',
      sandbox: true,
      p12: 'c2VjcmV0',
    });
    expect(apns.json()).toEqual({ bundle_id: 'com.example', sandbox: true });
    expect((await administrator.get(`${PUSH}/providers/apns`)).json()).toEqual({
      bundle_id: 'com.example',
      sandbox: true,
      enabled: true,
    });
    expect((await administrator.put(`${PUSH}/providers/fcm`, { server_key: 'secret' })).json()).toEqual({});
    expect(
      (await administrator.put(`${PUSH}/providers/fcmv1`, { server_credentials: 'secret' })).json(),
    ).toEqual({});
    const sns = { aws_access_key_id: 'id', aws_region: 'eu-west-1' };
    const written = await administrator.put(`${PUSH}/providers/sns`, {
      ...sns,
      aws_secret_access_key: 'secret',
    });
    expect(written.json()).toEqual({ ...sns, aws_secret_access_key: 'secret' });
    expect((await administrator.get(`${PUSH}/providers/sns`)).json()).toEqual(sns);
  });

  it('named by PATCH changes alone', async () => {
    await administrator.patch('/prompts/mfa-push', { app_name: 'Bank' });
    const changed = await administrator.patch('/prompts/mfa-push', {
      apple_app_link: 'https://apple.example',
    });
    expect(changed.json()).toEqual({ app_name: 'Bank', apple_app_link: 'https://apple.example' });
  });

  it('that is none is refused', async () => {
    const answer = await administrator.put('/guardian/policies', ['sometimes']);
    expect(answer.json().message).toMatch(/No enum match for: sometimes/);
    expect((await administrator.put(`${PUSH}/providers/apns`, { bundle: 'x' })).status).toBe(400);
  });
});
