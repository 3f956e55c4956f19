// The link that an agent hands to somebody who has no device: made by the Management API, followed in a browser, and then
// the question that failed before is asked.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { RunningAssent } from 'assent';
import { ManagementClient } from 'auth0';
import { readQrCode } from './qr-reader.ts';
import { expect, test } from './world.ts';

const CHARLES = 'auth0|charles';

/** With a token of its own, as an application that is not part of these tests would. */
function administer(assent: RunningAssent): ManagementClient {
  setDefaultCACertificates([...getCACertificates(), assent.ca ?? '']);
  return new ManagementClient({
    domain: new URL(assent.issuer).host,
    clientId: 'administrator',
    clientSecret: 'administrator-secret-not-real',
  });
}

async function makeTicket(management: ManagementClient): Promise<string> {
  const { ticket_url: url = '' } = await management.guardian.enrollments.createTicket({
    user_id: CHARLES,
    factor: 'push-notification',
    allow_multiple_enrollments: true,
    send_mail: false,
  });
  return url;
}

test('a ticket is followed to a confirmed device, which is then asked', async ({
  app,
  agent,
  assent,
  page,
}) => {
  const management = administer(assent);
  // Otherwise they are asked by e-mail.
  await management.guardian.factors.set('email', { enabled: false });
  const ask = () => agent.ask({ userId: CHARLES });
  await expect(ask()).rejects.toThrow('User does not have push notifications set up');
  const ticketUrl = await makeTicket(management);
  expect(await management.users.enrollments.get(CHARLES)).toMatchObject([{ status: 'pending' }]);

  await page.goto(ticketUrl);
  await expect(app.heading).toHaveText('Enrol a device for Charles Babbage');
  await page.reload();
  await page.getByRole('link', { name: 'Enrol this browser' }).click();
  await expect(app.heading).toHaveText('Let this browser approve for Charles Babbage?');
  await page.getByLabel('Name of this browser').fill('Charles’s engine');
  await page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toHaveText('Nothing is waiting');

  const [enrolment] = await management.users.enrollments.get(CHARLES);
  expect(enrolment).toMatchObject({
    status: 'confirmed',
    auth_method: 'guardian',
    name: 'Charles’s engine',
  });
  const methods = await management.users.authenticationMethods.list(CHARLES);
  expect(methods.data).toContainEqual(
    expect.objectContaining({
      type: 'guardian',
      authentication_methods: [{ id: `push|${enrolment?.id}`, type: 'push' }],
    }),
  );

  const question = await ask();
  await expect(app.heading).toHaveText('1 waiting for you');
  await app.openRequest();
  await app.readToEnd();
  await app.approveButton.click();
  await expect.poll(async () => (await agent.poll(question)).status).toBe(200);

  await page.goto(ticketUrl);
  await expect(app.heading).toHaveText('This link enrols nobody any more');
  await page.getByRole('link', { name: 'Open the approver app' }).click();
  await expect(app.heading).toHaveText('Nothing is waiting');

  await management.guardian.enrollments.delete(enrolment?.id ?? '');
  await expect(app.heading).toHaveText('Who are you?');
  await expect(ask()).rejects.toThrow('User does not have push notifications set up');
});

test.describe('where phones reach the server', () => {
  test.use({ host: '0.0.0.0' });

  test('the page shows a phone the way as a QR code, and another one to an app with the Guardian SDK', async ({
    assent,
    page,
  }) => {
    await page.goto(await makeTicket(administer(assent)));
    const link = await readQrCode(page.getByRole('img', { name: 'Enrolment link as a QR code' }));
    expect(link).toMatch(/^https:\/\/(?!localhost).+\/approve\/#ticket=gten_\w{32}$/);
    await expect(page.getByText(link)).toBeVisible();
    await page.getByText('An app that uses the Guardian SDK').click();
    const barcode = await readQrCode(page.getByRole('img', { name: /^Enrolment for an app/ }));
    expect(barcode).toMatch(/^otpauth:\/\/totp\/.*enrollment_tx_id=/);
  });
});
