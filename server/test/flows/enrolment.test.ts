// Bringing another device along: a ticket, a pending enrolment, a browser that confirms it. And giving devices names.
import { expect, test } from 'vitest';
import { devicesSchema, enrolmentTicketSchema, ticketHolderSchema } from '../../src/contract/index.ts';
import { call } from '../http-call.ts';
import { makeDeviceKey, PairedBrowser, pairingBody } from '../paired-browser.ts';
import { ADA, GRACE, World } from '../world.ts';

const issue = async (browser: PairedBrowser) =>
  enrolmentTicketSchema.parse((await browser.call('/approver/tickets', { method: 'POST', body: {} })).json());
const redeem = async (world: World, ticket: string, userId = ADA) => {
  const body = { ...(await pairingBody(world, userId, await makeDeviceKey())), ticket };
  return call(`${world.url}/approver/devices`, { method: 'POST', body });
};
const lookUp = (world: World, ticket: string) =>
  call(`${world.url}/approver/tickets/lookup`, { method: 'POST', body: { ticket } });
const devicesOf = async (browser: PairedBrowser) =>
  devicesSchema
    .parse((await browser.call('/approver/devices')).json())
    .devices.map(({ name, status, can_answer }) => [name, status, can_answer]);

test('a ticket opens a pending enrolment, says for whom it is, and the browser that brings it confirms it', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const ticket = await issue(ada);
  expect(ticket).toMatchObject({
    ticket: expect.stringMatching(/^gten_[A-Za-z0-9]{32}$/),
    url: `${world.url}/approve/#ticket=${ticket.ticket}`,
    code: expect.stringMatching(/^[2-9A-HJKMNP-Z]{4}$/),
    expires_at: '2030-01-01T12:05:00.000Z',
  });
  expect(await devicesOf(ada)).toContainEqual(['New device', 'pending', false]);

  expect(ticketHolderSchema.parse((await lookUp(world, ticket.ticket)).json())).toEqual({
    tenant: 'the bAInk',
    user_id: ADA,
    user_name: 'Ada Lovelace',
    code: ticket.code,
    pairs_at_once: false,
    expires_at: ticket.expires_at,
  });

  const answer = await redeem(world, ticket.ticket);
  expect([answer.status, answer.json().id, answer.json().status]).toEqual([
    201,
    ticket.device_id,
    'confirmed',
  ]);
  expect(await devicesOf(ada)).toEqual([
    ['Phone of the tenant file', 'confirmed', false],
    ['Chrome on a laptop', 'confirmed', true],
    ['Chrome on a laptop', 'confirmed', true],
  ]);
});

test('a ticket is good once: of twenty browsers at the same time one joins', async () => {
  await using world = await World.start();
  const { ticket } = await issue(await PairedBrowser.pair(world, ADA));
  const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(world, ticket)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(19).fill(404)]);
  expect((await lookUp(world, ticket)).status).toBe(404);
});

test('a ticket enrols nobody but its person', async () => {
  await using world = await World.start();
  const { ticket } = await issue(await PairedBrowser.pair(world, ADA));
  const stolen = await redeem(world, ticket, GRACE);
  expect([stolen.status, stolen.json().code]).toEqual([404, 'not_found']);
  expect((await redeem(world, ticket)).status).toBe(201);
});

test('a ticket ends after five minutes, and its pending enrolment with it', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const { ticket } = await issue(ada);
  world.clock.advance(5 * 60_000);
  expect((await redeem(world, ticket)).status).toBe(404);
  expect((await devicesOf(ada)).map(([, status]) => status)).toEqual(['confirmed', 'confirmed']);
});

test('a pending enrolment that was given a name ends all the same', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const { device_id: id } = await issue(ada);
  await ada.call(`/approver/devices/${id}`, { method: 'PATCH', body: { name: 'Tablet' } });
  expect(await devicesOf(ada)).toContainEqual(['Tablet', 'pending', false]);
  world.clock.advance(5 * 60_000);
  expect((await devicesOf(ada)).map(([, status]) => status)).toEqual(['confirmed', 'confirmed']);
});

test('only a paired device makes tickets', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/approver/tickets`, { method: 'POST', body: {} });
  expect([answer.status, answer.json().code]).toEqual([401, 'proof_invalid']);
});

test('a device is renamed by a device of the same person, and by nobody else', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const path = `/approver/devices/${ada.device.id}`;
  const renamed = await ada.call(path, { method: 'PATCH', body: { name: '  Ada’s laptop ' } });
  expect([renamed.status, renamed.json().name]).toEqual([200, 'Ada’s laptop']);
  const foreign = await grace.call(path, { method: 'PATCH', body: { name: 'Mine now' } });
  expect(foreign.status).toBe(404);
  const empty = await ada.call(path, { method: 'PATCH', body: { name: ' ' } });
  expect([empty.status, empty.json().code]).toEqual([400, 'bad_request']);
  expect(await devicesOf(ada)).toContainEqual(['Ada’s laptop', 'confirmed', true]);
});
