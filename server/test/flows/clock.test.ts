// Time that is put forward: everything that the server says and judges agrees with it, and nothing outside does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardianDevice } from '../../src/guardian-device/guardian-device.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { runCommand } from '../command.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA } from '../world.ts';

const HOUR_MS = 3_600_000;

let assent: RunningAssent;
let agent: Agent;

beforeEach(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  agent = new Agent(assent);
});
afterEach(() => assent.close());

const instant = (text: unknown): number => Date.parse(String(text));

describe('the clock', () => {
  it('reads the computer’s time until it is put forward', async () => {
    const { now, offset_ms } = await assent.control.clock.read();
    expect(offset_ms).toBe(0);
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(HOUR_MS / 2);
  });

  it('is put forward by a time or to an instant, and runs on from there', async () => {
    expect((await assent.control.clock.advance(90_000)).offset_ms).toBe(90_000);
    const read = await assent.control.clock.moveTo('2100-01-01T01:00:00+01:00');
    expect(read.now).toMatch(/^2100-01-01T00:0/);
    expect((await assent.control.health()).clock.offset_ms).toBe(read.offset_ms);
    expect(assent.clock.now()).toBeGreaterThanOrEqual(Date.parse('2100-01-01T00:00:00Z'));
    expect(Date.now()).toBeLessThan(Date.parse('2100-01-01T00:00:00Z'));
  });

  it('is told by the Date header of every answer, that of the move included', async () => {
    const moved = await call(`${assent.url}/control/clock`, {
      method: 'POST',
      body: { to: '2100-01-01T00:00:00Z' },
    });
    const answers = [
      moved,
      await call(`${assent.url}/control/requests`),
      await call(`${assent.url}/.well-known/jwks.json`),
      await agent.poll('unknown'),
    ];
    for (const { headers } of answers) expect(headers['date']).toMatch(/^Fri, 01 Jan 2100 00:00:0/);
  });

  it.each([
    [{ to: '2001-01-01T00:00:00Z' }, 'goes forwards only, received 2001-01-01T00:00:00.000Z'],
    [{ advance_ms: -1 }, 'advance_ms: expected milliseconds, 0 or more; the clock goes forwards only'],
    [{ advance_ms: 3e14 }, 'after the year 9989'],
    [{ advance_ms: 'an hour' }, 'advance_ms: expected milliseconds'],
    [{ to: 'tomorrow' }, 'to: expected an instant: 2030-01-01T12:00:00Z'],
    [{}, 'expected {"advance_ms": 60000} or {"to": "2030-01-01T12:00:00Z"}'],
  ])('refuses %j and says what it takes', async (body, said) => {
    const answer = await call(`${assent.url}/control/clock`, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(answer.text.replaceAll('\\"', '"')).toContain(said);
    expect((await assent.control.clock.read()).offset_ms).toBe(0);
  });

  it('tells the trace where it came from and where it went, after what fell due on the way', async () => {
    await using reader = await EventReader.open(`${assent.url}/control/events`);
    await agent.askFor({ requested_expiry: '300' });
    await agent.askFor({ requested_expiry: '60' });
    await assent.control.clock.advance(72 * HOUR_MS);
    const told: Array<Record<string, unknown>> = [];
    while (told.at(-1)?.['type'] !== 'clock.moved') told.push((await reader.next())?.data);
    const ended = told.filter(({ type }) => type === 'request.expired');
    const asked = told.filter(({ type }) => type === 'request.received');
    expect(ended.map(({ name }) => name)).toEqual(['r2', 'r1']);
    const lifetimes = ended.map(({ at, name }) => {
      const askedAt = asked.find((one) => one['name'] === name)?.['at'];
      return Math.round((instant(at) - instant(askedAt)) / 1000);
    });
    expect(lifetimes).toEqual([60, 300]);
    const moved = told.at(-1);
    expect([moved?.['by_ms'], moved?.['offset_ms']]).toEqual([72 * HOUR_MS, 72 * HOUR_MS]);
    expect(instant(moved?.['to']) - instant(moved?.['from'])).toBeGreaterThanOrEqual(72 * HOUR_MS);
  });

  it('is each server’s own, also where several run in one process', async () => {
    await using other = await startAssent({ tls: false, config: unlimitedBank() });
    const [here, there] = [await agent.askFor(), await new Agent(other).askFor()];
    await assent.control.clock.advance(HOUR_MS);
    expect((await assent.control.request(here)).state).toBe('expired');
    expect((await other.control.request(there)).state).toBe('pending');
    expect((await other.control.clock.read()).offset_ms).toBe(0);
  });

  it('is put forward on top of a clock that the caller brings and moves', async () => {
    const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
    await using there = await startAssent({ tls: false, clock, config: unlimitedBank() });
    await there.control.clock.advance(1_000);
    clock.advance(2_000);
    expect((await there.control.clock.read()).now).toBe('2030-01-01T00:00:03.000Z');
  });

  it('lets those who wait go on waiting', async () => {
    const waiting = assent.control.nextApproval({ timeout: 30 });
    await assent.control.clock.advance(HOUR_MS);
    await agent.askFor();
    expect((await waiting)?.name).toBe('r1');
  });
});

describe('how far it was put forward', () => {
  it('is kept in the data file, with all that happened by it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-clock-'));
    const options = { tls: false, config: unlimitedBank(), dataFile: join(folder, 'assent.db') };
    try {
      const first = await startAssent(options);
      const authReqId = await new Agent(first).askFor();
      await first.control.clock.advance(HOUR_MS / 2);
      await first.close();
      await using second = await startAssent({ ...options, port: Number(new URL(first.url).port) });
      expect((await second.control.clock.read()).offset_ms).toBe(HOUR_MS / 2);
      expect((await second.control.request(authReqId)).state).toBe('expired');
      const startedAt = Date.parse((await second.control.health()).started_at);
      expect(startedAt - Date.now()).toBeGreaterThan(HOUR_MS / 3);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is nothing again after a reset, and what it was after a snapshot is put back', async () => {
    await assent.control.clock.advance(HOUR_MS);
    const snapshot = await assent.snapshot();
    await assent.control.clock.advance(HOUR_MS);
    await assent.restore(snapshot);
    expect((await assent.control.clock.read()).offset_ms).toBe(HOUR_MS);
    await assent.reset();
    expect((await assent.control.clock.read()).offset_ms).toBe(0);
    expect(Math.abs(assent.clock.now() - Date.now())).toBeLessThan(HOUR_MS / 2);
  });
});

