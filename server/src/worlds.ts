// The one world that answers, and how another one takes its place behind the same port: by a reset or by a snapshot.
//
//   callers ──► answer ──► the current world            held from the first step on, answered by the next world
//   1 nobody new gets in   2 who waits is let go, who is being answered may finish   3 the old world ends
//   4 the next one opens on other documents; where it cannot, the old one comes back, and whoever asked is told why
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { Callers } from './callers.ts';
import type { NewTraceEvent, Snapshot } from './contract/index.ts';
import { type DeskPages, findDeskPages, type WorldPort } from './http/index.ts';
import { AUTHORITY, MEMBERS, REVISIONS } from './instances/index.ts';
import type { Trouble, TroublePort } from './listen.ts';
import type { Ground } from './open-ground.ts';
import { Problem } from './problem.ts';
import { isOutage, type StoredDocument } from './store.ts';
import {
  documentsAfterReset,
  documentsAfterRestore,
  keysOf,
  lastEventAfterRestore,
  requireFittingSnapshot,
  type Tenant,
  takeSnapshot,
} from './tenant/index.ts';
import { warnOfFailure } from './warnings.ts';
import { findWebFolder, openWorld } from './world.ts';
import type { World, WorldBeginning, WorldFrame } from './world-frame.ts';

const TRY_AGAIN_MS = 500;

/** How the next world begins, seen from the one that ends, and what it writes down first. */
interface Succession {
  begin(before: readonly StoredDocument[]): Omit<WorldBeginning, 'over'>;
  event: NewTraceEvent;
}

export class Worlds implements WorldPort, TroublePort {
  readonly #frame: WorldFrame;
  /** Settles with each world in turn; rejects once there will be none. */
  #next: Promise<World>;
  #current: World | undefined;
  #keysAtStart: readonly StoredDocument[] = [];
  #chromiumSwitches: readonly string[] | undefined;
  #isClosing = false;
  #isFollowing = false;
  readonly #callers: Callers;

