// RFC 6749, RFC 6750 and RFC 9700: what holds for every grant.
import { expect } from 'vitest';
import { newJti } from '../client/jwt.ts';
import { assertionFields, basic, CIBA_GRANT } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  expectAccepted,
  expectBadCredentials,
  expectErrorShape,
  expectOneRefusal,
  expectRefusal,
  expectTokens,
  isRefused,
} from '../lab/expectations.ts';
import { PAYMENTS_API } from '../lab/people.ts';
import { openResource } from '../lab/resource.ts';

const { requirement } = openChapter();

const OFFLINE = { scope: 'openid offline_access payments', audience: PAYMENTS_API } as const;

requirement('OAUTH-2.3-01', async (lab) => {
  const { clientId, secret = '' } = lab.registered('basic');
  const twice = { client_id: clientId, client_secret: secret };
  const jwt = lab.client('jwt');
  const authorization = basic(clientId, secret);
  await lab.nobodyIsAsked(async () => {
    for (const answer of [
      await lab.client('basic').ask(twice),
      await jwt.ask(assertionFields(await jwt.assertion()), { headers: { authorization } }),
    ]) {
      expectOneRefusal(
        answer,
        [400, 'invalid_request'],
        [401, lab.profile === 'auth0' ? 'access_denied' : 'invalid_client'],
      );
    }
  });
});

requirement('OAUTH-3.2-02', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  const twice = await client.poll(authReqId, { auth_req_id: [authReqId, authReqId] });
  expectRefusal(twice, 400, 'invalid_request');
  const two = await client.poll(authReqId, { grant_type: [CIBA_GRANT, 'refresh_token'] });
  expectRefusal(two, 400, 'invalid_request');
  await lab.control.approve(authReqId);
  await lab.advance(10_000);
  expectTokens(await client.poll(authReqId, { foo: 'bar' }));
});

requirement('OAUTH-3.2-03', async (lab) => {
  const client = lab.client('agent');
  expectAccepted(await client.ask({ acr_values: '' }));
  const empty = await client.ask({ binding_message: '' });
  if (lab.profile === 'auth0') expectRefusal(empty, 400, 'invalid_request', 'invalid_binding_message');
  else if (isRefused(empty)) expectRefusal(empty, 400, 'invalid_binding_message');
  else expectAccepted(empty);
  const [without, emptyScope] = [await client.ask({ scope: undefined }), await client.ask({ scope: '' })];
  expect([emptyScope.status, emptyScope.json().error]).toEqual([without.status, without.json().error]);
  expect(emptyScope.status).toBe(400);
});

