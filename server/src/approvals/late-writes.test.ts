// What becomes of steps whose writes fail while the store can be read, as on a disk that is full: they are tried again at a steady pace,
// and told once.
import { expect, it } from 'vitest';
import { OPEN_REQUEST } from '../../test/open-request.ts';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { NewTraceEvent } from '../contract/index.ts';
import { createRandomIds } from '../ids.ts';
import { Problem } from '../problem.ts';
import { AFTER_OUTAGE_MS, type Collection, type Store } from '../store.ts';
import { createMemoryStore } from '../tenant/memory-store.ts';
import { Approvals } from './approvals.ts';
import type { ApprovalPorts, OpenRequest, OtherInstances } from './approvals-ports.ts';

const request: OpenRequest = { ...OPEN_REQUEST, expiresInSeconds: 1 };

type Write = () => Promise<boolean>;

/** A heart on a store on whose writes a test decides. */
class FullWorld implements Disposable {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly told: NewTraceEvent[] = [];
  readonly approvals: Approvals;
  /** How many of an approval were begun. */
  writes = 0;
  /** What becomes of each of them. */
  onWrite: (write: Write) => Promise<boolean> = (write) => write();

  /** @param beside on whose clock and store it is another instance */
  constructor(ports: Partial<ApprovalPorts> = {}, others?: OtherInstances, beside?: FullWorld) {
    this.clock = beside?.clock ?? createManualClock(Date.parse('2030-01-01T00:00:00Z'));
    this.store = beside?.store ?? createMemoryStore(this.clock);
    const { store } = this;
    this.approvals = new Approvals({
      store: { ...store, collection: (name) => this.#watched(store, name) },
      clock: this.clock,
      ids: createRandomIds(),
      retentionMs: () => 86_400_000,
      redemptionGraceMs: () => 60_000,
      ...(others && { others }),
      ports: {
        announce: () => undefined,
        settle: async () => undefined,
        record: (event) => this.told.push(event),
        ...ports,
      },
    });
  }

  /** Lets so much time pass that whatever failed is tried again, and waits until nothing more comes of it. */
  async tryAgain(): Promise<void> {
    this.clock.advance(AFTER_OUTAGE_MS);
    await settled();
  }

  /** How many writes each of so many rounds of trying again begins. */
  async countWrites(rounds: number): Promise<number[]> {
    const perRound: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = this.writes;
      await this.tryAgain();
      perRound.push(this.writes - before);
    }
    return perRound;
  }

  toldTypes(): string[] {
    return this.told.map(({ type }) => type);
  }

  #watched<T>(store: Store, name: string): Collection<T> {
    const documents = store.collection<T>(name);
    if (name !== 'approvals') return documents;
    const watch = (write: Write): Promise<boolean> => {
      this.writes += 1;
      return this.onWrite(write);
    };
    return {
      ...documents,
      get: (id) => documents.get(id),
      findBy: (key, value) => documents.findBy(key, value),
      list: () => documents.list(),
      newest: (part) => documents.newest(part),
      orderOf: (id) => documents.orderOf(id),
      remove: (id) => documents.remove(id),
      insert: (...words) => watch(() => documents.insert(...words)),
      replace: (...words) => watch(() => documents.replace(...words)),
    };
  }

  [Symbol.dispose](): void {
    this.approvals.close();
  }
}

/** Everything that this store does is done within a turn of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

async function refuse(): Promise<never> {
  throw new Problem('store_unavailable', 'What this server keeps cannot be used right now.');
}

/** The write is done, and nobody hears of it. */
async function loseAnswer(write: Write): Promise<never> {
  await write();
  return refuse();
}

