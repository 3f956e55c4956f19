// The live inbox: who watches is told at once, who was away is told afterwards, nobody hears of others.
import { expect, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA, GRACE, World } from '../world.ts';

test('all open pages of a person see the request, then its one decision; others see nothing', async () => {
  await using world = await World.start();
  const browsers = await Promise.all(Array.from({ length: 5 }, () => PairedBrowser.pair(world, ADA)));
  const [first] = browsers;
  if (!first) throw new Error('Nothing was paired.');
  const grace = await PairedBrowser.pair(world, GRACE);
  const pages = await Promise.all(browsers.map((browser) => browser.events()));
  await using foreignPage = await grace.events();
  for (const page of [...pages, foreignPage]) {
    expect((await page.next())?.data).toEqual({ now: '2030-01-01T12:00:00.000Z' });
  }

  const asked = await world.ask(ADA);
  for (const page of pages) expect((await page.next())?.data).toEqual(asked);
  const { approval } = (await first.answer(asked, true)).json();
  await Promise.all(browsers.map((browser) => browser.answer(asked, false)));
  for (const page of pages) expect((await page.next())?.data).toEqual(approval);

  // What came after the decision is the next thing each page hears: the refused decisions changed nothing.
  const next = await world.ask(ADA);
  for (const page of pages) expect((await page.next())?.data).toEqual(next);
  const forGrace = await world.ask(GRACE);
  expect((await foreignPage.next())?.data).toEqual(forGrace);
  await Promise.all(pages.map((page) => page[Symbol.asyncDispose]()));
});

test('an inbox that opens later is handed what waits, and the trace says that it was delivered', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const older = await world.ask(ADA);
  const newer = await world.ask(ADA);
  const decided = await world.ask(ADA);
  await ada.answer(decided, false);

  await using page = await ada.events();
  expect((await page.next())?.event).toBe('ready');
  expect((await page.next())?.data).toEqual(older);
  expect((await page.next())?.data).toEqual(newer);
  expect(await world.story(older.id)).toEqual([
    'request.received',
    'notification.waiting',
    'notification.delivered',
  ]);
});

test('an inbox of a person for whom very much waits is handed all of it, at the pace at which its page reads', async () => {
  await using assent = await startAssent({ tls: false, config: unlimitedBank() });
  const ada = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
  const agent = new Agent(assent);
  const details = JSON.stringify(Array.from({ length: 5 }, () => TRANSFER));
  const names = Array.from({ length: 300 }, (_, at) => `r${at + 1}`);
  for (const _name of names) await agent.askFor({ authorization_details: details });
  await using page = await ada.events();
  await page.nextOf('ready');
  const heard: string[] = [];
  while (heard.length < names.length) heard.push((await page.next())?.data.name);
  expect(heard).toEqual(names);
  // More than a stream keeps for a page that is behind.
  expect(page.received.length).toBeGreaterThan(1024 * 1024);
  await agent.askFor({ binding_message: 'NEXT-1' });
  expect((await page.next())?.data).toMatchObject({ name: 'r301', binding_message: 'NEXT-1' });
});

test('a page that comes back hears what it missed, and nothing twice', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const unchanged = await world.ask(ADA);
  const decidedMeanwhile = await world.ask(ADA);
  let lastEventId: string | undefined;
  {
    await using page = await ada.events();
    await page.nextOf('ready');
    expect((await page.next())?.data.id).toBe(unchanged.id);
    await page.nextOf('approval');
    await page.nextContaining('id: ');
    lastEventId = page.lastEventId;
  }
  const { approval } = (await ada.answer(decidedMeanwhile, true)).json();
  const askedMeanwhile = await world.ask(ADA);
  await world.ask(GRACE);

  await using page = await ada.events(lastEventId);
  await page.nextOf('ready');
  expect((await page.next())?.data).toEqual(approval);
  expect((await page.next())?.data).toEqual(askedMeanwhile);
  const fresh = await world.ask(ADA);
  expect((await page.next())?.data).toEqual(fresh);
});

test('a page that breaks off before it has heard all that it missed is handed all of it when it comes back', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const decided = await world.ask(ADA);
  let lastEventId: string | undefined;
  {
    await using page = await ada.events();
    await page.nextOf('approval');
    await page.nextContaining('id: ');
    ({ lastEventId } = page);
  }
  const { approval } = (await ada.answer(decided, true)).json();
  const asked = await world.ask(ADA);
  const missed = [approval, asked];
  {
    await using page = await ada.events(lastEventId);
    expect((await page.nextOf('approval')).data).toEqual(approval);
    expect(page.lastEventId).toBeUndefined();
  }
  await using page = await ada.events(lastEventId);
  await page.nextOf('ready');
  for (const one of missed) expect((await page.next())?.data).toEqual(one);
  await page.nextContaining('id: ');
  expect(Number(page.lastEventId)).toBeGreaterThan(Number(lastEventId));
});

test('a page that comes back after a restart is handed what waits', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const waiting = await world.ask(ADA);
  await using page = await ada.events('4711');
  await page.nextOf('ready');
  expect((await page.next())?.data).toEqual(waiting);
});

test('expiry reaches the open page', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  await using page = await ada.events();
  await page.nextOf('ready');
  const asked = await world.ask(ADA, { expiresInSeconds: 5 });
  expect((await page.nextOf('approval')).data.state).toBe('pending');
  world.clock.advance(5_000);
  expect((await page.nextOf('approval')).data).toEqual({ ...asked, state: 'expired' });
});

test('the pages of a removed device hear that they are un-paired, and end', async () => {
  await using world = await World.start();
  const laptop = await PairedBrowser.pair(world, ADA);
  const phone = await PairedBrowser.pair(world, ADA);
  await using page = await phone.events();
  await using otherPage = await laptop.events();
  await page.nextOf('ready');
  await otherPage.nextOf('ready');
  await laptop.call(`/approver/devices/${phone.device.id}`, { method: 'DELETE' });
  expect((await page.next())?.event).toBe('unpaired');
  expect(await page.next()).toBeUndefined();
  const asked = await world.ask(ADA);
  expect((await otherPage.next())?.data).toEqual(asked);
});

test('a quiet stream beats, and says when to come back as the server stops', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  await using page = await ada.events();
  await page.nextOf('ready');
  world.clock.advance(15_000);
  await page.nextContaining(':');
  const stopping = world.stop();
  expect(await page.next()).toBeUndefined();
  expect(page.received).toMatch(/:\n\nretry: \d+\n\n$/);
  await stopping;
});

test('HEAD of the events opens no inbox', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const head = await ada.call('/approver/events', { method: 'HEAD' });
  expect([head.status, head.headers['content-type']]).toEqual([200, 'text/event-stream']);
  const asked = await world.ask(ADA);
  expect(await world.story(asked.id)).toEqual(['request.received', 'notification.waiting']);
});