requirement('OAUTH-5.2-01', {
  standard: async (lab) => {
    const client = lab.client('agent');
    const answers = [
      await client.token({ grant_type: 'nope' }),
      await client.token({}),
      await client.poll(undefined),
      await client.poll(newJti()),
      await client.refresh('nonsense'),
      await client.token({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://x.example' }),
      await lab.client('no_ciba').poll(newJti()),
      await client.with({ secret: 'not-its-secret' }).poll(newJti()),
      await client.with({ clientId: 'nobody' }).poll(newJti()),
    ];
    for (const answer of answers) {
      const { error } = expectErrorShape(answer);
      expect([error, answer.status]).toEqual([error, error === 'invalid_client' ? 401 : 400]);
    }
  },
  auth0: async (lab) => {
    const client = lab.client('agent');
    expectRefusal(await client.refresh('nonsense'), 403, 'invalid_grant');
    expectRefusal(await lab.client('no_ciba').poll(newJti()), 403, 'unauthorized_client');
    expectRefusal(await client.with({ secret: 'not-its-secret' }).poll(newJti()), 401, 'access_denied');
    expectRefusal(await client.poll(newJti()), 400, 'invalid_grant');
  },
});

requirement('OAUTH-5.2-02', {
  standard: async (lab) => {
    const answer = await lab.client('basic').with({ secret: 'not-its-secret' }).poll(newJti());
    expectRefusal(answer, 401, 'invalid_client');
    expect(answer.headers['www-authenticate']).toMatch(/^Basic\b/);
  },
  auth0: async (lab) => {
    const answer = await lab.client('basic').with({ secret: 'not-its-secret' }).poll(newJti());
    expectBadCredentials(lab, answer);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  },
});

requirement('OAUTH-5.2-03', async (lab) => {
  const client = lab.client('agent');
  for (const grant_type of ['urn:openid:params:grant-type:CIBA', 'nope']) {
    expectRefusal(await client.token({ grant_type }), 400, 'unsupported_grant_type');
  }
  expectRefusal(await client.token({}), 400, 'invalid_request');
});

requirement('OAUTH-5.2-04', {
  standard: async (lab) => {
    const authReqId = await lab.client('agent').askFor();
    expectRefusal(await lab.client('no_ciba').poll(authReqId), 400, 'unauthorized_client');
  },
  auth0: async (lab) => {
    const authReqId = await lab.client('agent').askFor();
    expectRefusal(await lab.client('no_ciba').poll(authReqId), 403, 'unauthorized_client');
  },
});

requirement('OAUTH-6-01', {
  standard: async (lab) => {
    const { tokens } = await lab.complete('agent', OFFLINE);
    const more = await lab
      .client('agent')
      .refresh(tokens['refresh_token'], { scope: 'openid payments accounts' });
    expectRefusal(more, 400, 'invalid_scope');
    expectRefusal(await lab.client('agent').refresh('nonsense'), 400, 'invalid_grant');
  },
  auth0: async (lab) => {
    const { tokens } = await lab.complete('agent', OFFLINE);
    const more = await lab
      .client('agent')
      .refresh(tokens['refresh_token'], { scope: 'openid payments accounts' });
    if (isRefused(more)) expectErrorShape(more);
    else expect(String(expectTokens(more)['scope']).split(' ')).not.toContain('accounts');
    expectRefusal(await lab.client('agent').refresh('nonsense'), 403, 'invalid_grant');
  },
});

requirement('BEARER-3-01', async (lab) => {
  const userinfo = lab.provider.endpoint('userinfo_endpoint');
  const bare = await lab.provider.exchange.send(userinfo);
  expect(bare.status).toBe(401);
  // More than one scheme may be offered, in one header or in several.
  expect(String(bare.headers['www-authenticate'])).toMatch(/\bBearer\b/);
  expect(String(bare.headers['www-authenticate'])).not.toContain('error=');
  const bad = await lab.provider.userinfo('nonsense');
  expect(bad.status).toBe(401);
  expect(String(bad.headers['www-authenticate'])).toContain('error="invalid_token"');
  await using resource = await openResource(lab);
  const { tokens } = await lab.complete('agent', { scope: 'openid accounts', audience: PAYMENTS_API });
  const authorization = `Bearer ${tokens['access_token']}`;
  const narrow = await resource.call({ authorization });
  expect(narrow.status).toBe(403);
  expect(String(narrow.headers['www-authenticate'])).toContain('error="insufficient_scope"');
  const none = await resource.call({});
  expect(none.status).toBe(401);
  expect(String(none.headers['www-authenticate'])).not.toContain('error=');
});

requirement('BCP-4.14-01', async (lab) => {
  const client = lab.client('rotating');
  const { tokens } = await lab.complete('rotating', OFFLINE);
  const spent = tokens['refresh_token'];
  const successor = String(expectTokens(await client.refresh(spent))['refresh_token']);
  expect(successor).not.toBe(spent);
  const status = lab.profile === 'auth0' ? 403 : 400;
  expectRefusal(await client.refresh(spent), status, 'invalid_grant');
  // Documented: reuse ends the whole family.
  expectRefusal(await client.refresh(successor), status, 'invalid_grant');
});

requirement('BCP-2.4-01', {
  standard: async (lab) => {
    const answer = await lab
      .client('agent')
      .token({ grant_type: 'password', username: 'ada', password: 'x' });
    expectRefusal(answer, 400, 'unsupported_grant_type');
    expect(lab.provider.list('response_types_supported')).not.toContain('token');
  },
  auth0: async (lab) => {
    const answer = await lab
      .client('agent')
      .token({ grant_type: 'password', username: 'ada', password: 'x' });
    expectRefusal(answer, 400, 'unsupported_grant_type');
    // What is announced there opens nothing here.
    const url = new URL(lab.provider.endpoint('authorization_endpoint'));
    url.search = String(
      new URLSearchParams({
        response_type: 'token',
        client_id: 'lab-agent',
        redirect_uri: 'https://client.lab.example/callback',
      }),
    );
    const asked = await lab.provider.exchange.send(url.href);
    expect(String(asked.headers['location'] ?? '')).not.toContain('access_token');
  },
});