it('an end that cannot be written is tried again at a steady pace, and told once when there is room', async () => {
  using world = new FullWorld();
  await world.approvals.open(request);
  world.onWrite = refuse;
  world.clock.advance(1_000);
  await settled();
  const perRound = await world.countWrites(12);
  // One for the alarm and one for whoever looks what became of it.
  expect(Math.max(...perRound)).toBeLessThanOrEqual(2);
  expect(Math.min(...perRound)).toBeGreaterThanOrEqual(1);
  expect(world.toldTypes()).toEqual(['request.received']);
  world.onWrite = (write) => write();
  for (let round = 0; round < 3; round++) await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'request.expired']);
  const before = world.writes;
  for (let round = 0; round < 3; round++) await world.tryAgain();
  expect(world.writes).toBe(before);
});

it.each([
  ['is not written', refuse],
  ['is written late', loseAnswer],
])(
  'a request of which its client does not know ends, told once, also where that end at first %s',
  async (_, onEnd) => {
    using world = new FullWorld();
    world.onWrite = loseAnswer;
    await expect(world.approvals.open({ ...request, expiresInSeconds: 300 })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    world.onWrite = onEnd;
    const perRound = await world.countWrites(6);
    // One for whoever looks after the request, and one for whoever looks after its end.
    expect(Math.max(...perRound)).toBeLessThanOrEqual(2);
    world.onWrite = (write) => write();
    for (let round = 0; round < 3; round++) await world.tryAgain();
    expect(world.toldTypes()).toEqual(['request.received', 'request.expired']);
  },
);

it('of several who end a request at once one writes and tells, and all learn of it', async () => {
  using world = new FullWorld();
  const { id } = await world.approvals.open(request);
  world.onWrite = refuse;
  await expect(world.approvals.expire(id)).rejects.toMatchObject({ code: 'store_unavailable' });
  // The answer of a write and that of a read behind it come together.
  const { promise: answer, resolve: answerNow } = Promise.withResolvers<void>();
  world.onWrite = async (write) => {
    const isWritten = await write();
    await answer;
    return isWritten;
  };
  const ends = [world.approvals.expire(id)];
  await settled();
  ends.push(world.approvals.expire(id), world.approvals.expire(id));
  await settled();
  answerNow();
  expect((await Promise.all(ends)).map((end) => end?.state)).toEqual(['expired', 'expired', 'expired']);
  await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'request.expired']);
});

it('a decision that was not written is not told where the same person, at the same instant, decides otherwise', async () => {
  using world = new FullWorld();
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  const answer = { id, by: 'auth0|ada', from: 'control API' } as const;
  world.onWrite = refuse;
  await expect(world.approvals.decide({ ...answer, outcome: 'approved' })).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  world.onWrite = (write) => write();
  expect(await world.approvals.decide({ ...answer, outcome: 'denied' })).toMatchObject({ result: 'decided' });
  await world.tryAgain();
  const decided = world.told.filter(({ type }) => type === 'decision.made');
  expect(decided).toEqual([expect.objectContaining({ outcome: 'denied' })]);
});

it('a decision that was written late is told once, also where it has been settled since', async () => {
  using world = new FullWorld();
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  world.onWrite = loseAnswer;
  const answer = { id, by: 'auth0|ada', from: 'control API' } as const;
  await expect(world.approvals.decide({ ...answer, outcome: 'approved' })).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  world.onWrite = (write) => write();
  expect(await world.approvals.decide({ ...answer, outcome: 'denied' })).toMatchObject({
    result: 'already_decided',
  });
  await world.tryAgain();
  expect(world.toldTypes().filter((type) => type === 'decision.made')).toEqual(['decision.made']);
  expect(await world.approvals.redeem(id)).toBe(true);
});

it('that a decision was settled is told once, also where that was written late', async () => {
  using world = new FullWorld();
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  const seen: boolean[] = [];
  world.approvals.watch((approval) => seen.push(approval.settledAtMs !== undefined));
  const [decide, settle] = [(write: Write) => write(), loseAnswer];
  const turns = [decide, settle];
  world.onWrite = (write) => (turns.shift() ?? decide)(write);
  await expect(
    world.approvals.decide({ id, by: 'auth0|ada', from: 'control API', outcome: 'approved' }),
  ).rejects.toMatchObject({ code: 'store_unavailable' });
  for (let round = 0; round < 3; round++) await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'decision.made', 'request.settled']);
  expect(seen).toEqual([true]);
});

