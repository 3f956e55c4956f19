// The one world that answers, and how another one takes its place behind the same port: by a reset or by a snapshot.
//
//   callers ──► answer ──► the current world            held from the first step on, answered by the next world
//   1 nobody new gets in   2 who waits is let go, who is being answered may finish   3 the old world ends
//   4 the next one opens on other documents; where it cannot, the old one comes back, and whoever asked is told why
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { NewTraceEvent, Snapshot } from './contract/index.ts';
import { refuseUnready, type WorldPort } from './http/index.ts';
import { AUTHORITY, MEMBERS, REVISIONS } from './instances/index.ts';
import type { Trouble, TroublePort } from './listen.ts';
import { Problem } from './problem.ts';
import type { StoredDocument } from './store.ts';
import {
  documentsAfterReset,
  documentsAfterRestore,
  keysOf,
  lastEventAfterRestore,
  requireFittingSnapshot,
  type Tenant,
  takeSnapshot,
} from './tenant/index.ts';
import { openWorld, type World, type WorldBeginning, type WorldFrame } from './world.ts';

/** How long answers of a world that ends may take. Whoever has none by then is told to ask again. */
const FAREWELL_MS = 1_000;
const TRY_AGAIN_MS = 500;

/** How the next world begins, seen from the one that ends, and what it writes down first. */
interface Succession {
  begin(before: readonly StoredDocument[]): WorldBeginning;
  event: NewTraceEvent;
}

export class Worlds implements WorldPort, TroublePort {
  readonly #frame: WorldFrame;
  /** Settles with each world in turn; rejects once there will be none. */
  #next: Promise<World>;
  #current: World | undefined;
  #keysAtStart: readonly StoredDocument[] = [];
  #isClosing = false;
  #isFollowing = false;
  /** Being answered by the current world. */
  readonly #inFlight = new Set<ServerResponse>();

  private constructor(frame: WorldFrame) {
    this.#frame = frame;
    this.#next = this.#beginFirst();
  }

  static async open(frame: WorldFrame): Promise<Worlds> {
    const worlds = new Worlds(frame);
    await worlds.#next;
    return worlds;
  }

