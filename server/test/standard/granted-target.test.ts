// A token request may name the API that was granted, and no other; whoever names another one has lost nothing. RFC 8707 §2.2.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, claimsOf, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { refreshingClients } from '../clients.ts';
import { CALLBACK } from '../web-application.ts';

const API = 'https://api.example/accounts';
const OTHER = 'https://api.example/cards';
const VERIFIER = 'a-verifier-that-is-long-enough-to-be-one-of-pkce';

let assent: RunningAssent;
beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: refreshingClients({ grant_types: ['authorization_code'], callbacks: [CALLBACK] }),
      resource_servers: [{ identifier: API, allow_offline_access: true }, { identifier: OTHER }],
      client_grants: [],
      users: [
        { user_id: 'auth0|ada', name: 'Ada', devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Phone' }] },
      ],
    }),
  });
});
afterAll(() => assent.close());

function agentOf(client_id: string): Agent {
  return new Agent(assent, { client_id, client_secret: `${client_id}-secret-not-real` });
}

async function approved(agent: Agent, audience: string | undefined): Promise<string> {
  const authReqId = await agent.askFor({ audience, scope: 'openid offline_access' });
  await assent.control.approve(authReqId);
  return authReqId;
}

const REFUSED = [400, 'invalid_target'];

it.each(['rotating', 'steady'])(
  'an approved request and the refresh token of "%s" are for the API that was granted',
  async (client_id) => {
    const agent = agentOf(client_id);
    const authReqId = await approved(agent, API);
    for (const resource of [OTHER, 'https://nobody.example/', 'no address']) {
      const answer = await agent.poll(authReqId, { resource });
      expect([answer.status, answer.json().error]).toEqual(REFUSED);
    }
    const first = await agent.poll(authReqId, { resource: API });
    expect(first.status, first.text).toBe(200);
    const { refresh_token } = first.json();
    const refresh = (resource: string) =>
      agent.token({ grant_type: 'refresh_token', refresh_token, resource });
    const other = await refresh(OTHER);
    expect([other.status, other.json().error]).toEqual(REFUSED);
    const again = await refresh(API);
    expect(again.status, again.text).toBe(200);
    expect([claimsOf(again.json().access_token)['aud']].flat()).toContain(API);
  },
);

it('a token for no API is for the one that every person has', async () => {
  const agent = agentOf('steady');
  const authReqId = await approved(agent, undefined);
  expect((await agent.poll(authReqId, { resource: API })).json().error).toBe('invalid_target');
  expect((await agent.poll(authReqId, { resource: `${assent.issuer}userinfo` })).status).toBe(200);
});

it('a code is for the API that was granted, and good for it after another one was named', async () => {
  const url = new URL('/authorize', assent.url);
  url.search = new URLSearchParams({
    client_id: 'steady',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    resource: API,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const back = await (await new Browser().open(url)).press('Ada');
  const exchange = (resource: string) =>
    agentOf('steady').token({
      grant_type: 'authorization_code',
      code: back.url.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
      resource,
    });
  const other = await exchange(OTHER);
  expect([other.status, other.json().error], other.text).toEqual(REFUSED);
  expect((await exchange(API)).status).toBe(200);
});

it('in the dialect of Auth0 the parameter has no meaning', async () => {
  const agent = agentOf('dialect');
  const answer = await agent.poll(await approved(agent, API), { resource: OTHER });
  expect([answer.status, claimsOf(answer.json().access_token)['aud']].flat()).toContain(API);
});