describe('after a jump', () => {
  it.each(['ios', 'android'] as const)(
    'a phone on %s, whose clock nobody moves, hears, reads and answers',
    async (platform) => {
      await using secure = await startAssent({ config: unlimitedBank() });
      const asking = new Agent(secure);
      const { barcode_uri: barcodeUri } = await secure.control.inviteBrowser('auth0|charles');
      await using phone = await GuardianDevice.enrol({ barcodeUri, platform, ca: secure.ca });
      await secure.control.clock.advance(72 * HOUR_MS);
      const authReqId = await asking.askFor({ login_hint: asking.hint('auth0|charles') });
      const push = await phone.nextPush();
      const consent = await phone.readConsent(push);
      expect(Date.parse(consent.created_at) - Date.now()).toBeGreaterThan(71 * HOUR_MS);
      await phone.allow(push);
      expect((await asking.poll(authReqId)).status).toBe(200);
      await phone.unenrol();
    },
  );

  it('an open page of an approver learns the new time, after what fell due on the way', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock: assent.clock }, ADA);
    await agent.askFor();
    await using page = await ada.events();
    await page.nextOf('ready');
    await page.nextOf('approval');
    await assent.control.clock.advance(HOUR_MS);
    expect((await page.next())?.data).toMatchObject({ name: 'r1', state: 'expired' });
    const { event, data } = (await page.next()) ?? {};
    expect(event).toBe('clock');
    expect(Date.parse(data.now) - Date.now()).toBeGreaterThan(HOUR_MS / 2);
    // And its answers, dated by that time, are taken.
    await agent.askFor();
    const { data: asked } = await page.nextOf('approval');
    expect((await ada.answer(asked, true)).json().result).toBe('decided');
  });
});

describe('the command', () => {
  it('reads the clock and puts it forward, by a time or to an instant', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-clock-'));
    const command = (...words: string[]) =>
      runCommand(['clock', ...words], { folder, env: { ASSENT_URL: assent.url } });
    try {
      expect(await command()).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^ {2}20\d\d-.*Z {3}never put forward\n$/),
      });
      expect((await command('+1d12h')).stdout).toMatch(/put forward by 1 d 12 h\n$/);
      expect(JSON.parse((await command('2100-01-01', '--format', 'json')).stdout).now).toMatch(
        /^2100-01-01T00:00:0/,
      );
      const refused = await command('tomorrow');
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('assent clock +72h')]);
      const back = await command('2001-01-01');
      expect([back.code, back.stderr]).toEqual([1, expect.stringContaining('goes forwards only')]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