it('an end that is written late, while it is tried again, is told once', async () => {
  using world = new FullWorld();
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  let late: Write = async () => false;
  world.onWrite = (write) => {
    late = write;
    return refuse();
  };
  await expect(world.approvals.expire(id)).rejects.toMatchObject({ code: 'store_unavailable' });
  // Whoever tries again has read the request before the store does what it was asked first.
  world.onWrite = async (write) => {
    await late();
    return write();
  };
  expect(await world.approvals.expire(id)).toMatchObject({ state: 'expired' });
  for (let round = 0; round < 3; round++) await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'request.expired']);
});

it('an answer that was to win against the end of its request, and cannot be written, leaves that end to be told', async () => {
  using world = new FullWorld({ winnerOf: async () => 'decision' });
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  const answer = { id, by: 'auth0|ada', from: 'control API', outcome: 'approved' } as const;
  const deciding = expect(world.approvals.decide(answer)).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  await settled();
  world.onWrite = refuse;
  world.clock.advance(299_999);
  await deciding;
  world.onWrite = (write) => write();
  for (let round = 0; round < 3; round++) await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'request.expired']);
});

it('a decision that was written late is told to watchers as its request is by then', async () => {
  using world = new FullWorld({ needsSettling: () => false });
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  const seen: string[] = [];
  world.approvals.watch((approval) => seen.push(approval.state));
  world.onWrite = loseAnswer;
  const answer = { id, by: 'auth0|ada', from: 'control API', outcome: 'approved' } as const;
  await expect(world.approvals.decide(answer)).rejects.toMatchObject({ code: 'store_unavailable' });
  world.onWrite = (write) => write();
  expect(await world.approvals.redeem(id)).toBe(true);
  await world.tryAgain();
  expect(world.toldTypes()).toEqual(['request.received', 'decision.made', 'request.settled']);
  expect(seen).toEqual(['redeemed', 'redeemed']);
});

it('a request that is taken over from a lost instance, which is written late, is announced and ends here', async () => {
  const others = { id: 'ins_a', tell: () => undefined, hear: () => undefined, isLost: async () => false };
  using lost = new FullWorld({}, others);
  await lost.approvals.open(request);
  lost.approvals.close();
  const announced: string[] = [];
  const heirs = { ...others, id: 'ins_b', isLost: async (instance?: string) => instance === 'ins_a' };
  using heir = new FullWorld({ announce: ({ name }) => announced.push(name) }, heirs, lost);
  heir.onWrite = loseAnswer;
  await expect(heir.approvals.resume()).rejects.toMatchObject({ code: 'store_unavailable' });
  heir.onWrite = (write) => write();
  await heir.approvals.resume();
  await heir.approvals.resume();
  expect(announced).toEqual(['r1']);
  heir.clock.advance(1_000);
  await settled();
  expect(heir.toldTypes()).toEqual(['request.expired']);
});

it('an answer that fails after the end, having waited for that of its request, leaves no alarm', async () => {
  using world = new FullWorld({ winnerOf: async () => 'decision' });
  const { id } = await world.approvals.open({ ...request, expiresInSeconds: 300 });
  const answer = { id, by: 'auth0|ada', from: 'control API', outcome: 'approved' } as const;
  const deciding = expect(world.approvals.decide(answer)).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  await settled();
  const { promise: fails, resolve: failNow } = Promise.withResolvers<void>();
  world.onWrite = () => fails.then(refuse);
  world.clock.advance(299_999);
  await settled();
  world.approvals.close();
  failNow();
  await deciding;
  expect(world.approvals.pendingCount).toBe(0);
});
