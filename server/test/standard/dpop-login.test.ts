// DPoP where a person logs in: the code belongs to the key that asked for it (RFC 9449 §10), and what a program without a secret gets
// to refresh with belongs to it as well (§5).
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { claimsOf, TRANSFERS } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { CALLBACK, WebApplication } from '../web-application.ts';
import { bankWith, DpopKey } from './bound-client.ts';

const PHONE_APP = {
  client_id: 'phone-app',
  name: 'An app on a phone',
  app_type: 'spa' as const,
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code' as const, 'refresh_token' as const],
  callbacks: [CALLBACK],
};
const SCOPE = { scope: 'openid offline_access', audience: TRANSFERS };

describe.each<Profile>(['auth0', 'standard'])('in the profile %s', (profile) => {
  let assent: RunningAssent;
  let app: WebApplication;
  let keys: client.CryptoKeyPair;
  beforeAll(async () => {
    assent = await startAssent({
      tls: false,
      config: bankWith([PHONE_APP], { tenant: { name: 'bank', profile } }),
    });
    app = await WebApplication.of(assent, { id: 'phone-app', auth: client.None() });
    keys = await client.randomDPoPKeyPair('ES256');
  });
  afterAll(() => assent.close());

  const handle = (pair = keys) => client.getDPoPHandle(app.configuration, pair);
  const logIn = async (parameters: Record<string, string>) => {
    const login = await app.begin({ ...SCOPE, ...parameters });
    const arrived = await new Browser().open(login.url);
    const back = await arrived.press('Ada Lovelace');
    return (options: client.AuthorizationCodeGrantOptions) =>
      client.authorizationCodeGrant(
        app.configuration,
        back.url,
        { pkceCodeVerifier: login.verifier, expectedState: login.state, expectedNonce: login.nonce ?? '' },
        {},
        options,
      );
  };

  it('a code that was asked for with dpop_jkt is redeemed with a proof of that key alone', async () => {
    const dpop_jkt = await handle().calculateThumbprint();
    const redeem = await logIn({ dpop_jkt });
    const tokens = await redeem({ DPoP: handle() });
    expect(tokens.token_type).toBe('dpop');
    expect(claimsOf(tokens.access_token)['cnf']).toEqual({ jkt: dpop_jkt });
    const other = await client.randomDPoPKeyPair('ES256');
    await expect((await logIn({ dpop_jkt }))({ DPoP: handle(other) })).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('another key'),
    });
    await expect((await logIn({ dpop_jkt }))({})).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('bound to a key'),
    });
  });

  it('a proof with the pushed request is as good as dpop_jkt', async () => {
    const key = await DpopKey.make();
    const pushed = async (DPoP: string) =>
      call(`${assent.url}/oauth/par`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', DPoP },
        body: new URLSearchParams({
          client_id: 'phone-app',
          response_type: 'code',
          redirect_uri: CALLBACK,
          scope: 'openid',
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          code_challenge_method: 'S256',
        }).toString(),
      });
    const url = `${assent.issuer}oauth/par`;
    expect((await pushed(await key.prove('POST', url))).status).toBe(201);
    const wrong = await pushed(await key.prove('POST', `${assent.issuer}oauth/token`));
    expect([wrong.status, wrong.json().error]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('what it refreshes with is bound to the key, too', async () => {
    const { refresh_token: refreshToken = '' } = await (await logIn({}))({ DPoP: handle() });
    const refresh = (token: string, options: client.DPoPOptions) =>
      client.refreshTokenGrant(app.configuration, token, {}, options);
    const other = await client.randomDPoPKeyPair('ES256');
    await expect(refresh(refreshToken, { DPoP: handle(other) })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(refresh(refreshToken, {})).rejects.toMatchObject({ error: 'invalid_grant' });
    const tokens = await refresh(refreshToken, { DPoP: handle() });
    expect(tokens.token_type).toBe('dpop');
    const { sub } = await client.fetchUserInfo(app.configuration, tokens.access_token, 'auth0|ada', {
      DPoP: handle(),
    });
    expect(sub).toBe('auth0|ada');
  });

  it('a token that names no API is bound all the same', async () => {
    const login = await app.begin({ scope: 'openid', audience: '' });
    const back = await (await new Browser().open(login.url)).press('Ada Lovelace');
    const tokens = await client.authorizationCodeGrant(
      app.configuration,
      back.url,
      { pkceCodeVerifier: login.verifier, expectedState: login.state, expectedNonce: login.nonce ?? '' },
      {},
      { DPoP: handle() },
    );
    const read = (options: client.DPoPOptions) =>
      client.fetchUserInfo(app.configuration, tokens.access_token, 'auth0|ada', options);
    expect((await read({ DPoP: handle() })).sub).toBe('auth0|ada');
    const url = `${assent.issuer}userinfo`;
    const key = await DpopKey.make();
    const foreign = await key.prove('GET', url, {}, tokens.access_token);
    for (const headers of [
      { Authorization: `Bearer ${tokens.access_token}` },
      { Authorization: `DPoP ${tokens.access_token}`, DPoP: foreign },
    ]) {
      const answer = await call(url, { headers });
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        expect.stringContaining('DPoP'),
      ]);
    }
    const again = await call(url, {
      headers: { Authorization: `DPoP ${tokens.access_token}`, DPoP: foreign },
    });
    expect([again.status, again.json().error]).toEqual([401, 'invalid_dpop_proof']);
  });
});
