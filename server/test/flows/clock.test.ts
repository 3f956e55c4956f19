// Time that is put forward: everything that the server says and judges agrees with it, and nothing outside does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';

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
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
  });

  it('is put forward by a time or to an instant, and runs on from there', async () => {
    expect((await assent.control.clock.advance(90_000)).offset_ms).toBe(90_000);
    const read = await assent.control.clock.moveTo('2100-01-01T01:00:00+01:00');
    expect(read.now).toMatch(/^2100-01-01T00:00:0/);
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
    expect(moved?.['offset_ms']).toBe(72 * HOUR_MS);
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
