// The mailbox of one person: mail arrives by itself, is shown without running or loading anything, and its link decides
// nothing.
import type { Request } from '@playwright/test';
import { bankTenant } from 'assent';
import { GRACE, tenant } from './tenant.ts';
import { BY_EMAIL } from './tour-mailbox.ts';
import { expect, test } from './world.ts';

test('a message arrives while the mailbox is open, and says what became of its request', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await app.page.getByRole('link', { name: 'Mailbox' }).click();
  await expect(app.heading).toHaveText('Mailbox');
  await expect(app.heading).toBeFocused();
  await agent.ask(BY_EMAIL);
  await expect(app.mails).toHaveText(/asks for your approval: RENT-4K9.*r1.*Waiting/);
  await expect(app.announcements).toContainText('New e-mail: ');
  await expect(app.heading).toBeFocused();
  await assent.control.deny('latest');
  await expect(app.mails).toHaveText(/Denied/);
});

test('mail to somebody else does not appear', async ({ app, agent, assent }) => {
  await app.pair();
  await app.open('mailbox');
  await agent.ask({ ...BY_EMAIL, userId: GRACE });
  await expect.poll(async () => (await assent.control.mailbox()).length).toBe(1);
  await agent.ask(BY_EMAIL);
  await expect(app.mails).toHaveCount(1);
  await expect(app.mails).toContainText('r2');
  const [, graces] = await assent.control.mailbox();
  await app.open(`mailbox/${graces?.id}`);
  await expect(app.heading).toHaveText('This message is not here');
});

test('the link of a message leads through a login to the request, and the answer there reaches the app', async ({
  app,
  agent,
}) => {
  await app.pair();
  const asked = await agent.ask(BY_EMAIL);
  await app.open('mailbox');
  await app.mails.click();
  const opened = app.page.waitForEvent('popup');
  await app.page.getByRole('link', { name: 'Open the link' }).click();
  const page = await opened;
  await page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await expect(page.getByText('RENT-4K9')).toBeVisible();
  expect((await agent.poll(asked)).body['error']).toBe('authorization_pending');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You approved');
  await expect(app.page.getByText('Approved')).toBeVisible();
});

test.describe('a client that does not list e-mail', () => {
  test.use({ config: bankTenant });

  test('the empty mailbox says what to set first, and then what it suggests arrives', async ({
    app,
    agent,
    assent,
  }) => {
    const { page } = app;
    await app.pair();
    await expect(agent.ask(BY_EMAIL)).rejects.toThrow('No eligible notification channels');
    await page.goto(`${assent.url}/console/mailbox`);
    await expect(page.getByText('If the client that asks does not list it yet, add it first')).toBeVisible();
    await app.open('mailbox');
    await expect(page.getByText('If the client that asks does not list it yet, add it first')).toBeVisible();

    await page.goto(`${assent.url}/console/clients/aiya`);
    await page.getByLabel('Channels, in order').selectOption('guardian-push email');
    const ask = (): Promise<string> =>
      agent.ask(BY_EMAIL).then(
        () => 'accepted',
        (refusal: unknown) => String(refusal),
      );
    await expect.poll(ask).toBe('accepted');
    await app.open('mailbox');
    await expect(app.mails).toHaveCount(1);
  });
});

test.describe('a template that does what it should not', () => {
  test.use({
    config: {
      ...tenant,
      email: {
        template: {
          body: `<h1>Hello {{ user.name }}</h1>
<img src="https://tracker.example/pixel.gif" alt="tracker">
<link rel="stylesheet" href="/approve/assets/none.css"><style>@import "/elsewhere.css"; h1 { background: url(/background.png) }</style>
<script>document.title = 'ran'; parent.postMessage('ran', '*')</script>
<img src="data:image/gif;base64,AAAA" onerror="document.body.textContent = 'ran'" alt="broken">
<iframe src="/approve"></iframe><object data="/approve"></object><video src="/film.mp4" autoplay></video>
<form action="/stolen"><button>Send</button></form><a href="{{ url }}">Read</a>`,
        },
      },
    },
  });
  // Refusing is what the policy is for: it says so on the console.
  test.use({ allowsPolicyReports: true });

  test('runs nothing and loads nothing', async ({ app, agent }) => {
    await app.pair();
    await agent.ask(BY_EMAIL);
    await app.open('mailbox');
    await expect(app.mails).toHaveCount(1);
    const asked: Request[] = [];
    app.page.context().on('request', (request) => asked.push(request));
    await app.mails.click();
    const frame = app.page.frameLocator('iframe.mail');
    await expect(frame.getByRole('heading', { name: 'Hello Ada Lovelace' })).toBeVisible();
    await frame.getByRole('button', { name: 'Send' }).click();
    await app.page.getByText('Text version').click();
    await app.page.getByText('As sent').click();
    await expect(frame.getByRole('heading', { name: 'Hello Ada Lovelace' })).toBeVisible();
    // What the policy stops is listed here too, as failed before it was sent.
    const sent = asked.filter((request) => request.failure()?.errorText !== 'csp');
    const pathsOfMail = sent.map((request) => new URL(request.url()).pathname);
    // The app's own: its calls, its icons, and the scripts that its build cut off for later, this screen's among them.
    const ofApp = /^\/approver\/|^\/approve\/icons\/|^\/approve\/assets\/[\w-]+-[\w-]{8}\.js$/;
    expect(pathsOfMail.filter((path) => !ofApp.test(path))).toEqual([]);
    await expect(frame.locator('body')).not.toHaveText('ran');
  });
});
