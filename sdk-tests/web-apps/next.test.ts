// A Next.js application with unmodified `@auth0/nextjs-auth0`, used by a person in Chromium. The older version finds the
// tenant at localhost:PORT; the current one refuses names like that, so there the tenant has a host name and no port.
// The tests of one application follow each other like the visit of one person.
import { type RunningAssent, startAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import { ManagementClient } from 'auth0-7';
import { decodeJwt } from 'jose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { detailOf } from '../bank-api.ts';
import { nextApproval } from '../stage.ts';
import { AUDIENCE, createTenantConfig, peopleOf, TRANSFER_SCOPE } from '../tenant.ts';
import { launchChromium } from './chromium.ts';
import { buildNextApplication, findFreePort, startNextApplication } from './next-application.ts';

const HOST_NAME = 'auth0.test';
const WEB_APP = { client_id: 'web-app', client_secret: 'web-app-secret-not-real' };
const ADMINISTRATOR = { client_id: 'administrator', client_secret: 'administrator-secret-not-real' };
const PERSON = { id: peopleOf(0).approver, name: 'Approver 0' };
const TRANSFER = { to: 'Grace', amount: '250.00', currency: 'EUR' };
const SETUP_TIMEOUT_MS = 240_000;

beforeAll(buildNextApplication, SETUP_TIMEOUT_MS);

describe.each([
  { version: '4.10', issuer: undefined, at: 'localhost:PORT' },
  { version: 'current', issuer: `https://${HOST_NAME}/`, at: HOST_NAME },
])('@auth0/nextjs-auth0 $version with AUTH0_DOMAIN=$at', ({ version, issuer }) => {
  const stack = new AsyncDisposableStack();
  let assent: RunningAssent;
  let management: ManagementClient;
  let url: string;
  let page: Page;

  beforeAll(async () => {
    const port = await findFreePort();
    url = `http://localhost:${port}`;
    assent = stack.use(
      await startAssent({
        dataFolder: inject('dataFolder'),
        ...(issuer === undefined ? {} : { issuer }),
        config: tenantWithWebApp(url),
      }),
    );
    const { host, port: tenantPort } = new URL(assent.url);
    management = new ManagementClient({
      // This process knows the server by its port alone.
      domain: host,
      audience: `${assent.issuer}api/v2/`,
      clientId: ADMINISTRATOR.client_id,
      clientSecret: ADMINISTRATOR.client_secret,
    });
    stack.use(
      await startNextApplication(port, {
        NEXTJS_AUTH0: version,
        AUTH0_DOMAIN: assent.env['AUTH0_DOMAIN'] ?? '',
        AUTH0_CLIENT_ID: WEB_APP.client_id,
        AUTH0_CLIENT_SECRET: WEB_APP.client_secret,
        AUTH0_SECRET: '0'.repeat(64),
        AUTH0_AUDIENCE: AUDIENCE,
        AUTH0_SCOPE: `openid profile email offline_access ${TRANSFER_SCOPE}`,
        NODE_EXTRA_CA_CERTS: assent.caFile ?? '',
        ASSENT_HOST_NAME: HOST_NAME,
        ASSENT_HOST_PORT: tenantPort,
      }),
    );
    const chromium = await launchChromium(`MAP ${HOST_NAME}:443 127.0.0.1:${tenantPort}`);
    stack.defer(() => chromium.close());
    page = await chromium.newPage({ ignoreHTTPSErrors: true, locale: 'en-GB' });
  }, SETUP_TIMEOUT_MS);
  afterAll(() => stack.disposeAsync());

  /** On the login page of the tenant, with one tap. */
  async function logIn(): Promise<void> {
    await page.goto(url);
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.waitForURL(`${assent.issuer}u/login?*`);
    await page.getByRole('button', { name: PERSON.name }).click();
    await page.getByRole('heading', { name: `Hello ${PERSON.name}` }).waitFor();
  }

  /** As the application's own page would, with the cookies of the session. */
  function post(path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    return page.evaluate(
      async (request) => {
        const response = await fetch(request.path, { method: 'POST', body: JSON.stringify(request.body) });
        const answer: Record<string, unknown> = Object(await response.json());
        return { status: response.status, body: answer };
      },
      { path, body },
    );
  }

  test('a person logs in, and the application knows who it is', async () => {
    await logIn();
    expect(page.url()).toBe(`${url}/`);
    await page.getByText(PERSON.id, { exact: true }).waitFor();
  });

  test('the access token is refreshed; the refresh token stays', async () => {
    const { status, body } = await post('/refresh');
    expect([status, body['after']]).toEqual([200, body['before']]);
    expect(decodeJwt(String(body['accessToken']))).toMatchObject({
      iss: assent.issuer,
      sub: PERSON.id,
      scope: `openid profile email offline_access ${TRANSFER_SCOPE}`,
    });
    expect(await post('/refresh')).toMatchObject({
      status: 200,
      body: { before: body['before'], after: body['before'] },
    });
  });

  test('a transfer is approved and gets a token for exactly that', async () => {
    const asking = post('/transfer', TRANSFER);
    const approval = await nextApproval(assent.control, PERSON.id);
    expect(approval.authorization_details).toEqual([detailOf(TRANSFER)]);
    await assent.control.approve(approval.id);

    const { status, body } = await asking;
    expect([status, body['authorizationDetails']]).toEqual([200, [detailOf(TRANSFER)]]);
    expect(decodeJwt(String(body['accessToken']))).toMatchObject({
      sub: PERSON.id,
      authorization_details: [detailOf(TRANSFER)],
    });
  });

  test('a transfer that is denied gets none', async () => {
    const asking = post('/transfer', TRANSFER);
    await assent.control.deny((await nextApproval(assent.control, PERSON.id)).id);
    expect(await asking).toEqual({
      status: 403,
      body: {
        code: 'backchannel_authentication_error',
        cause: 'access_denied',
        message: 'The end-user denied the authorization request or it has been expired',
      },
    });
  });

  test('a logout to an address that is not registered is refused, and the tenant remembers the person', async () => {
    await page.goto(`${url}/auth/logout?returnTo=https://elsewhere.example/`);
    await page.getByRole('heading', { name: 'The logout was refused' }).waitFor();
    expect(page.url()).toContain(assent.issuer);
    await page.goto(url);
    // The application's own session is over; the tenant's is not, so nobody is asked again.
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: `Hello ${PERSON.name}` }).waitFor();
  });

  test('a logout returns to a registered address, and the tenant asks again', async () => {
    await page.goto(`${url}/auth/logout?returnTo=${encodeURIComponent(`${url}/goodbye`)}`);
    await page.waitForURL(`${url}/goodbye`);
    await logIn();
    await page.getByRole('link', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    expect(page.url()).toBe(`${url}/`);
  });

  test('with rotation, each refresh replaces the refresh token', async () => {
    await management.clients.update(WEB_APP.client_id, {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    });
    await logIn();
    const first = (await post('/refresh')).body;
    expect(first['after']).not.toBe(first['before']);
    const second = await post('/refresh');
    expect(second).toMatchObject({ status: 200, body: { before: first['after'] } });
    expect(second.body['after']).not.toBe(first['after']);
  });

  test('somebody signs up, and is logged in', async () => {
    await page.context().clearCookies();
    await page.goto(`${url}/auth/login?screen_hint=signup`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Mary Somerville');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('mary@somerville.example');
    await page.getByLabel('Password').fill('long enough');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Hello Mary Somerville' }).waitFor();
  });
});

function tenantWithWebApp(url: string): TenantConfigInput {
  const { resource_servers: apis = [], ...tenant } = createTenantConfig({ interval: 0.2 }, 1);
  return {
    ...tenant,
    resource_servers: apis.map((api) => ({ ...api, allow_offline_access: true })),
    clients: [
      {
        ...WEB_APP,
        name: 'Web app',
        callbacks: [`${url}/auth/callback`],
        allowed_logout_urls: [url, `${url}/goodbye`],
      },
      { ...ADMINISTRATOR, name: 'Administrator', grant_types: ['client_credentials'] },
    ],
    client_grants: [
      { client_id: ADMINISTRATOR.client_id, audience: '{issuer}api/v2/', allow_all_scopes: true },
    ],
  };
}
