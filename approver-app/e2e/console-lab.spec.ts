// The steps that the lab takes in the dashboard, taken in the console: from a tenant with nothing enabled to a transfer, each
// step failing first, with an SDK of Auth0 on the other side.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Page } from '@playwright/test';
import { bankBeforeLab, type RunningAssent } from 'assent';
import { createSpentTokens, createTokenVerifier, requireTokenInFetch } from 'assent/resource-server';
import { AuthenticationClient } from 'auth0/legacy';
import { ADA, TRANSFERS_API } from './tenant.ts';
import { ApproverApp, expect, test } from './world.ts';

// A whole lesson, with two windows and an SDK.
test.slow();

/** The five questions a minute of Auth0 are fewer than this lesson asks. */
test.use({ config: { ...bankBeforeLab, ciba: { requests_per_minute_per_user: 0 } } });

const TRANSFER = { type: 'transfer_funds', amount: '25.00', currency: 'EUR', to: 'Grace Hopper' };

interface Lab {
  readonly page: Page;
  /** Asks as the tool of the lab does, through the SDK. */
  ask(forTransfer?: boolean): Promise<{ auth_req_id: string }>;
  redeem(request: { auth_req_id: string }): Promise<{ access_token: string }>;
}

function openLab(page: Page, assent: RunningAssent): Lab {
  setDefaultCACertificates([...getCACertificates(), assent.ca ?? '']);
  const { backchannel } = new AuthenticationClient({
    domain: new URL(assent.issuer).host,
    clientId: 'baink',
    clientSecret: 'baink-secret-not-real',
  });
  return {
    page,
    ask: (forTransfer = false) =>
      backchannel.authorize({
        userId: ADA,
        binding_message: 'Please approve the transfer',
        scope: forTransfer ? 'openid create:transfer' : 'openid',
        ...(forTransfer
          ? { audience: TRANSFERS_API, authorization_details: JSON.stringify([TRANSFER]) }
          : {}),
      }),
    redeem: (request) => backchannel.backchannelGrant(request),
  };
}

/** Enable CIBA in your Auth0 tenant: Applications, the application, Advanced Settings, Grant Types. */
async function enableCiba({ page }: Lab): Promise<void> {
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'the bAInk' }).click();
  const advanced = page.getByRole('region', { name: 'Advanced Settings' });
  const ciba = advanced.getByRole('switch', { name: 'Client Initiated Backchannel Authentication (CIBA)' });
  await expect(ciba).not.toBeChecked();
  await ciba.click();
  await expect(ciba).toBeChecked();
}

/** Enable Guardian Push in your Auth0 tenant. */
async function enablePush({ page }: Lab): Promise<void> {
  await goTo(page, 'Factors and channels');
  const push = page.getByRole('switch', { name: 'Push Notification using Auth0 Guardian' });
  await push.click();
  await expect(push).toBeChecked();
}

/** Enroll your user to use Auth0 Guardian: the link is followed in another window. */
async function enrol({ page }: Lab, assent: RunningAssent): Promise<ApproverApp> {
  const ada = page.locator(`[data-person="${ADA}"]`);
  await expect(ada).toContainText('not enrolled');
  await ada.getByRole('button', { name: 'Invite Ada Lovelace to enrol a device' }).click();
  const opening = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open in another window' }).click();
  const phone = await opening;
  await phone.getByRole('link', { name: 'Enrol this browser' }).click();
  await phone.getByLabel('Name of this browser').fill('Phone of the lab');
  await phone.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(ada).toContainText('Phone of the lab');
  await expect(ada).toContainText('confirmed');
  return new ApproverApp(phone, assent);
}

