// The built-in mailbox as the approver app reads it: what went to the person of the device, and nothing else.
import { expect, test } from 'vitest';
import { mailboxMessageSchema, ownMailboxSchema } from '../../src/contract/index.ts';
import { createSystemClock, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { call } from '../http-call.ts';
import { askByEmail, bankByEmail, linkFor } from '../mail-tenant.ts';
import { PairedBrowser } from '../paired-browser.ts';

const ADA = 'auth0|ada';
const GRACE = 'auth0|grace';

async function start(...parameters: Parameters<typeof bankByEmail>) {
  const assent = await startAssent({ tls: false, config: bankByEmail(...parameters) });
  const server = { url: assent.url, clock: createSystemClock() };
  return {
    assent,
    agent: new Agent(assent),
    ada: await PairedBrowser.pair(server, ADA),
    grace: await PairedBrowser.pair(server, GRACE),
    [Symbol.asyncDispose]: () => assent.close(),
  };
}

test('a device reads the messages to its person, newest first, and each with its text and its link', async () => {
  await using world = await start();
  const { assent, agent, ada } = world;
  const links = [];
  for (const message of ['FIRST-1', 'SECOND-2'])
    links.push(await linkFor(assent, await askByEmail(agent, { binding_message: message })));

  const mailbox = ownMailboxSchema.parse((await ada.call('/approver/mailbox')).json());
  expect(mailbox).toMatchObject({
    address: 'ada@bank.example',
    kept_here: true,
    messages: [{ name: 'r2' }, { name: 'r1' }],
  });
  const [newest] = mailbox.messages;
  const mail = mailboxMessageSchema.parse((await ada.call(`/approver/mailbox/${newest?.id}`)).json());
  expect(mail).toMatchObject({ ...newest, link: links[1] });
  expect(mail.text).toContain('SECOND-2');
  expect(mail.html).toContain('SECOND-2');
});

test('messages to somebody else are neither listed nor found, and nobody reads without a proof', async () => {
  await using world = await start();
  const { assent, agent, ada, grace } = world;
  await linkFor(assent, await askByEmail(agent));
  const [{ id = '' } = {}] = await assent.control.mailbox();
  expect((await grace.call('/approver/mailbox')).json()).toMatchObject({
    address: 'grace@bank.example',
    messages: [],
  });
  const foreign = await grace.call(`/approver/mailbox/${id}`);
  const missing = await grace.call('/approver/mailbox/mail_0000000000000000');
  expect([foreign.status, foreign.json().code]).toEqual([404, 'not_found']);
  expect(foreign.json().detail.replace(id, '')).toBe(
    missing.json().detail.replace('mail_0000000000000000', ''),
  );
  for (const path of ['/approver/mailbox', `/approver/mailbox/${id}`]) {
    const nobody = await call(assent.url + path);
    expect([path, nobody.status]).toEqual([path, 401]);
  }
  expect((await ada.call(`/approver/mailbox/${id}`)).status).toBe(200);
});

test('an open page hears of each new message to its person, and of no other', async () => {
  await using world = await start();
  const { agent, ada, grace, assent } = world;
  await using adasPage = await ada.events();
  await using gracesPage = await grace.events();
  await askByEmail(agent);
  const heard = await adasPage.nextOf('mail');
  expect((await ada.call('/approver/mailbox')).json().messages).toEqual([heard?.data]);
  await askByEmail(agent, { login_hint: agent.hint(GRACE) });
  expect((await gracesPage.nextOf('mail'))?.data.to).toBe('grace@bank.example');
  await assent.close();
  while (await adasPage.next());
  expect(adasPage.received.match(/^event: mail$/gm)).toHaveLength(1);
});

test('where messages go to a mail server, that is said', async () => {
  await using world = await start({
    provider: { host: 'localhost', port: 9 },
  });
  expect((await world.ada.call('/approver/mailbox')).json()).toEqual({
    address: 'ada@bank.example',
    kept_here: false,
    messages: [],
  });
});
