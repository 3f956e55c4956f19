// /clients/{id}/credentials: a client that proves itself with a key that a tool gave it, and APIs that sign otherwise.
import {
  createLocalJWKSet,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { type Administrator, administratorOf } from './administrator.ts';

const BROKER = 'https://broker.example/api/orders';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

describe('a public key', () => {
  it('counts once the authentication methods name it, and no longer when they are cleared', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const { client_id: id } = (
      await administrator.post('/clients', { name: 'By key', app_type: 'non_interactive' })
    ).json();
    await administrator.post('/client-grants', {
      client_id: id,
      audience: BROKER,
      scope: ['create:order'],
    });
    const created = await administrator.post(`/clients/${id}/credentials`, {
      credential_type: 'public_key',
      name: 'first',
      pem: await exportSPKI(publicKey),
      alg: 'RS256',
    });
    expect(created.status).toBe(201);
    const credential = created.json();
    expect(credential).toEqual({
      id: expect.stringMatching(/^cred_[A-Za-z0-9]{16}$/),
      name: 'first',
      alg: 'RS256',
      kid: expect.any(String),
      credential_type: 'public_key',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });

    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: credential.kid })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(assent.issuer)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey);
    const ask = () =>
      new Agent(assent, { client_id: id, client_secret: undefined }).token({
        grant_type: 'client_credentials',
        audience: BROKER,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
    expect((await ask()).status).toBe(401);

    const methods = { private_key_jwt: { credentials: [{ id: credential.id }] } };
    const changed = await administrator.patch(`/clients/${id}`, {
      client_authentication_methods: methods,
      token_endpoint_auth_method: null,
    });
    expect(changed.json()).toMatchObject({ client_authentication_methods: methods });
    expect(changed.json()).not.toHaveProperty('token_endpoint_auth_method');
    const both = { client_authentication_methods: methods, token_endpoint_auth_method: 'none' };
    expect((await administrator.patch(`/clients/${id}`, both)).json()).toMatchObject({
      statusCode: 400,
      errorCode: 'invalid_body',
    });
    expect((await ask()).json()).toMatchObject({ scope: 'create:order' });

    const path = `/clients/${id}/credentials/${credential.id}`;
    expect((await administrator.delete(path)).json()).toMatchObject({ errorCode: 'credential_in_use' });
    await administrator.patch(`/clients/${id}`, {
      client_authentication_methods: null,
      token_endpoint_auth_method: 'client_secret_post',
    });
    expect((await ask()).status).toBe(401);
    expect((await administrator.delete(path)).status).toBe(204);
    expect((await administrator.get(`/clients/${id}/credentials`)).json()).toEqual([]);
  });

  it('comes with a new client, as Terraform sends it', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const answer = await administrator.post('/clients', {
      name: 'Born with a key',
      client_authentication_methods: {
        private_key_jwt: {
          credentials: [{ credential_type: 'public_key', pem: await exportSPKI(publicKey) }],
        },
      },
    });
    expect(answer.status).toBe(201);
    const client = answer.json();
    const [{ id }] = client.client_authentication_methods.private_key_jwt.credentials;
    expect((await administrator.get(`/clients/${client.client_id}/credentials/${id}`)).status).toBe(200);
  });

  it('of the tenant file is one like others: its end is kept, its id stays, and it is there once', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const key = await exportJWK(publicKey);
    const client = {
      client_id: 'by-key',
      name: 'By key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...key, alg: 'RS256' }] },
    };
    const tenant = `${assent.url}/control/tenant`;
    const laid = await call(tenant, { method: 'PATCH', body: { clients: [client] } });
    expect(laid.status).toBe(200);
    const [{ id }] = (await administrator.get('/clients/by-key/credentials')).json();
    const end = { expires_at: '2030-01-01T00:00:00.000Z' };
    const path = `/clients/by-key/credentials/${id}`;
    expect((await administrator.patch(path, end)).json()).toMatchObject({ id, ...end });
    const methods = { private_key_jwt: { credentials: [{ id }] } };
    for (const _again of [1, 2]) {
      expect((await administrator.get('/clients/by-key/credentials')).json()).toMatchObject([{ id, ...end }]);
      const changed = await administrator.patch('/clients/by-key', {
        client_authentication_methods: methods,
      });
      expect(changed.json()).toMatchObject({ client_authentication_methods: methods });
    }
    expect((await administrator.delete(path)).json()).toMatchObject({ errorCode: 'credential_in_use' });
    const twice = await administrator.post('/clients/by-key/credentials', {
      credential_type: 'public_key',
      pem: await exportSPKI(publicKey),
      kid: (await administrator.get(path)).json().kid,
    });
    expect(twice.json()).toMatchObject({ statusCode: 409, errorCode: 'credential_conflict' });
  });

  it('that is private, of another kind or no PEM is refused, and not repeated', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const { publicKey: curve } = await generateKeyPair('ES256', { extractable: true });
    for (const pem of [await exportPKCS8(privateKey), await exportSPKI(curve), 'none']) {
      const answer = await administrator.post('/clients/aiya/credentials', {
        credential_type: 'public_key',
        pem,
      });
      expect(answer.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
      expect(answer.text).not.toContain('BEGIN');
    }
  });
});

describe('an API', () => {
  it.each(['RS512', 'PS256', 'RS256'])('that asks for %s has its tokens signed so', async (algorithm) => {
    const changed = await administrator.patch(`/resource-servers/${encodeURIComponent(BROKER)}`, {
      signing_alg: algorithm,
    });
    expect(changed.json()).toMatchObject({ signing_alg: algorithm });
    const trader = new Agent(assent, {
      client_id: 'night-trader',
      client_secret: 'night-trader-secret-not-real',
    });
    const token = (await trader.token({ grant_type: 'client_credentials', audience: BROKER })).json();
    const { text } = await call(`${assent.url}/.well-known/jwks.json`);
    const keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
    const { protectedHeader } = await jwtVerify(token.access_token, keys, { audience: BROKER });
    expect(protectedHeader.alg).toBe(algorithm);
  });
});
