// Who can have the server call an address inside this computer or its network (SSRF): every member and parameter that takes an
// address is given one of a listener on loopback, in every spelling, and nobody ever knocks there.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Outbound } from '../../src/outbound/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { administratorOf } from '../management/administrator.ts';
import { PairedBrowser } from '../paired-browser.ts';

let knocks = 0;
const inside = createServer((socket) => {
  knocks += 1;
  socket.destroy();
});
// Also reached by IPv6, where this computer has it.
await once(inside.listen(0), 'listening');
const listening = inside.address();
const port = typeof listening === 'object' && listening !== null ? listening.port : 0;

let assent: RunningAssent;
beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank({ registration: { enabled: true } }) });
});
afterAll(async () => {
  await assent.close();
  inside.close();
});

/** Loopback, as a URL can spell it; and addresses that lead to it over IPv4 in IPv6. */
const HOSTS = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '１２７.0.0.1',
  '127。0。0。1',
  'ⓛocalhost',
];

const addressesAt = (host: string): string[] =>
  ['https', 'http'].map((scheme) => `${scheme}://${host}:${port}/inside`);
const ADDRESSES = HOSTS.flatMap(addressesAt);

/** A JWT whose header names the address as a place for its key. RFC 7515 §4.1.2, §4.1.5. */
async function assertionThatPointsTo(address: string, clientId: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ iss: clientId, sub: clientId, aud: assent.issuer, jti: address })
    .setProtectedHeader({ alg: 'ES256', kid: 'unknown', jku: address, x5u: address })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey);
}

describe('nobody knocks inside, whatever address is named by', () => {
  it('a client that registers itself, and uses what it registered', async () => {
    for (const address of ADDRESSES) {
      const answer = await call(`${assent.url}/oidc/register`, {
        method: 'POST',
        body: {
          client_name: 'Planner',
          grant_types: [CIBA_GRANT_TYPE],
          response_types: [],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks_uri: address,
          backchannel_token_delivery_mode: 'ping',
          backchannel_client_notification_endpoint: address,
        },
      });
      expect([address, answer.status < 500]).toEqual([address, true]);
      const { client_id = 'nobody' } = answer.json();
      const client = new Agent(assent, {
        client_id,
        client_secret: undefined,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertionThatPointsTo(address, client_id),
      });
      expect([address, (await client.ask({ client_notification_token: 'x'.repeat(22) })).status]).toEqual([
        address,
        expect.toSatisfy((status: number) => [400, 401, 403].includes(status)),
      ]);
    }
    expect(knocks).toBe(0);
  });

  it('metadata that a browser or a provider might fetch', async () => {
    for (const address of ADDRESSES) {
      for (const member of [
        'logo_uri',
        'client_uri',
        'tos_uri',
        'policy_uri',
        'sector_identifier_uri',
        'initiate_login_uri',
        'backchannel_logout_uri',
        'request_uris',
      ]) {
        const value = member.endsWith('s') ? [address] : address;
        const body = {
          client_name: 'Planner',
          redirect_uris: ['https://app.example/cb'],
          subject_type: 'public',
          [member]: value,
        };
        const { status } = await call(`${assent.url}/oidc/register`, { method: 'POST', body });
        expect([address, member, status < 500]).toEqual([address, member, true]);
      }
    }
    expect(knocks).toBe(0);
  });

  it('a parameter of a request', async () => {
    const agent = new Agent(assent);
    for (const address of ADDRESSES) {
      const unsigned = `${Buffer.from(JSON.stringify({ alg: 'ES256', jku: address })).toString('base64url')}.e30.AA`;
      const answers = await Promise.all([
        agent.ask({ request_uri: address }),
        agent.ask({ request: unsigned }),
        agent.ask({ login_hint: undefined, login_hint_token: unsigned }),
        agent.ask({ login_hint: undefined, id_token_hint: unsigned }),
        agent.post('/oauth/par', { request_uri: address }),
        call(
          `${assent.url}/authorize?client_id=aiya&response_type=code&request_uri=${encodeURIComponent(address)}`,
        ),
      ]);
      for (const { status } of answers) expect([address, status < 500]).toEqual([address, true]);
    }
    expect(knocks).toBe(0);
  });

  it('a device that says where it can be reached', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
    const devices = (await ada.call('/approver/devices')).json();
    const id = JSON.stringify(devices).match(/dev_\w{16}(?=[^}]*"can_answer":true)/)?.[0];
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ]);
    const p256dh = Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
    const keys = { p256dh, auth: Buffer.alloc(16, 1).toString('base64url') };
    for (const address of ADDRESSES) {
      const body = { kind: 'web-push', subscription: { endpoint: address, keys } };
      const { status } = await ada.call(`/approver/devices/${id}/push`, { method: 'PUT', body });
      expect([address, status]).toEqual([address, 400]);
    }
    await new Agent(assent).askFor();
    expect(knocks).toBe(0);
  });

  it('a picture of a person, and settings that an administrator makes', async () => {
    const administrator = await administratorOf(assent);
    for (const address of ADDRESSES) {
      await administrator.patch('/users/auth0%7Cada', { picture: address });
      await administrator.patch('/clients/aiya', {
        jwks_uri: address,
        logo_uri: address,
        initiate_login_uri: address,
      });
    }
    await new Agent(assent).askFor();
    expect(knocks).toBe(0);
  });
});

describe('a name that is looked up', () => {
  function openOutbound(addresses: ReadonlyArray<readonly string[]>): {
    outbound: Outbound;
    asked: () => number;
  } {
    let asked = 0;
    const outbound = new Outbound({
      clock: createManualClock(0),
      ownCa: undefined,
      settings: () => ({ notification_hosts: [] }),
      findAddresses: async () => {
        const found = addresses[Math.min(asked, addresses.length - 1)] ?? [];
        asked += 1;
        return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    });
    onTestFinished(() => outbound.close());
    return { outbound, asked: () => asked };
  }

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254', '0.0.0.0', 'fe80::1'])(
    'and leads to %s is not connected to',
    async (address) => {
      const { outbound } = openOutbound([[address]]);
      const answer = await outbound.call(`https://client.example:${port}/`, { method: 'GET' });
      expect(answer).toMatchObject({ result: 'forbidden' });
      expect(knocks).toBe(0);
    },
  );

  it('twice, and leads inside the second time, is judged the second time', async () => {
    // Reserved for documentation: nobody answers there, and nobody is disturbed. RFC 5737.
    const { outbound, asked } = openOutbound([['192.0.2.1'], ['127.0.0.1']]);
    for (let round = 0; round < 2; round += 1) {
      const answer = await outbound.call(`https://client.example:${port}/`, { method: 'GET' });
      expect(answer).toMatchObject({ result: 'forbidden' });
    }
    expect([asked(), knocks]).toEqual([2, 0]);
  });

  it('once for each call: what was judged is what is connected to', async () => {
    // The first answer is of the internet, in a part that nobody was given; every later one would lead inside.
    const { outbound, asked } = openOutbound([['240.0.0.1', '2e00::1'], ['127.0.0.1']]);
    const calling = outbound.call(`https://client.example:${port}/`, { method: 'GET' });
    await new Promise((resolve) => setImmediate(resolve));
    outbound.close();
    expect(['aborted', 'failed']).toContain((await calling).result);
    expect([asked(), knocks]).toEqual([1, 0]);
  });
});
