// Mutual TLS, in both profiles: clients that prove themselves by a certificate, and tokens that are bound to one. RFC 8705.

import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { claimsOf } from '../agent.ts';
import { call } from '../http-call.ts';
import { BoundClient, bankWith, type ClientEntry, DpopKey } from './bound-client.ts';
import { LabAuthority, type LabCertificate, makeSelfSigned } from './lab-authority.ts';

const SECRET = 'a-secret-of-the-lab';
/** auth0 has one answer for an unknown client and for wrong credentials; RFC 6749 §5.2 has another one. */
const WRONG_CREDENTIALS: Readonly<Record<Profile, string>> = {
  auth0: 'access_denied',
  standard: 'invalid_client',
};
const BOUND = { tls_client_certificate_bound_access_tokens: true };

let authority: LabAuthority;
let stranger: LabAuthority;
let trader: LabCertificate;
let other: LabCertificate;
let self: LabCertificate;
let named: LabCertificate;
beforeAll(async () => {
  [authority, stranger] = await Promise.all([LabAuthority.make(), LabAuthority.make()]);
  [trader, other, self, named] = await Promise.all([
    authority.issue({ subject: 'C=DE, O=Lab\\, Inc., CN=Trader + OU=Desk' }),
    authority.issue({ subject: 'CN=other' }),
    makeSelfSigned({ subject: 'CN=self', until: -1 }),
    authority.issue({
      subject: 'CN=named',
      others: [
        { type: 'dns', value: 'agent.lab.example' },
        { type: 'url', value: 'spiffe://lab.example/agent' },
        { type: 'ip', value: '2001:db8::7' },
        { type: 'ip', value: '192.0.2.7' },
        { type: 'email', value: 'agent@lab.example' },
      ],
    }),
  ]);
});

function clientsOfLab(): ClientEntry[] {
  const byCertificate = (id: string, more: Partial<ClientEntry>): ClientEntry => ({
    client_id: id,
    name: id,
    token_endpoint_auth_method: 'tls_client_auth',
    ...more,
  });
  return [
    // RFC 4514: the last relative name first; case, order within one and spaces do not matter.
    byCertificate('trader', {
      tls_client_auth_subject_dn: 'ou=desk+cn=trader,  O=Lab\\2C Inc.,C=DE',
      ...BOUND,
    }),
    byCertificate('other', { tls_client_auth_subject_dn: 'CN=other', ...BOUND }),
    byCertificate('dns', { tls_client_auth_san_dns: 'AGENT.lab.example' }),
    byCertificate('uri', { tls_client_auth_san_uri: 'spiffe://lab.example/agent' }),
    byCertificate('ip', { tls_client_auth_san_ip: '2001:DB8:0:0::7' }),
    byCertificate('ip4', { tls_client_auth_san_ip: '192.0.2.7' }),
    byCertificate('email', { tls_client_auth_san_email: 'agent@LAB.example' }),
    byCertificate('local', { tls_client_auth_subject_dn: 'CN=local' }),
    {
      client_id: 'self',
      name: 'self',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [self.jwk] },
    },
    { client_id: 'secret', name: 'secret', client_secret: SECRET, ...BOUND },
  ];
}

