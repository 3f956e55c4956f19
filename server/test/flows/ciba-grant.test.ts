// The CIBA grant on the wire: every row of the error table of /oauth/token, the pace of polling, and what the tokens carry.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, claimsOf, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

const PENDING = {
  error: 'authorization_pending',
  error_description: 'The end-user authorization is pending',
};
const DENIED = {
  error: 'access_denied',
  error_description: 'The end-user denied the authorization request or it has been expired',
};
const SPENT = { error: 'invalid_grant', error_description: 'Invalid or expired auth_req_id' };

let clock: ManualClock;
let assent: RunningAssent;
let agent: Agent;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  assent = await startAssent({ tls: false, clock, config: unlimitedBank() });
  agent = new Agent(assent);
});
afterEach(() => assent.close());

describe('a request that has ended', () => {
  it('answers a denial with Auth0’s words, again and again, and keeps the reason to itself', async () => {
    const id = await agent.askFor();
    await assent.control.deny('latest', 'wrong amount');
    for (const _poll of [1, 2, 3]) {
      const answer = await agent.poll(id);
      expect([answer.status, answer.json()]).toEqual([400, DENIED]);
    }
    expect((await assent.control.request('latest')).decision?.reason).toBe('wrong amount');
  });

  it('puts the reason into error_description where the tenant says so', async () => {
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({ ciba: { forward_denial_reason: true } }),
    });
    const agentThere = new Agent(other);
    const id = await agentThere.askFor();
    await other.control.deny('latest', 'wrong amount');
    expect((await agentThere.poll(id)).json()).toEqual({
      error: 'access_denied',
      error_description: 'wrong amount',
    });
  });

  it('answers an expired request like a denied one, from the very second of its end', async () => {
    const id = await agent.askFor({ requested_expiry: '60' });
    clock.advance(59_999);
    expect((await agent.poll(id)).json()).toEqual(PENDING);
    clock.advance(1);
    const answer = await agent.poll(id);
    expect([answer.status, answer.json()]).toEqual([400, DENIED]);
    expect((await assent.control.request('latest')).state).toBe('expired');
  });

  it('refuses a decision that comes too late', async () => {
    await agent.askFor({ requested_expiry: '60' });
    clock.advance(60_000);
    expect((await assent.control.approve('latest')).result).toBe('expired');
  });

  it('is forgotten after its retention: then its id is unknown', async () => {
    const id = await agent.askFor();
    await assent.control.deny('latest');
    clock.advance((300 + 86_400) * 1000 + 1);
    expect((await agent.poll(id)).json()).toEqual(SPENT);
  });

  it('is spent by the first exchange, whose tokens stay valid', async () => {
    const id = await agent.askFor({ scope: 'openid create:transfer offline_access' });
    await assent.control.approve('latest');
    const tokens = (await agent.poll(id)).json();
    const replay = await agent.poll(id);
    expect([replay.status, replay.json()]).toEqual([400, SPENT]);
    const refreshed = await agent.token({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(refreshed.status).toBe(200);
    const me = await call(`${assent.url}/userinfo`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    expect(me.json()).toEqual({ sub: 'auth0|ada' });
  });
});

describe('what is kept of a request whose tokens were fetched', () => {
  const keptByTheProvider = async (): Promise<string[]> => {
    const { documents } = await assent.control.snapshot();
    return documents.map(({ collection }) => collection).filter((name) => name.startsWith('provider/'));
  };

  it('is the request itself, and nothing that only the exchange needed', async () => {
    const id = await agent.askFor();
    await assent.control.approve('latest');
    expect(await keptByTheProvider()).not.toEqual([]);
    expect((await agent.poll(id)).status).toBe(200);
    expect(await keptByTheProvider()).toEqual([]);
    expect(await assent.control.request('latest')).toMatchObject({ state: 'redeemed' });
  });

  it('is its grant as well, where a refresh token hangs on it', async () => {
    const id = await agent.askFor({ scope: 'openid offline_access create:transfer' });
    await assent.control.approve('latest');
    expect((await agent.poll(id)).json()).toHaveProperty('refresh_token');
    expect((await keptByTheProvider()).sort()).toEqual(['provider/Grant', 'provider/RefreshToken']);
  });
});

describe('POST /oauth/token refuses', () => {
  it.each<[string, Record<string, string | undefined>, number, object]>([
    ['an unknown auth_req_id', {}, 400, SPENT],
    [
      'no auth_req_id',
      { auth_req_id: undefined },
      400,
      { error: 'invalid_request', error_description: 'Missing required parameter: auth_req_id' },
    ],
    [
      'no grant_type',
      { grant_type: undefined },
      400,
      { error: 'invalid_request', error_description: 'Missing required parameter: grant_type' },
    ],
    [
      'a wrong secret',
      { client_secret: 'wrong' },
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
    ],
    [
      'an unknown client',
      { client_id: 'nobody' },
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
    ],
  ])('%s', async (_name, changes, status, body) => {
    const answer = await agent.poll('A'.repeat(64), changes);
    expect([answer.status, answer.json()]).toEqual([status, body]);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('a client without the grant, with a link', async () => {
    const [aiya] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({
        clients: [{ ...aiya, grant_types: ['client_credentials'] }],
        client_grants: [],
      }),
    });
    const answer = await new Agent(other).poll('A'.repeat(64));
    expect([answer.status, answer.json()]).toEqual([
      403,
      {
        error: 'unauthorized_client',
        error_description: "Grant type 'urn:openid:params:grant-type:ciba' not allowed for the client.",
        error_uri: 'https://auth0.com/docs/clients/client-grant-types',
      },
    ]);
  });

  it('another client’s auth_req_id, without telling that client’s story', async () => {
    const id = await agent.askFor();
    await assent.control.approve('latest');
    const thief = new Agent(assent, {
      client_id: 'night-trader',
      client_secret: bankTenant.clients?.find((one) => one.client_id === 'night-trader')?.client_secret,
    });
    const stolen = await thief.poll(id);
    expect([stolen.status, stolen.json()]).toEqual([400, SPENT]);
    const events = await assent.control.trace('latest');
    expect(events.map((event) => event.type)).not.toContain('token.refused');
    expect((await agent.poll(id)).status).toBe(200);
  });
});

describe('polling', () => {
  it('is allowed at once, and then every interval', async () => {
    const id = await agent.askFor();
    for (const _poll of [1, 2, 3]) {
      const answer = await agent.poll(id);
      expect([answer.status, answer.json()]).toEqual([400, PENDING]);
      clock.advance(5_000);
    }
  });

  it('too fast is told to slow down, in body and Retry-After, by five more seconds each time', async () => {
    const id = await agent.askFor();
    await agent.poll(id);
    for (const seconds of [10, 15, 20]) {
      const answer = await agent.poll(id);
      expect([answer.status, answer.json(), answer.headers['retry-after']]).toEqual([
        400,
        {
          error: 'slow_down',
          error_description: `You are polling faster than allowed. Try again in ${seconds} seconds.`,
          interval: seconds,
        },
        String(seconds),
      ]);
    }
    clock.advance(20_000);
    expect((await agent.poll(id)).json()).toEqual(PENDING);
    clock.advance(19_000);
    expect((await agent.poll(id)).json().error).toBe('slow_down');
  });

  it('a few milliseconds early is forgiven', async () => {
    const id = await agent.askFor();
    await agent.poll(id);
    clock.advance(4_800);
    expect((await agent.poll(id)).json()).toEqual(PENDING);
  });

  it('gets the answer at once when there is one, however fast it came', async () => {
    const id = await agent.askFor();
    await agent.poll(id);
    await agent.poll(id);
    await assent.control.approve('latest');
    expect((await agent.poll(id)).status).toBe(200);
  });

  it('one request too fast does not slow another one down', async () => {
    const first = await agent.askFor();
    const second = await agent.askFor();
    await agent.poll(first);
    await agent.poll(first);
    expect((await agent.poll(second)).json()).toEqual(PENDING);
  });
});

describe('the tokens of an approved request', () => {
  it('carry exactly the details that were approved: order, numbers and unknown members', async () => {
    const text =
      '[{"type":"transfer_funds","zeta":{"b":1,"a":[1.50,2e3,-0.1,true,null]},"amount":250.25,"currency":"EUR","to":"Zoë"},{"type":"transfer_funds","amount":1}]';
    const id = await agent.askFor({ authorization_details: text });
    await assent.control.approve('latest');
    const tokens = (await agent.poll(id)).json();
    const expected = JSON.stringify(JSON.parse(text));
    expect(JSON.stringify(tokens.authorization_details)).toBe(expected);
    expect(JSON.stringify(claimsOf(tokens.access_token)['authorization_details'])).toBe(expected);
  });

  it('answer 200 with the members of Auth0', async () => {
    const id = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
    await assent.control.approve('latest');
    const answer = await agent.poll(id);
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        access_token: expect.any(String),
        id_token: expect.any(String),
        expires_in: 86_400,
        scope: 'openid create:transfer',
        token_type: 'Bearer',
        authorization_details: [TRANSFER],
      },
    ]);
    expect(claimsOf(answer.json().access_token)).toMatchObject({
      iss: assent.issuer,
      sub: 'auth0|ada',
      aud: [TRANSFERS, `${assent.issuer}userinfo`],
      client_id: 'aiya',
      scope: 'openid create:transfer',
    });
    expect(claimsOf(answer.json().id_token)).toEqual({
      iss: assent.issuer,
      sub: 'auth0|ada',
      aud: 'aiya',
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
  });

  it('without an audience are opaque and open /userinfo', async () => {
    const id = await agent.askFor({ audience: undefined, scope: 'openid email' });
    await assent.control.approve('latest');
    const tokens = (await agent.poll(id)).json();
    expect(tokens.access_token).not.toContain('.');
    const me = await call(`${assent.url}/userinfo`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    expect(me.json()).toEqual({ sub: 'auth0|ada', email: 'ada@bank.example', email_verified: true });
  });

  it('come by JSON as well as by form', async () => {
    const id = await agent.askFor();
    await assent.control.approve('latest');
    const answer = await call(`${assent.url}/oauth/token`, {
      method: 'POST',
      body: {
        grant_type: 'urn:openid:params:grant-type:ciba',
        auth_req_id: id,
        client_id: 'aiya',
        client_secret: 'aiya-secret-not-real',
      },
    });
    expect(answer.status).toBe(200);
  });

  it('include a refresh token only if it was asked for and the API allows it', async () => {
    const ask = async (audience: string | undefined, scope: string): Promise<unknown> => {
      const id = await agent.askFor({ audience, scope });
      await assent.control.approve('latest');
      return (await agent.poll(id)).json().refresh_token;
    };
    expect(await ask(TRANSFERS, 'openid create:transfer offline_access')).toEqual(expect.any(String));
    expect(await ask(TRANSFERS, 'openid create:transfer')).toBeUndefined();
    expect(await ask('https://broker.example/api/orders', 'openid offline_access')).toBeUndefined();
  });

  it('hold the scopes of the API that it defines, and drop the others in silence', async () => {
    const id = await agent.askFor({ scope: 'openid create:transfer delete:everything' });
    await assent.control.approve('latest');
    expect((await agent.poll(id)).json().scope).toBe('openid create:transfer');
  });
});

describe('a broken body', () => {
  let other: RunningAssent;
  beforeAll(async () => {
    other = await startAssent({ tls: false });
  });
  afterAll(() => other.close());

  it.each<[string, string, string, string]>([
    ['JSON that does not parse', 'application/json', '{"a":', 'The request body is not valid JSON'],
    [
      'JSON that is no object',
      'application/json',
      '[]',
      'The JSON request body must be an object whose members are the parameters',
    ],
    [
      'another content type',
      'text/plain',
      'a=b',
      'The content type "text/plain" is not understood; expected application/x-www-form-urlencoded or application/json',
    ],
    [
      '57 KB',
      'application/json',
      `"${'x'.repeat(57 * 1024)}"`,
      'The request body is larger than 57344 bytes',
    ],
  ])('is refused with 400: %s', async (_name, type, body, error_description) => {
    for (const path of ['/oauth/token', '/bc-authorize']) {
      const answer = await call(`${other.url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': type, Accept: 'text/html' },
        body,
      });
      expect([answer.status, answer.json()]).toEqual([400, { error: 'invalid_request', error_description }]);
    }
  });
});
