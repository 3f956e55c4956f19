// A device without a browser logs somebody in: it shows a code, a person enters it elsewhere. RFC 8628, in Auth0's words.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';
import { TELEVISION } from '../clients.ts';
import { type Answer, call } from '../http-call.ts';

let assent: RunningAssent;
/** A television: it keeps no secret. */
let television: Agent;

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        { ...TELEVISION, grant_types: [DEVICE_GRANT_TYPE, 'refresh_token'] },
      ],
    }),
  });
  television = new Agent(assent, { client_id: 'television', client_secret: undefined });
});
afterAll(() => assent.close());

interface DeviceCode {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

async function begin(parameters: Record<string, string> = {}): Promise<DeviceCode> {
  const answer = await television.post('/oauth/device/code', {
    scope: 'openid profile offline_access create:transfer',
    audience: TRANSFERS,
    ...parameters,
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

const poll = (code: DeviceCode): Promise<Answer> =>
  television.token({ grant_type: DEVICE_GRANT_TYPE, device_code: code.device_code });

/** What the person is shown after entering the code and logging in. */
async function openConfirmation(code: DeviceCode, browser = new Browser()): Promise<Visit> {
  const login = await browser.submit(code.verification_uri, { user_code: code.user_code.toLowerCase() });
  return browser.submit(login.url, { user_id: 'auth0|ada' });
}

const fieldOf = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

async function answer(browser: Browser, page: Visit, action: string): Promise<Visit> {
  return browser.submit(`${assent.url}/activate`, {
    csrf: fieldOf(page.markup, 'csrf'),
    user_code: fieldOf(page.markup, 'user_code'),
    action,
  });
}

describe('a device', () => {
  it('gets a code to show, waits, and has tokens once the person has confirmed', async () => {
    const code = await begin();
    expect(code).toEqual({
      device_code: expect.any(String),
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verification_uri: `${assent.issuer}activate`,
      verification_uri_complete: `${assent.issuer}activate?user_code=${code.user_code}`,
      expires_in: 900,
      interval: 5,
    });
    const waiting = await poll(code);
    expect(waiting.status).toBe(403);
    expect(waiting.json()).toEqual({
      error: 'authorization_pending',
      error_description: 'User has yet to authorize device code.',
    });

    const browser = new Browser();
    const page = await openConfirmation(code, browser);
    expect(page.text).toContain(code.user_code);
    expect(page.text).toContain('Television');
    expect(page.text).toContain('Ada Lovelace');
    expect((await poll(code)).json().error).toBe('authorization_pending');
    expect((await answer(browser, page, 'confirm')).text).toContain('The device is connected');

    const tokens = await poll(code);
    expect(tokens.status).toBe(200);
    expect(decodeJwt(tokens.json().access_token)).toMatchObject({ sub: 'auth0|ada' });
    expect(decodeJwt(tokens.json().id_token)).toMatchObject({ aud: 'television', name: 'Ada Lovelace' });
    expect((await poll(code)).status).toBe(403);
  });

  it('is told access_denied when the person cancels', async () => {
    const code = await begin();
    const browser = new Browser();
    await answer(browser, await openConfirmation(code, browser), 'cancel');
    expect((await poll(code)).json()).toEqual({
      error: 'access_denied',
      error_description: 'User cancelled the confirmation prompt.',
    });
  });

  it('may ask only if it has the grant', async () => {
    const refused = await new Agent(assent).post('/oauth/device/code', { scope: 'openid' });
    expect(refused.status).toBe(403);
    expect(refused.json().error).toBe('unauthorized_client');
    const wrong = await television.token({ grant_type: DEVICE_GRANT_TYPE, device_code: 'guessed' });
    expect(wrong.json()).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the page for the code', () => {
  it('opens with the code in its address, and still asks', async () => {
    const code = await begin();
    const browser = new Browser();
    const login = await browser.open(code.verification_uri_complete);
    const page = await browser.submit(login.url, { user_id: 'auth0|ada' });
    expect(page.text).toContain('Is this your device?');
    expect((await poll(code)).json().error).toBe('authorization_pending');
  });

  it('says that no device waits with a code that is wrong or was used', async () => {
    const browser = new Browser();
    const wrong = await browser.submit(`${assent.url}/activate`, { user_code: 'BCDF-GHJK' });
    expect(wrong.status).toBe(404);
    expect(wrong.text).toContain('No device waits with this code');
    const code = await begin();
    const page = await openConfirmation(code, browser);
    await answer(browser, page, 'confirm');
    expect((await answer(browser, page, 'cancel')).status).toBe(404);
    expect((await poll(code)).status).toBe(200);
  });

  it('takes no answer from another page, nor one without its token', async () => {
    const code = await begin();
    const browser = new Browser();
    const page = await openConfirmation(code, browser);
    const fields = { user_code: code.user_code, action: 'confirm' };
    expect((await browser.submit(`${assent.url}/activate`, fields)).status).toBe(403);
    const foreign = await browser.submit(
      `${assent.url}/activate`,
      { ...fields, csrf: fieldOf(page.markup, 'csrf') },
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    );
    expect(foreign.status).toBe(403);
    expect((await poll(code)).json().error).toBe('authorization_pending');
  });

  it('takes no answer of a person who was blocked after logging in', async () => {
    const code = await begin();
    const browser = new Browser();
    const page = await openConfirmation(code, browser);
    const block = async (blocked: boolean): Promise<void> => {
      const body = { users: [{ user_id: 'auth0|ada', blocked }] };
      const changed = await call(`${assent.url}/control/tenant`, { method: 'PATCH', body });
      expect(changed.status).toBe(200);
    };
    await block(true);
    try {
      expect((await answer(browser, page, 'confirm')).url.pathname).toBe('/u/login');
    } finally {
      await block(false);
    }
    expect((await poll(code)).json().error).toBe('authorization_pending');
  });

  it('takes no answer of a person who was deleted after logging in', async () => {
    const code = await begin();
    const browser = new Browser();
    const page = await openConfirmation(code, browser);
    const file = (await call(`${assent.url}/control/tenant`)).json();
    const put = async (body: unknown): Promise<void> => {
      expect((await call(`${assent.url}/control/tenant`, { method: 'PUT', body })).status).toBe(200);
    };
    await put({
      ...file,
      users: file.users.filter((user: { name: string }) => user.name !== 'Ada Lovelace'),
    });
    try {
      expect((await browser.open(code.verification_uri_complete)).url.pathname).toBe('/u/login');
      expect((await answer(browser, page, 'confirm')).url.pathname).toBe('/u/login');
    } finally {
      await put(file);
    }
    expect((await poll(code)).json().error).toBe('authorization_pending');
  });

  it('lets one of many parallel answers through', async () => {
    const code = await begin();
    const browser = new Browser();
    const page = await openConfirmation(code, browser);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => answer(browser, page, n % 2 === 0 ? 'confirm' : 'cancel')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