describe.each<Profile>(['auth0', 'standard'])('in the profile %s', (profile) => {
  let assent: RunningAssent;
  beforeAll(async () => {
    assent = await startAssent({
      config: bankWith(clientsOfLab(), {
        tenant: { name: 'bank', profile },
        mtls: { ca: authority.ca },
      }),
    });
  });
  afterAll(() => assent.close());

  const client = (id: string, certificate: LabCertificate | undefined) =>
    new BoundClient(assent, { client_id: id }, { certificate });

  it('discovery names the listener, and what it is good for', async () => {
    const { mtlsUrl = '', ca = '' } = assent;
    const document = (await call(`${assent.issuer}.well-known/openid-configuration`, { ca })).json();
    expect(document).toMatchObject({
      tls_client_certificate_bound_access_tokens: true,
      token_endpoint: `${assent.issuer}oauth/token`,
      mtls_endpoint_aliases: {
        token_endpoint: `${mtlsUrl}/oauth/token`,
        backchannel_authentication_endpoint: `${mtlsUrl}/bc-authorize`,
        userinfo_endpoint: `${mtlsUrl}/userinfo`,
      },
    });
    expect(document.token_endpoint_auth_methods_supported).toEqual(
      expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']),
    );
    expect((await call(`${mtlsUrl}/.well-known/openid-configuration`, { ca })).json()).toEqual(document);
  });

  it('a certificate of a trusted authority with the right subject is a client', async () => {
    const asking = client('trader', trader);
    const answer = await asking.redeem(await asking.approved());
    expect(answer.json()).toMatchObject({ token_type: 'Bearer' });
    expect(claimsOf(answer.json().access_token)['cnf']).toEqual({ 'x5t#S256': trader.thumbprint });
  });

  it.each(['dns', 'uri', 'ip', 'ip4', 'email'])('it may be known by its %s', async (id) => {
    expect((await client(id, named).ask()).status).toBe(200);
    const refused = await client(id, other).ask();
    expect([refused.status, refused.json().error]).toEqual([401, WRONG_CREDENTIALS[profile]]);
  });

  it('one that it signed itself is known by its key set, also past its end', async () => {
    const asking = client('self', self);
    expect((await asking.redeem(await asking.approved())).status).toBe(200);
    expect((await client('self', other).ask()).status).toBe(401);
  });

  it('the authority of this computer counts as well', async () => {
    const made = await assent.makeClientCertificate('local');
    const local = new BoundClient(assent, { client_id: 'local' }, { certificate: made });
    expect(made.subject).toBe('CN=local');
    expect((await local.ask()).status).toBe(200);
  });

  it('nobody else gets in by it', async () => {
    const refused: Array<[string, string, LabCertificate | undefined]> = [
      ['the certificate of another client', 'trader', other],
      ['no certificate', 'trader', undefined],
      ['one of an authority that nobody trusts', 'other', await stranger.issue({ subject: 'CN=other' })],
      ['one that nobody signed', 'other', await makeSelfSigned({ subject: 'CN=other' })],
      ['one that has ended', 'other', await authority.issue({ subject: 'CN=other', until: -1 })],
    ];
    for (const [what, id, certificate] of refused) {
      for (const answer of [await client(id, certificate).ask(), await client(id, certificate).redeem('x')]) {
        expect([what, answer.status, answer.json().error]).toEqual([what, 401, WRONG_CREDENTIALS[profile]]);
      }
    }
    const nobody = await new BoundClient(assent, {}, { certificate: trader }).ask();
    expect([400, 401]).toContain(nobody.status);
  });

  it('a request without a certificate is refused where tokens are bound, and stays', async () => {
    const asking = new BoundClient(assent, { client_id: 'secret', client_secret: SECRET });
    const authReqId = await asking.approved();
    const refused = await asking.redeem(authReqId);
    expect([refused.status, refused.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: expect.stringContaining('mtls_endpoint_aliases') },
    ]);
    const key = await DpopKey.make();
    const DPoP = await key.prove('POST', `${assent.mtlsUrl}/oauth/token`);
    const both = await asking.redeem(authReqId, { certificate: other, headers: { DPoP } });
    expect([both.status, both.json().error]).toEqual([400, 'invalid_dpop_proof']);
    const tokens = (await asking.redeem(authReqId, { certificate: other })).json();
    expect(claimsOf(tokens.access_token)['cnf']).toEqual({ 'x5t#S256': other.thumbprint });
    const parameters = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect((await asking.post('/oauth/token', parameters)).json().error).toBe('invalid_grant');
    const refreshed = await asking.post('/oauth/token', parameters, { certificate: trader });
    expect(claimsOf(refreshed.json().access_token)['cnf']).toEqual({ 'x5t#S256': trader.thumbprint });
  });

  it('a token is worth nothing with another certificate', async () => {
    const asking = client('trader', trader);
    const { access_token: token } = (await asking.redeem(await asking.approved())).json();
    const headers = { authorization: `Bearer ${token}` };
    const { ca = '', mtlsUrl } = assent;
    const read = (base: string | undefined, certificate?: LabCertificate) =>
      call(`${base}/userinfo`, { headers, ca, certificate });
    expect((await read(mtlsUrl, trader)).json().sub).toBe('auth0|ada');
    for (const answer of [await read(mtlsUrl, other), await read(mtlsUrl), await read(assent.url)]) {
      expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="invalid_token"/);
    }
  });

  it('a DPoP proof may name either address of the endpoint', async () => {
    const key = await DpopKey.make();
    const asking = client('self', self);
    for (const base of [assent.mtlsUrl, assent.url]) {
      const DPoP = await key.prove('POST', `${base}/oauth/token`);
      const answer = await asking.redeem(await asking.approved(), { headers: { DPoP } });
      expect(answer.json()).toMatchObject({ token_type: 'DPoP' });
    }
  });

  it('the address that everybody knows asks for none, so one that is sent there is not seen', async () => {
    const form = new URLSearchParams({ client_id: 'trader', grant_type: 'client_credentials' }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const { ca = '' } = assent;
    const sent = { method: 'POST', body: form, headers, ca, certificate: trader };
    const unseen = await call(`${assent.url}/oauth/token`, sent);
    expect([unseen.status, unseen.json().error]).toEqual([401, WRONG_CREDENTIALS[profile]]);
  });

  it('the trace says whose certificate it was that was not let in', async () => {
    await client('trader', other).ask();
    for await (const event of assent.control.events({ afterNumber: 0 })) {
      if (event.type !== 'request.refused' || event.client_id !== 'trader') continue;
      expect(event.hint).toMatch(
        /that of "CN=other", expected tls_client_auth_subject_dn "ou=desk\+cn=trader/,
      );
      break;
    }
  });
});

