// What `assent browser` asks of a server: a link that pairs at once, the way of the device, Chromium's push service on demand.
import { expect, test } from 'vitest';
import { type TraceEvent, ticketHolderSchema } from '../../src/contract/index.ts';
import { call } from '../http-call.ts';
import { makeDeviceKey, PairedBrowser, pairingBody } from '../paired-browser.ts';
import { ADA, World } from '../world.ts';

test('a link of the control API says that it pairs at once, is good once, and confirms its device', async () => {
  await using world = await World.start();
  const invitation = await world.control.inviteBrowser(ADA);
  expect(invitation.url).toBe(`${world.url}/approve/#ticket=${invitation.ticket}`);
  const lookUp = () =>
    call(`${world.url}/approver/tickets/lookup`, { method: 'POST', body: { ticket: invitation.ticket } });
  expect(ticketHolderSchema.parse((await lookUp()).json())).toMatchObject({
    user_id: ADA,
    pairs_at_once: true,
  });

  const body = { ...(await pairingBody(world, ADA, await makeDeviceKey())), ticket: invitation.ticket };
  expect((await call(`${world.url}/approver/devices`, { method: 'POST', body })).status).toBe(201);
  expect(await world.control.devices(ADA)).toContainEqual(
    expect.objectContaining({ id: invitation.device_id, status: 'confirmed', push: 'none' }),
  );
  expect((await lookUp()).status).toBe(404);
});

test('somebody who is not here gets neither a link nor devices', async () => {
  await using world = await World.start();
  await expect(world.control.inviteBrowser('auth0|nobody')).rejects.toMatchObject({ code: 'not_found' });
  await expect(world.control.devices('auth0|nobody')).rejects.toMatchObject({ code: 'not_found' });
});

test('a page of another origin gets no link', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/control/tickets`, {
    method: 'POST',
    headers: { Origin: 'https://evil.example' },
    body: { user_id: ADA },
  });
  expect(answer.status).toBe(403);
});

test('a device that turns notifications on is told of once, not with every registration', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const subscription = {
    endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/abc',
    keys: {
      p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
      auth: 'tBHItJI5svbpez7KI4CCXg',
    },
  };
  const path = `/approver/devices/${ada.device.id}/push`;
  for (const endpoint of [subscription.endpoint, `${subscription.endpoint}d`]) {
    const body = { kind: 'web-push', subscription: { ...subscription, endpoint } };
    expect((await ada.call(path, { method: 'PUT', body })).status).toBe(200);
  }
  await ada.call(`/approver/devices/${ada.device.id}`, { method: 'DELETE' });
  const told: TraceEvent[] = [];
  for await (const event of world.control.events({ afterNumber: 0 })) {
    told.push(event);
    if (event.type === 'device.removed') break;
  }
  expect(told).toMatchObject([
    { type: 'device.paired' },
    { type: 'device.reachable', user_id: ADA, device: 'Chrome on a laptop', by: 'web-push' },
    { type: 'device.removed' },
  ]);
});

test('plain http has no push service for Chromium, and says so', async () => {
  await using world = await World.start();
  await expect(world.control.openForChromium()).rejects.toMatchObject({
    message: expect.stringContaining('plain http'),
    hint: 'Start it without --http.',
  });
});
