// What we rely on in oidc-provider, pinned. If an upgrade changes one of these, the test says which file must follow.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../contract/index.ts';
import { UNBOUND } from './sender-constraints.ts';

const CREDENTIALS = { client_id: 'agent', client_secret: 'agent-secret-not-real' };

let server: Server;
let provider: Provider;
let url: string;
let order: string[];
let stored: Map<string, AdapterPayload>;
let refuseToConsume: boolean;

beforeEach(async () => {
  order = [];
  stored = new Map();
  refuseToConsume = false;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  server = createServer((request, response) => provider.callback()(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  provider = new Provider(`${url}/`, {
    adapter: createRecordingAdapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k', use: 'sig' }] } as never,
    cookies: { keys: ['x'] },
    clients: [
      {
        ...CREDENTIALS,
        grant_types: [CIBA_GRANT_TYPE],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        backchannel_token_delivery_mode: 'poll',
      },
    ],
    findAccount: (_ctx, sub) => {
      order.push('findAccount');
      return { accountId: sub, claims: () => ({ sub }) };
    },
    ttl: { BackchannelAuthenticationRequest: 300, Grant: 300, AccessToken: 300, IdToken: 300 },
    features: {
      devInteractions: { enabled: false },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_ctx, hint) => {
          order.push('processLoginHint');
          return hint;
        },
        processLoginHintToken: () => undefined,
        validateRequestContext: () => {
          order.push('validateRequestContext');
        },
        validateBindingMessage: () => {
          order.push('validateBindingMessage');
        },
        verifyUserCode: () => {},
        triggerAuthenticationDevice: (ctx) => {
          order.push(
            `trigger with body ${Object.keys(ctx.body as object)
              .sort()
              .join()}`,
          );
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => {
          order.push(`defaultResource, client ${ctx.oidc.client?.clientId}`);
          return undefined as never;
        },
        getResourceServerInfo: () => {
          throw new errors.InvalidTarget();
        },
      },
    },
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function createRecordingAdapter(name: string): Adapter {
  return {
    upsert: async (id, payload) => void stored.set(`${name}:${id}`, payload),
    find: async (id) => stored.get(`${name}:${id}`),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: async (id) => {
      if (refuseToConsume) throw new errors.InvalidGrant('lost');
      order.push(`consume ${name}`);
      const payload = stored.get(`${name}:${id}`);
      if (payload) payload.consumed = true;
    },
    destroy: async (id) => void stored.delete(`${name}:${id}`),
    revokeByGrantId: async (grantId) => void order.push(`revoke ${grantId}`),
  };
}

async function post(path: string, form: Record<string, string>): Promise<{ status: number; body: never }> {
  const response = await fetch(url + path, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as never };
}

const ask = (changes: Record<string, string> = {}) =>
  post('/backchannel', { ...CREDENTIALS, scope: 'openid', login_hint: 'ada', ...changes });
const poll = (authReqId: string) =>
  post('/token', { ...CREDENTIALS, grant_type: CIBA_GRANT_TYPE, auth_req_id: authReqId });

it('the resource hook is the first one, after the client is authentic (ciba.ts admits there)', async () => {
  await ask();
  expect(order.slice(0, 3)).toEqual([
    'defaultResource, client agent',
    'validateRequestContext',
    'validateBindingMessage',
  ]);
  order.length = 0;
  await ask({ client_secret: 'wrong' });
  expect(order).toEqual([]);
});

it('the trigger hook runs after the answer was written, without interval (ciba.ts adds it)', async () => {
  const { body } = await ask();
  expect(order.at(-1)).toBe('trigger with body auth_req_id,expires_in');
  expect(body).toEqual({ auth_req_id: expect.any(String), expires_in: 300 });
});

it('nothing paces polls (pacing.ts does)', async () => {
  const { auth_req_id } = (await ask()).body;
  for (const _poll of [1, 2, 3]) {
    expect((await poll(auth_req_id)).body).toMatchObject({ error: 'authorization_pending' });
  }
});

it('an error on the stored request is consumed before it is answered (provider-storage.ts lets that pass)', async () => {
  const { auth_req_id } = (await ask()).body;
  const request = stored.get(`BackchannelAuthenticationRequest:${auth_req_id}`);
  Object.assign(request ?? {}, { error: 'access_denied', errorDescription: 'no' });
  order.length = 0;
  expect(await poll(auth_req_id)).toEqual({
    status: 400,
    body: { error: 'access_denied', error_description: 'no' },
  });
  expect(order).toEqual(['consume BackchannelAuthenticationRequest']);
});

it('a consumed request revokes its grant (provider-storage.ts therefore hides it)', async () => {
  const { auth_req_id } = (await ask()).body;
  Object.assign(stored.get(`BackchannelAuthenticationRequest:${auth_req_id}`) ?? {}, {
    grantId: 'g1',
    consumed: true,
  });
  order.length = 0;
  expect((await poll(auth_req_id)).body).toMatchObject({ error: 'invalid_grant' });
  expect(order.some((entry) => entry.startsWith('revoke g1'))).toBe(true);
});

it('an error thrown while consuming is the answer (two redemptions at once: one is refused there)', async () => {
  const { auth_req_id } = (await ask()).body;
  Object.assign(stored.get(`BackchannelAuthenticationRequest:${auth_req_id}`) ?? {}, { grantId: 'g1' });
  refuseToConsume = true;
  expect(await poll(auth_req_id)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('an error listener may rewrite the answer before it is sent (protocol.ts translates there)', async () => {
  provider.on('grant.error', (ctx, error) => {
    ctx.status = 418;
    ctx.body = { error: error.error, error_description: 'rewritten' };
  });
  expect(await poll('unknown')).toEqual({
    status: 418,
    body: { error: 'invalid_grant', error_description: 'rewritten' },
  });
});

it.each(Object.keys(UNBOUND))(
  'a grant is refused with the detail "%s" (sender-constraints.ts explains it)',
  async (detail) => {
    const folder = new URL('.', import.meta.resolve('oidc-provider'));
    const sources = [
      'actions/grants/refresh_token.js',
      'helpers/grant_common.js',
      'helpers/sender_constraints.js',
    ];
    const texts = await Promise.all(sources.map((source) => readFile(new URL(source, folder), 'utf8')));
    // The last of them is handed the kind of error.
    expect(texts.join('')).toMatch(new RegExp(`(InvalidGrant|ErrorClass)\\('${detail}'\\)`));
  },
);