describe('the connection', () => {
  let assent: RunningAssent;
  beforeAll(async () => {
    assent = await startAssent({ mtlsPort: 0 });
  });
  afterAll(() => assent.close());

  const shake = async (address: string | undefined, options: ConnectionOptions): Promise<string> => {
    const { hostname: host, port } = new URL(address ?? '');
    const { ca = '' } = assent;
    const socket = connect({ host, port: Number(port), ca, servername: 'localhost', ...options });
    try {
      await once(socket, 'secureConnect');
      return `${socket.getProtocol()} ${socket.getCipher().name}`;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'refused';
    } finally {
      socket.destroy();
    }
  };
  const below = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2', ciphers: string): ConnectionOptions => ({
    minVersion: version,
    maxVersion: version,
    ciphers: `${ciphers}:@SECLEVEL=0`,
  });

  it('speaks TLS 1.3, and 1.2 by four suites alone, at both addresses', async () => {
    for (const address of [assent.url, assent.mtlsUrl]) {
      expect(await shake(address, {})).toMatch(/^TLSv1.3 /);
      for (const suite of [
        'ECDHE-RSA-AES128-GCM-SHA256',
        'ECDHE-RSA-AES256-GCM-SHA384',
        'DHE-RSA-AES128-GCM-SHA256',
        'DHE-RSA-AES256-GCM-SHA384',
      ]) {
        expect(await shake(address, below('TLSv1.2', suite))).toBe(`TLSv1.2 ${suite}`);
      }
      for (const suite of [
        'ECDHE-RSA-AES128-SHA256',
        'ECDHE-RSA-CHACHA20-POLY1305',
        'ECDHE-ECDSA-AES128-GCM-SHA256',
        'AES128-GCM-SHA256',
      ]) {
        expect([suite, await shake(address, below('TLSv1.2', suite))]).toEqual([
          suite,
          expect.stringMatching(/^E/),
        ]);
      }
      for (const version of ['TLSv1', 'TLSv1.1'] as const) {
        expect(await shake(address, below(version, 'ALL'))).toMatch(/^E/);
      }
    }
  });
});

it('nobody is asked for a certificate unless somebody wants it', async () => {
  await using plain = await startAssent();
  expect(plain.mtlsUrl).toBeUndefined();
  const { ca = '' } = plain;
  const document = (await call(`${plain.issuer}.well-known/openid-configuration`, { ca })).json();
  expect(document).not.toHaveProperty('mtls_endpoint_aliases');
  expect(document).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
});

it('without TLS there is no such listener, and who wants one is told', async () => {
  await expect(startAssent({ tls: false, mtlsPort: 0 })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('Without TLS'),
  });
});

it('a certificate authority that is none is told at the start', async () => {
  const config = bankWith([], { mtls: { port: 0, ca: 'no-such-file.pem' } });
  await expect(startAssent({ config })).rejects.toMatchObject({ code: 'certificate_unusable' });
});