  private constructor(frame: WorldFrame, ground: Ground | undefined) {
    this.#frame = frame;
    this.#callers = new Callers({
      current: () => this.#current,
      // Once this one stops, no other world comes after one that is over.
      next: () =>
        this.#isClosing && this.#current?.isOver === true ? Promise.reject(stopping()) : this.#next,
    });
    this.#next = this.#beginFirst(ground);
  }

  /** @param ground of the first one; undefined has it find its own */
  static async open(frame: WorldFrame, ground: Ground | undefined): Promise<Worlds> {
    const worlds = new Worlds(frame, ground);
    await worlds.#next;
    return worlds;
  }

  /** Called once the first world can be reached. Where another instance begins anew just then, this one goes on in that. */
  async resume(): Promise<void> {
    const opened = this.#next;
    const resumed = opened.then(async (world) => {
      try {
        await world.resume();
        return world;
      } catch (cause) {
        if (!isOvertaken(cause)) throw cause;
        const next = await this.#goOnFrom(world, { isStarting: true });
        this.#chromiumSwitches = next.chromiumSwitches;
        return next;
      }
    });
    this.#next = resumed.catch((cause: unknown) => {
      if (this.#current) return this.#current;
      throw cause;
    });
    this.#next.catch(() => undefined);
    await resumed;
  }

  get tenant(): Tenant {
    return this.#known().tenant;
  }

  /** Pages that have been built, beside those of the approver. */
  get deskPages(): DeskPages {
    return findDeskPages(findWebFolder());
  }

  /** As at the start. */
  get chromiumSwitches(): readonly string[] | undefined {
    return this.#chromiumSwitches;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#callers.pass(response, (world) => world.answer(request, response));
  }

  answerPlain(request: IncomingMessage, response: ServerResponse): void {
    this.#callers.pass(response, (world) => world.answerPlain(request, response));
  }

  /** Between two worlds nobody takes a connection over; browsers come back. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.#current?.upgrade(request, socket, head) ?? false;
  }

  isExpected(): boolean {
    return this.#current?.trouble.isExpected() ?? false;
  }

  async troubleOf(hello: Buffer): Promise<Trouble | undefined> {
    return this.#current?.trouble.troubleOf(hello);
  }

  /** Everything is as it was at the start, but for the keys. @param caller is answered by the world that ends */
  reset(caller?: ServerResponse): Promise<Tenant> {
    return this.#replace(caller, (ending) => ({
      begin: (before) => ({
        documents: documentsAfterReset(this.#keysAtStart, before),
        memory: {},
        lastEvent: ending.tenant.log.lastNumber,
      }),
      event: { type: 'tenant.reset' },
    }));
  }

  /** @throws Problem `not_ready` once it closes */
  async snapshot(): Promise<Snapshot> {
    const { tenant } = await this.#next;
    if (this.#isClosing) throw stopping();
    return takeSnapshot(tenant);
  }

  /** @throws Problem `snapshot_unusable`, and then nothing has changed */
  restore(value: unknown, caller?: ServerResponse): Promise<Tenant> {
    return this.#replace(caller, (ending) => {
      const snapshot = requireFittingSnapshot(value, ending.tenant);
      return {
        begin: () => ({
          documents: documentsAfterRestore(snapshot),
          memory: snapshot.memory,
          lastEvent: lastEventAfterRestore(snapshot, ending.tenant.log.lastNumber),
        }),
        event: { type: 'tenant.restored', taken_at: snapshot.taken_at },
      };
    });
  }

  /** Lets go whoever waits. From now on no world takes the place of another. */
  async letGo(): Promise<void> {
    this.#isClosing = true;
    await (await this.#last())?.letGo();
  }

  async end(): Promise<void> {
    this.#isClosing = true;
    const last = await this.#last();
    this.#current = undefined;
    // Whoever still waits is told.
    this.#next = Promise.reject(stopping());
    this.#next.catch(() => undefined);
    await last?.end();
  }

  /** One after another, each from the world that the one before has left. */
  async #replace(caller: ServerResponse | undefined, plan: (ending: World) => Succession): Promise<Tenant> {
    // Whoever asks for the end of a world cannot be waited for by it.
    if (caller) this.#callers.release(caller);
    let toldEvent = 0;
    const turn = this.#next.then(async (ending) => {
      if (this.#isClosing) throw stopping();
      toldEvent = ending.tenant.log.lastNumber;
      const { begin, event } = plan(ending);
      return this.#succeed(ending, begin, event);
    });
    this.#next = turn.catch((cause: unknown) => {
      // What was refused leaves the world that was. Where the store has failed, it has one of the two: that one comes back with it.
      if (this.#current) return this.#current;
      if (this.#isLasting) return this.#beginOnStore(toldEvent);
      throw cause;
    });
    this.#next.catch(() => undefined);
    return (await turn).tenant;
  }

  /** Another instance has put another world into the store that both share: this one goes on in that. */
  follow(): void {
    if (this.#isFollowing || this.#isClosing || this.#current?.isOver !== true) return;
    this.#isFollowing = true;
    this.#next = this.#next
      .then((ending) => (ending.isOver && !this.#isClosing ? this.#goOnFrom(ending) : ending))
      .finally(() => {
        this.#isFollowing = false;
      });
    this.#next.catch(() => undefined);
  }

  /** From a world that another instance has replaced. */
  async #goOnFrom(ending: World, options?: { isStarting: boolean }): Promise<World> {
    const toldEvent = ending.tenant.log.lastNumber;
    // A store that is away just now must not keep this instance from what comes: nothing of the old world is wanted any more.
    await this.#leave(ending).catch((cause: unknown) => {
      warnOfFailure('what another instance has replaced was not left in order', cause);
    });
    return this.#beginOnStore(toldEvent, options);
  }

  /**
   * On what the store has by now. Where that cannot be reached, callers are told to ask again; a server that only starts fails.
   *
   * @param toldEvent number of the last event that readers here were told of: a store that lost everything would count anew
   */
  async #beginOnStore(toldEvent: number, { isStarting = false } = {}): Promise<World> {
    for (let hasFailed = false; ; hasFailed = true) {
      if (this.#isClosing) throw stopping();
      let world: World | undefined;
      try {
        world = await openWorld(this.#frame, this, { toldEvent });
        this.#current = world;
        await world.resume();
        return world;
      } catch (cause) {
        // Yet another one may have begun meanwhile. Nothing of this one stays, its connection least of all.
        this.#current = undefined;
        if (world) await this.#leave(world).catch(() => undefined);
        if (isStarting && !isOvertaken(cause)) throw cause;
        if (!hasFailed) warnOfFailure('what the store has could not be opened', cause);
        await setTimeout(TRY_AGAIN_MS);
      }
    }
  }

  async #succeed(ending: World, begin: Succession['begin'], event: NewTraceEvent): Promise<World> {
    const before = await this.#leave(ending);
    try {
      const beginning = { ...begin(before.documents), over: before.over };
      // Of the instances, and trusted by others: it stays, whatever becomes of the tenant.
      const authority = before.documents.filter(({ collection }) => collection === AUTHORITY);
      return await this.#begin({ ...beginning, documents: [...beginning.documents, ...authority] }, event);
    } catch (cause) {
      // Another instance has begun anew meanwhile: what was before must not come back over that.
      if (isOvertaken(cause)) return this.#beginOnStore(before.lastEvent);
      await this.#beginAgain(before);
      if (cause instanceof Problem) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Problem('snapshot_unusable', `No tenant can be opened on it: ${reason}`, {
        hint: 'Everything is as it was before. Take the snapshot again, and leave it as it is.',
        cause,
      });
    }
  }

  async #beginFirst(ground: Ground | undefined): Promise<World> {
    const world = await this.#openFirst(ground);
    this.#keysAtStart = await keysOf(world.tenant);
    this.#chromiumSwitches = world.chromiumSwitches;
    this.#current = world;
    return world;
  }

  /** Where another instance begins anew meanwhile, on what that has left: nobody has been told of this one yet. */
  async #openFirst(ground: Ground | undefined): Promise<World> {
    for (;;) {
      try {
        return await openWorld(this.#frame, this, { ground });
      } catch (cause) {
        if (!isOvertaken(cause)) throw cause;
        await setTimeout(TRY_AGAIN_MS);
      }
    }
  }

  async #begin(beginning: WorldBeginning, event?: NewTraceEvent): Promise<World> {
    const world = await openWorld(this.#frame, this, { beginning });
    try {
      if (event) {
        await world.requireReadable();
        world.tenant.log.append(event);
      }
      await world.found();
      this.#current = world;
      await world.resume();
    } catch (cause) {
      // Nothing of it may stand in the way of the one that comes back, such as its hold on the data file.
      await this.#leave(world);
      throw cause;
    }
    return world;
  }

  /** Ends a world, whatever fails meanwhile. Gives what it had in the end. */
  async #leave(world: World): Promise<WorldBeginning> {
    this.#current = undefined;
    try {
      await world.letGo({ isReplaced: true });
      await this.#callers.finish();
      const { store, memory, log } = world.tenant;
      return {
        documents: (await store.dump()).filter(isOfTenant),
        memory: memory.write(),
        lastEvent: log.lastNumber,
        over: store.filling,
      };
    } finally {
      await world.end().catch((cause: unknown) => {
        // What a part of it failed to close must not keep the next one from answering.
        warnOfFailure('the world before was not closed as a whole', cause);
      });
    }
  }

  /** The world that was; rather without its trace and paces than not at all. */
  async #beginAgain(before: WorldBeginning): Promise<World> {
    try {
      return await this.#begin(before);
    } catch (cause) {
      if (isOutage(cause) || isOvertaken(cause)) throw cause;
      warnOfFailure('what was in memory before could not be read again', cause);
      return this.#begin({ ...before, memory: {} });
    }
  }

  /** Whether what there is outlives this process. */
  get #isLasting(): boolean {
    return this.#frame.dataFile !== undefined || this.#frame.storeUrl !== undefined;
  }

  async #last(): Promise<World | undefined> {
    return this.#next.catch(() => undefined);
  }

  #known(): World {
    if (this.#current) return this.#current;
    throw stopping();
  }
}

/** What there is of the instances themselves begins anew with them. */
function isOfTenant({ collection }: StoredDocument): boolean {
  return collection !== MEMBERS && collection !== REVISIONS;
}

/** The store refuses what belongs to documents that have been replaced meanwhile. */
function isOvertaken(cause: unknown): boolean {
  return cause instanceof Problem && cause.code === 'not_ready';
}

function stopping(): Problem {
  return new Problem('not_ready', 'The server begins anew, or stops.', {
    status: 503,
    hint: 'Ask again in a moment.',
  });
}
