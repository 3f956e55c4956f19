// Faults of what the server sends to people by itself: e-mails, and pushes to a Guardian app.
import { describe, expect, test } from 'vitest';
import type { FaultInput } from '../../src/contract/index.ts';
import { createManualClock, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { openGuardianWorld } from '../guardian/guardian-world.ts';
import { askByEmail, bankByEmail, eventOf } from '../mail-tenant.ts';

const CHARLES = 'auth0|charles';

async function startByEmail(does: FaultInput['does']) {
  const clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));
  const assent = await startAssent({ tls: false, clock, config: bankByEmail() });
  await assent.control.faults.inject({ on: 'email', does, times: 1, client_id: 'aiya' });
  const agent = new Agent(assent);
  return {
    assent,
    clock,
    ask: (binding_message: string) => askByEmail(agent, { binding_message }),
    subjects: async () =>
      (await assent.control.mailbox()).map(({ subject }) => subject.split(': ')[1]).reverse(),
    [Symbol.asyncDispose]: () => assent.close(),
  };
}

describe('an e-mail', () => {
  test('that is lost was handed over and never came, and the next one does', async () => {
    await using world = await startByEmail({ kind: 'lose' });
    await world.ask('LOST-1');
    await eventOf(world.assent, 'notification.delivered');
    expect(await world.subjects()).toEqual([]);
    await world.ask('NEXT-2');
    await expect.poll(world.subjects).toEqual(['NEXT-2']);
  });

  test('that is late comes when its time has come', async () => {
    await using world = await startByEmail({ kind: 'late', ms: 60_000 });
    await world.ask('LATE-1');
    await world.ask('NEXT-2');
    await expect.poll(world.subjects).toEqual(['NEXT-2']);
    world.clock.advance(60_000);
    await expect.poll(world.subjects).toEqual(['NEXT-2', 'LATE-1']);
  });

  test('that comes twice lies there twice', async () => {
    await using world = await startByEmail({ kind: 'duplicate' });
    await world.ask('TWICE-1');
    await expect.poll(world.subjects).toEqual(['TWICE-1', 'TWICE-1']);
  });

  test('that is refused for now is sent again, and one that is refused for good is not', async () => {
    await using world = await startByEmail({ kind: 'answer', status: 421 });
    await world.ask('AGAIN-1');
    expect(await eventOf(world.assent, 'notification.failed')).toMatchObject({
      why: 'the mail server answered 421, a fault (f1)',
      retry_at: expect.any(String),
    });
    world.clock.advance(5_000);
    await expect.poll(world.subjects).toEqual(['AGAIN-1']);

    await using other = await startByEmail({ kind: 'answer', status: 550 });
    await other.ask('NEVER-1');
    expect(await eventOf(other.assent, 'notification.failed')).not.toHaveProperty('retry_at');
    expect(await other.subjects()).toEqual([]);
  });
});

test('a push to a Guardian app is lost or sent again like any other', async () => {
  await using world = await openGuardianWorld();
  const { agent, assent, clock } = world;
  await using phone = await world.enrol(CHARLES, 'ios');
  const { faults } = assent.control;
  const ask = (binding_message: string) => agent.askFor({ login_hint: agent.hint(CHARLES), binding_message });

  await faults.inject({ on: 'push', does: { kind: 'lose' }, request: 'next' });
  await ask('LOST-1');
  await eventOf(assent, 'fault.applied');
  await ask('NEXT-2');
  const consent = await phone.readConsent(await phone.nextPush());
  expect(consent.requested_details.binding_message).toBe('NEXT-2');

  await faults.inject({ on: 'push', does: { kind: 'answer', status: 503 }, times: 1 });
  await ask('AGAIN-3');
  await eventOf(assent, 'notification.failed');
  clock.advance(5_000);
  await phone.allow(await phone.nextPush());
  expect(await assent.control.request('latest')).toMatchObject({
    state: 'approved',
    binding_message: 'AGAIN-3',
  });
});

describe('faults belong to what changes', () => {
  test('a reset ends them, a snapshot has them with what they have counted', async () => {
    await using assent = await startAssent({ tls: false });
    const { control } = assent;
    const keys = () => fetch(`${assent.url}/.well-known/jwks.json`).then(({ status }) => status);
    await control.faults.inject({ on: 'jwks', does: { kind: 'answer', status: 503 }, after: 1, times: 2 });
    expect([await keys(), await keys()]).toEqual([200, 503]);
    const snapshot = await assent.snapshot();
    await assent.reset();
    expect(await control.faults.list()).toEqual([]);
    expect(await keys()).toBe(200);
    await assent.restore(snapshot);
    expect(await control.faults.list()).toMatchObject([{ id: 'f1', matched: 2, applied: 1 }]);
    expect([await keys(), await keys()]).toEqual([503, 200]);
  });

  test('a rotated key is in a snapshot, and gone after a reset', async () => {
    await using assent = await startAssent({ tls: false });
    const kids = async (): Promise<string[]> => {
      const answer = await fetch(`${assent.url}/.well-known/jwks.json`);
      const { keys } = (await answer.json()) as { keys: Array<{ kid: string }> };
      return keys.map(({ kid }) => kid);
    };
    const [original] = await kids();
    await assent.control.faults.inject({ on: 'jwks', does: { kind: 'rotate_keys' }, times: 1 });
    const rotated = await kids();
    expect(rotated).toEqual([expect.not.stringMatching(original ?? ''), original]);
    const snapshot = await assent.snapshot();
    await assent.reset();
    expect(await kids()).toEqual([original]);
    await assent.restore(snapshot);
    expect(await kids()).toEqual(rotated);
  });

  test('a server that stops keeps nobody waiting for a fault', async () => {
    const assent = await startAssent({ tls: false });
    const agent = new Agent(assent);
    const authReqId = await agent.askFor();
    await assent.control.faults.inject({ on: 'jwks', does: { kind: 'delay', ms: 600_000 } });
    await assent.control.faults.inject({ on: 'decision', does: { kind: 'race_expiry', first: 'decision' } });
    const reading = fetch(`${assent.url}/.well-known/jwks.json`).catch(() => 'cut off');
    const deciding = assent.control.approve(authReqId).catch(() => 'cut off');
    for await (const event of assent.control.events({ afterNumber: 0 })) {
      if (event.type === 'fault.applied' && event.fault === 'f2') break;
    }
    await assent.close();
    await Promise.all([reading, deciding]);
  });
});
