// What opens something for whoever has it: long enough that nobody guesses it. Measured on what the server really hands out, by
// the letters it may be made of and by how many of them are drawn. OWASP asks for 64 bits of a session id, RFC 6749 §10.10 for
// less than one chance in 2^128 to guess a token.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandomIds } from '../../src/ids.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent } from '../agent.ts';
import { Browser } from '../browser.ts';
import { TELEVISION } from '../clients.ts';
import { call } from '../http-call.ts';
import { askByEmail, bankByEmail, linkFor } from '../mail-tenant.ts';
import { administratorOf } from '../management/administrator.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { addressOfLogin, CALLBACK } from '../web-application.ts';

const FEWEST_BITS = 128;
const SAMPLES = 12;
const PREFIXES = /^(gten_|cns_|dev_|apr_)/;

let assent: RunningAssent;
beforeAll(async () => {
  const config = bankByEmail({}, { clients: [...(bankTenant.clients ?? []), TELEVISION] });
  assent = await startAssent({ config, host: '0.0.0.0', tls: false });
});
afterAll(() => assent.close());

/** Bits of one drawn text, by the smallest alphabet that all samples fit into. */
function bitsOf(samples: readonly string[]): number {
  const drawn = samples.map((sample) => sample.replace(PREFIXES, ''));
  const all = drawn.join('');
  const alphabets: Array<[RegExp, number]> = [
    [/^\d+$/, 10],
    [/^[0-9a-f]+$/i, 16],
    [/^[A-Za-z0-9]+$/, 62],
    [/^[\w-]+$/, 64],
  ];
  const [, letters] = alphabets.find(([pattern]) => pattern.test(all)) ?? [undefined, 0];
  // Places at which all samples agree are not drawn.
  const shortest = Math.min(...drawn.map((text) => text.length));
  let places = 0;
  for (let at = 0; at < shortest; at += 1) {
    if (new Set(drawn.map((text) => text[at])).size > 1) places += 1;
  }
  return places * Math.log2(letters);
}

const administrator = () => administratorOf(assent);

/** How to get one. */
const HANDED_OUT: Record<string, () => Promise<string>> = {
  auth_req_id: () => new Agent(assent).askFor(),
  'link of an e-mail': async () => {
    const link = await linkFor(assent, await askByEmail(new Agent(assent)));
    return new URL(link).searchParams.get('consent') ?? '';
  },
  'enrolment ticket': async () => (await assent.control.inviteBrowser('auth0|ada')).ticket,
  'token of a transaction': async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
    await new Agent(assent).askFor();
    return (await ada.transaction((await assent.control.request('latest')).id)).transaction_token;
  },
  'device code': async () => {
    const television = new Agent(assent, { client_id: 'television', client_secret: undefined });
    return (await television.post('/oauth/device/code', { scope: 'openid' })).json().device_code;
  },
  'authorization code': async () => (await logIn()).code,
  'refresh token': async () => {
    const { code } = await logIn();
    const granted = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    return (await new Agent(assent).token(granted)).json().refresh_token;
  },
  'session of a browser': async () => (await logIn()).session,
  'client secret': async () =>
    (await (await administrator()).post('/clients', { name: 'another' })).json().client_secret,
  'address of a subscription': async () => {
    const answer = await call(`${assent.url}/push/subscribe`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/webpush-options+json' },
      body: JSON.stringify({ vapid: await publicKey() }),
    });
    return answer.json().subscription.split('/').at(-1);
  },
};

async function publicKey(): Promise<string> {
  const { publicKey: key } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ]);
  return Buffer.from(await crypto.subtle.exportKey('raw', key)).toString('base64url');
}

async function logIn(): Promise<{ code: string; session: string }> {
  const address = addressOfLogin(assent.url);
  const browser = new Browser();
  const back = await (await browser.open(address)).press('Ada Lovelace');
  const session = [...browser.cookies.values()].find(({ name }) => /^assent_bank_\d+$/.test(name));
  return { code: back.url.searchParams.get('code') ?? '', session: session?.value ?? '' };
}

it.each(Object.entries(HANDED_OUT))('%s: at least 128 bits, and never the same', async (_name, make) => {
  const samples: string[] = [];
  for (let round = 0; round < SAMPLES; round += 1) samples.push(await make());
  expect(new Set(samples).size).toBe(SAMPLES);
  expect(bitsOf(samples)).toBeGreaterThanOrEqual(FEWEST_BITS);
});

it('the token of the control API has them too, where nobody brings one', () => {
  expect(bitsOf([assent.controlToken ?? '', createRandomIds().make('', 43)])).toBeGreaterThanOrEqual(
    FEWEST_BITS,
  );
});

it('every letter is drawn as often as every other', () => {
  const drawn = createRandomIds().make('', 62_000);
  const counts = new Map<string, number>();
  for (const letter of drawn) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // Seven standard deviations: less than one false alarm in a thousand million runs.
  for (const [letter, count] of counts)
    expect([letter, Math.abs(count - 1_000) < 220]).toEqual([letter, true]);
});