  /** Called once the world can be reached. */
  async resume(): Promise<void> {
    await (await this.#next).resume();
  }

  get tenant(): Tenant {
    return this.#known().tenant;
  }

  get chromiumSwitches(): readonly string[] | undefined {
    return this.#known().chromiumSwitches;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#pass(response, (world) => world.answer(request, response));
  }

  answerPlain(request: IncomingMessage, response: ServerResponse): void {
    this.#pass(response, (world) => world.answerPlain(request, response));
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
    await last?.end();
  }

  /** One after another, each from the world that the one before has left. */
  async #replace(caller: ServerResponse | undefined, plan: (ending: World) => Succession): Promise<Tenant> {
    // Whoever asks for the end of a world cannot be waited for by it.
    if (caller) this.#inFlight.delete(caller);
    const turn = this.#next.then(async (ending) => {
      if (this.#isClosing) throw stopping();
      const { begin, event } = plan(ending);
      return this.#succeed(ending, begin, event);
    });
    this.#next = turn.catch((cause: unknown) => {
      // What was refused leaves the world that was.
      if (this.#current) return this.#current;
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
      .then(async (ending) => {
        if (!ending.isOver || this.#isClosing) return ending;
        await this.#leave(ending);
        return this.#beginElsewhere();
      })
      .finally(() => {
        this.#isFollowing = false;
      });
    this.#next.catch(() => undefined);
  }

  /** On what the store has by now. Where that cannot be reached, callers wait for it, or ask again. */
  async #beginElsewhere(): Promise<World> {
    for (;;) {
      if (this.#isClosing) throw stopping();
      let world: World | undefined;
      try {
        world = await openWorld(this.#frame, this);
        this.#current = world;
        await world.resume();
        return world;
      } catch (cause) {
        // Yet another one may have begun meanwhile. Nothing of this one stays, its connection least of all.
        this.#current = undefined;
        if (world) await this.#leave(world).catch(() => undefined);
        process.emitWarning(`what another instance began could not be opened: ${String(cause)}`);
        await setTimeout(TRY_AGAIN_MS);
      }
    }
  }

  async #succeed(ending: World, begin: Succession['begin'], event: NewTraceEvent): Promise<World> {
    const before = await this.#leave(ending);
    try {
      const beginning = begin(before.documents);
      // Of the instances, and trusted by others: it stays, whatever becomes of the tenant.
      const authority = before.documents.filter(({ collection }) => collection === AUTHORITY);
      return await this.#begin({ ...beginning, documents: [...beginning.documents, ...authority] }, event);
    } catch (cause) {
      await this.#beginAgain(before);
      if (cause instanceof Problem) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Problem('snapshot_unusable', `No tenant can be opened on it: ${reason}`, {
        hint: 'Everything is as it was before. Take the snapshot again, and leave it as it is.',
        cause,
      });
    }
  }

  async #beginFirst(): Promise<World> {
    const world = await openWorld(this.#frame, this);
    this.#keysAtStart = await keysOf(world.tenant);
    this.#current = world;
    return world;
  }

  async #begin(beginning: WorldBeginning, event?: NewTraceEvent): Promise<World> {
    const world = await openWorld(this.#frame, this, beginning);
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
      await this.#finishAnswers();
      const { store, memory, log } = world.tenant;
      return {
        documents: (await store.dump()).filter(isOfTenant),
        memory: memory.write(),
        lastEvent: log.lastNumber,
      };
    } finally {
      await world.end().catch((cause: unknown) => {
        // What a part of it failed to close must not keep the next one from answering.
        process.emitWarning(`the world before was not closed as a whole: ${String(cause)}`);
      });
    }
  }

  /** The world that was; rather without its trace and paces than not at all. */
  async #beginAgain(before: WorldBeginning): Promise<World> {
    try {
      return await this.#begin(before);
    } catch (cause) {
      process.emitWarning(`what was in memory before could not be read again: ${String(cause)}`);
      return this.#begin({ ...before, memory: {} });
    }
  }

  /** Waits for what is being answered, and answers what takes too long: never from a world that is half closed. */
  async #finishAnswers(): Promise<void> {
    if (this.#inFlight.size > 0) {
      const { promise: isTime, resolve } = Promise.withResolvers<void>();
      const timer = globalThis.setTimeout(resolve, FAREWELL_MS);
      const finished = [...this.#inFlight].map(
        (response) => new Promise<void>((done) => response.once('close', done)),
      );
      await Promise.race([isTime, Promise.all(finished)]);
      clearTimeout(timer);
    }
    for (const response of this.#inFlight) refuseUnready(response);
    this.#inFlight.clear();
  }

  #pass(response: ServerResponse, hand: (world: World) => void): void {
    const enter = (world: World): void => {
      this.#inFlight.add(response);
      response.once('close', () => this.#inFlight.delete(response));
      hand(world);
    };
    const enterNext = async (): Promise<void> => {
      await this.#next;
      if (response.destroyed) return;
      // Another one may have begun to end meanwhile.
      if (this.#current) await enterKnowing(this.#current);
      else await enterNext();
    };
    /** Once it knows what other instances have answered. */
    const enterKnowing = async (world: World): Promise<void> => {
      await world.catchUp?.();
      if (response.destroyed) return;
      if (this.#current === world && !world.isOver) enter(world);
      else await enterNext();
    };
    if (this.#current !== undefined && this.#current.catchUp === undefined) enter(this.#current);
    else enterNext().catch(() => refuseUnready(response));
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

function stopping(): Problem {
  return new Problem('not_ready', 'The server begins anew, or stops.', {
    status: 503,
    hint: 'Ask again in a moment.',
  });
}
