// Modules that go the whole way, or as far as the person or the time lets them.
import { expect } from 'vitest';
import { expectRefusal, isRefused } from '../../lab/expectations.ts';
import {
  callResource,
  completeFlow,
  expectNotification,
  expectPending,
  pollInVain,
  presentToken,
} from '../flow.ts';
import type { Checks } from '../plan.ts';
import { expectOldTlsRefused } from '../tls-checks.ts';
import { readAcceptance } from '../token-checks.ts';

export const FLOWS: Checks = {
  'fapi-ciba-id1': async (plan) => {
    const { first, second, lab } = plan;
    const one = await completeFlow(plan, first);
    await expectOldTlsRefused(plan.resource, lab.ca);
    await callResource(plan, first, one.accessToken);
    const other = await completeFlow(plan, second);
    await callResource(plan, second, other.accessToken);
    const [acr] = lab.provider.list('acr_values_supported');
    if (acr !== undefined) expect(other.idToken['acr']).toBe(acr);
    const stolen = await presentToken(plan, first, other.accessToken);
    expect(isRefused(stolen), `${stolen.status} ${stolen.text}`).toBe(true);
    expectRefusal(await second.poll(other.authReqId), 400, 'invalid_grant');
  },

  'fapi-ciba-id1-user-rejects-authentication': async (plan) => {
    const { first } = plan;
    const { authReqId } = readAcceptance(await first.askAsUsual());
    await pollInVain(plan, first, authReqId);
    await plan.answerForPerson(authReqId, 'deny');
    await plan.untilToldOf(authReqId);
    if (plan.variant.mode === 'ping') expectNotification(plan, first, authReqId);
    expectRefusal(await first.poll(authReqId), 400, 'access_denied');
  },

  'fapi-ciba-id1-multiple-call-to-token-endpoint': async ({ first }) => {
    const { authReqId } = readAcceptance(await first.askAsUsual());
    for (let count = 0; count < 20; count += 1) {
      const answer = await first.poll(authReqId);
      if (answer.status === 503) {
        expect(answer.headers['retry-after']).toEqual(expect.any(String));
        return;
      }
      expectRefusal(answer, 400, 'authorization_pending', 'slow_down', 'invalid_request');
    }
  },

  'fapi-ciba-id1-auth-req-id-expired': async (plan) => {
    const { first, lab } = plan;
    const { authReqId, expiresInSeconds } = readAcceptance(await first.askAsUsual({ requested_expiry: 10 }));
    expectPending(await first.poll(authReqId));
    await lab.advance(5_000);
    expectPending(await first.poll(authReqId));
    await lab.advance((expiresInSeconds + 5) * 1000);
    expectRefusal(await first.poll(authReqId), 400, 'expired_token');
  },

  'fapi-ciba-id1-ensure-authorization-request-with-binding-message-succeeds': async (plan) => {
    await completeFlow(plan, plan.first, { binding_message: '1234' });
  },

  'fapi-ciba-id1-ensure-other-scope-order-succeeds': async (plan) => {
    const scope = String(plan.first.baseline()['scope']).split(' ').reverse().join(' ');
    await completeFlow(plan, plan.first, { scope });
  },

  'fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds': async (plan) => {
    await completeFlow(plan, plan.first, { requested_expiry: '30' });
  },

  'fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request': async ({ first, second }) => {
    const { authReqId } = readAcceptance(await first.askAsUsual());
    expectRefusal(await second.poll(authReqId), 400, 'invalid_grant');
  },

  'fapi-ciba-id1-refresh-token': async (plan) => {
    const { first, second } = plan;
    const refreshed = [];
    for (const client of [first, second]) {
      const { refreshToken = '', idToken } = await completeFlow(plan, client);
      const scope = client === first ? { scope: String(client.baseline()['scope']) } : {};
      const answer = await client.refresh(refreshToken, scope);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers['cache-control']).toContain('no-store');
      const tokens = answer.json();
      expect(tokens.token_type).toMatch(/^bearer$/i);
      if (tokens.id_token !== undefined) {
        // OpenID Connect Core §12.2.
        const { claims } = await client.provider.verify(tokens.id_token);
        expect([claims.iss, claims.sub, claims.aud]).toEqual([
          idToken['iss'],
          idToken['sub'],
          idToken['aud'],
        ]);
      }
      await callResource(plan, client, tokens.access_token);
      refreshed.push(String(tokens.refresh_token ?? refreshToken));
    }
    expectRefusal(await first.refresh(refreshed[1] ?? ''), 400, 'invalid_grant');
    expect((await second.refresh(refreshed[1] ?? '')).status).toBe(200);
  },

  'fapi-ciba-id1-ensure-mtls-holder-of-key-required': async (plan) => {
    const { first, lab } = plan;
    await expectOldTlsRefused(first.endpoint('token_endpoint'), lab.ca);
    await expectOldTlsRefused(lab.url, lab.ca);
    const { authReqId } = readAcceptance(await first.askAsUsual());
    const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: authReqId };
    await plan.answerForPerson(authReqId, 'allow');
    await plan.untilToldOf(authReqId);
    const codes = ['invalid_client', 'invalid_request'];
    for (const url of [first.endpoint('token_endpoint'), first.provider.endpoint('token_endpoint')]) {
      const answer = await first.callWithoutCertificate('token_endpoint', form, url);
      expectRefusal(answer, [400, 401], ...codes, ...(first.isKnownByCertificate ? [] : ['invalid_grant']));
    }
    // The request is as good as before.
    expect((await plan.pollLater(first, authReqId)).status).toBe(200);
  },
};