/** Create API, use RFC 9068, add the permission; and what the lab only explains: a type of details, with words. */
async function createApi({ page }: Lab): Promise<void> {
  await goTo(page, 'APIs and detail types');
  await page.getByRole('button', { name: 'New' }).click();
  const form = page.getByRole('form', { name: 'Create API' });
  await form.getByLabel('Name').fill('Accounts API');
  await form.getByLabel('JSON Web Token (JWT) Profile').selectOption('RFC 9068');
  await form.getByRole('button', { name: 'Create' }).click();
  // An API without an identifier is refused, beside the field, and what was typed stays.
  await expect(form.getByLabel('Identifier')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByRole('alert')).toContainText('on property identifier');
  await expect(form.getByLabel('Name')).toHaveValue('Accounts API');
  await form.getByLabel('Identifier').fill(TRANSFERS_API);
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Accounts API', level: 1 })).toBeVisible();

  const permissions = page.getByRole('region', { name: 'Permissions' });
  await permissions.getByLabel('Permission', { exact: true }).fill('create:transfer');
  await permissions.getByLabel('Description').fill('Initiate an account transfer');
  await permissions.getByRole('button', { name: 'Add' }).click();
  await expect(permissions.getByText('Initiate an account transfer')).toBeVisible();
  await page.getByLabel('User access').selectOption('Require client grant');
}

async function registerType({ page }: Lab): Promise<void> {
  const types = page.getByRole('region', { name: 'Authorization detail types' });
  await types.getByLabel('Type').fill('transfer_funds');
  await types.getByRole('button', { name: 'Register' }).click();
  const panel = page.getByRole('complementary', { name: 'Detail type transfer_funds' });
  await panel.getByLabel('Action').fill('Transfer');
  await panel.getByLabel('Amount').fill('/amount');
  await panel.getByLabel('Currency').fill('/currency');
  await panel.getByLabel('Concerns').fill('/to');
  await panel.getByLabel('Example').fill(JSON.stringify(TRANSFER));
  await expect(panel.getByText('Transfer 25.00 EUR')).toBeVisible();
  await panel.getByRole('button', { name: 'Save wording and schema' }).click();
  await expect(types.getByText('worded “Transfer … to …”')).toBeVisible();
}

/** Applications, the bAInk, APIs: enable the API and the permission. */
async function authoriseClient({ page }: Lab): Promise<void> {
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'the bAInk' }).click();
  const api = page.getByRole('region', { name: 'Accounts API' });
  await api.getByRole('switch', { name: 'User access' }).click();
  await api.getByRole('checkbox', { name: 'create:transfer' }).click();
  await expect(api.getByText('1 of 1 permissions granted: create:transfer')).toBeVisible();
  await api.getByRole('checkbox', { name: 'transfer_funds' }).click();
  await expect(api.getByRole('checkbox', { name: 'transfer_funds' })).toBeChecked();
}

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name }).click();
}

/** The API of the lab: it insists on the permission and on the transfer that was approved. */
function openBank(assent: RunningAssent): (request: Request) => Promise<Response> {
  const verifier = createTokenVerifier({ issuer: assent.issuer, audience: TRANSFERS_API, ca: assent.ca });
  return requireTokenInFetch(
    verifier,
    async (request) => ({ scope: 'create:transfer', details: [await request.clone().json()] }),
    async (_request, { sub }) => Response.json({ transferredFor: sub }, { status: 201 }),
    { singleUse: createSpentTokens() },
  );
}

const transferWith = (token: string): Request =>
  new Request(TRANSFERS_API, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(TRANSFER),
  });

test('every step of the lab’s dashboard can be taken here, and ends in a transfer', async ({
  page,
  assent,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const lab = openLab(page, assent);
  await page.goto(`${assent.url}/console`);

  await expect(lab.ask()).rejects.toThrow('not allowed for the client');
  await enableCiba(lab);
  await expect(lab.ask()).rejects.toThrow('push notifications not enabled on tenant');
  await enablePush(lab);
  await expect(lab.ask()).rejects.toThrow('User does not have push notifications set up');
  const app = await enrol(lab, assent);
  await lab.ask();

  await expect(lab.ask(true)).rejects.toThrow(TRANSFERS_API);
  await createApi(lab);
  await expect(lab.ask(true)).rejects.toThrow();
  await registerType(lab);
  await expect(lab.ask(true)).rejects.toThrow();
  await authoriseClient(lab);

  const request = await lab.ask(true);
  await app.page.getByRole('link', { name: 'Transfer 25.00 EUR' }).click();
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toContainText('approved');
  const { access_token: token } = await lab.redeem(request);
  const bank = openBank(assent);
  const answer = await bank(transferWith(token));
  expect([answer.status, await answer.json()]).toEqual([201, { transferredFor: ADA }]);
  expect((await bank(transferWith(token))).status).toBe(401);
});
