// Step mode: where exchanges are held, which ones are, and letting them go. Everybody who could be held asks `hold`: the edge of
// HTTP (edge.ts), and what lies inside (inside.ts). Off by default; then it is one comparison per exchange.
//
// What must stay true: whatever is held has not happened yet, but for an answer that is on its way back. So whoever gives up
// has lost nothing that was acknowledged, and nothing happens twice. Holds go by the computer's clock, as their callers do.
import { z } from 'zod';
import type { Approval } from '../approvals/index.ts';
import type { MovableClock } from '../clock.ts';
import {
  type HeldExchange,
  type NewTraceEvent,
  type ReleaseReason,
  type StepArrow,
  type StepPlan,
  type Steps,
  stepPlanSchema,
  type WaitingProgram,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { type Caller, CurrentCaller } from './current-caller.ts';
import { holdLimitMs } from './patience.ts';
import { describeHold, describeRelease } from './step-text.ts';

export interface SteppingParts {
  clock: MovableClock;
  record(event: NewTraceEvent): void;
  /** Aborts when the server stops, or begins anew. */
  shutdown: AbortSignal;
  /** Where several instances serve the tenant, so that each shows and lets go what others hold. */
  together?: TogetherPort | undefined;
}

/** What of a hold the other instances have to know. */
export interface HoldOfInstance {
  readonly about: ReturnType<typeof describeOccasion>;
  readonly isBreakPoint: boolean;
  readonly sinceMs: number;
  readonly waits?: WaitingProgram | undefined;
  readonly givesUpAtMs?: number | undefined;
  readonly goesOnAtMs?: number | undefined;
}

export interface TogetherPort {
  /** Ends the ids of this instance’s holds, which no other one uses. */
  readonly idEnd: string;
  /** Resolves once every instance can see it. */
  keep(hold: HoldOfInstance): Promise<void>;
  drop(hold: HoldOfInstance): void;
  isHeldBackElsewhere(approvalId: string): boolean;
}

/** What could be held. */
export interface Occasion {
  arrow: StepArrow;
  approval?: Pick<Approval, 'id' | 'name' | 'clientId' | 'bindingMessage'> | undefined;
  clientId?: string | undefined;
  bindingMessage?: string | undefined;
  /** Nobody waits for it, whatever exchange brought it about. */
  isUnawaited?: boolean;
}

interface Hold extends HoldOfInstance {
  readonly id: string;
  readonly approvalId: string | undefined;
  release(why: ReleaseReason): void;
}

/** Each is a connection or a message that waits. What comes beyond that is not held. */
const MOST_HOLDS = 1_000;
/** When it is said that the time is almost over: at a fifth of it, and 5 seconds before at the earliest. */
const WARNING = { part: 0.2, mostMs: 5_000 };
const OFF: StepPlan = { break_points: [], slow_ms: 0, outlast: false };

const savedSchema = z.strictObject({ plan: stepPlanSchema, lastNumber: z.int() });

export class Stepping {
  readonly currentCaller = new CurrentCaller();
  readonly #parts: SteppingParts;
  readonly #holds = new Map<string, Hold>();
  #plan: StepPlan = OFF;
  #lastNumber = 0;
  readonly #letEverythingGo = (): void => this.#releaseAll(() => true, 'shutdown');

  constructor(parts: SteppingParts) {
    this.#parts = parts;
    parts.shutdown.addEventListener('abort', this.#letEverythingGo);
  }

  /** Whether anything could be held now. Cheap: asked for every exchange. */
  get isOn(): boolean {
    return this.#plan.break_points.length > 0 || this.#plan.slow_ms > 0;
  }

  get plan(): StepPlan {
    return this.#plan;
  }

  get heldCount(): number {
    return this.#holds.size;
  }

  read(saved: unknown): void {
    const { plan, lastNumber } = savedSchema.parse(saved);
    this.#plan = plan;
    this.#lastNumber = lastNumber;
  }

  /** For a snapshot. What is held is under way, and part of none. */
  write(): z.output<typeof savedSchema> {
    return { plan: this.#plan, lastNumber: this.#lastNumber };
  }

  list(): Steps {
    return { ...this.#plan, held: [...this.#holds.values()].map((hold) => this.#toView(hold)) };
  }

  /** What no break point holds any more goes on. */
  change(plan: StepPlan): Steps {
    this.#plan = plan;
    this.#releaseAll(({ about, isBreakPoint }) => {
      return isBreakPoint ? !plan.break_points.includes(about.arrow) : plan.slow_ms === 0;
    }, 'continue');
    return this.list();
  }

  /** @throws Problem `not_found` where there is nothing to let go */
  next(id?: string): HeldExchange {
    const [oldest] = this.#holds.values();
    const hold = id === undefined ? oldest : this.#holds.get(id);
    if (!hold) {
      const what = id === undefined ? 'Nothing is held.' : `Nothing called "${id.slice(0, 40)}" is held.`;
      throw new Problem('not_found', what, {
        status: 404,
        hint: this.isOn
          ? 'GET /control/steps lists what is held; the next exchange at a break point will be.'
          : 'Step mode is off. Set break points:   assent step break decision_received',
      });
    }
    const view = this.#toView(hold);
    hold.release('next');
    return view;
  }

  /** @param options whether break points and slow mode are turned off as well */
  continue(options: { clear: boolean }): Steps {
    if (options.clear) this.#plan = OFF;
    this.#releaseAll(() => true, 'continue');
    return this.list();
  }

  /** Holds an exchange where it is to be held; undefined where it is not. Says why it went on, or that it is over. */
  hold(occasion: Occasion): Promise<ReleaseReason> | undefined {
    if (!this.isOn || this.#parts.shutdown.aborted || this.#holds.size >= MOST_HOLDS) return undefined;
    const isBreakPoint = this.#plan.break_points.includes(occasion.arrow);
    if (!isBreakPoint && this.#plan.slow_ms === 0) return undefined;
    const { clock } = this.#parts;
    const nowMs = clock.base.now();
    const caller = occasion.isUnawaited === true ? undefined : this.currentCaller.waiting;
    // It arrived before step mode was on: until when its caller waits is not known.
    if (caller === undefined && occasion.isUnawaited !== true) return undefined;
    const limitMs = caller && holdLimitMs(caller.waits);
    const limitAtMs =
      caller === undefined || limitMs === undefined || this.#plan.outlast
        ? undefined
        : caller.arrivedAtMs + limitMs;
    // It was held before, for as long as its caller waits.
    if (limitAtMs !== undefined && limitAtMs <= nowMs) return undefined;
    return this.#begin(occasion, { isBreakPoint, nowMs, caller, limitAtMs });
  }

  /** A request has ended: nobody need be notified of it. */
  forget(approvalId: string): void {
    this.#releaseAll(
      (hold) => hold.about.arrow === 'push_sent' && hold.approvalId === approvalId,
      'request_ended',
    );
  }

  /** Whether nobody may know of this request yet, because what tells of it is held. */
  isHeldBack(approvalId: string): boolean {
    for (const { about, approvalId: held } of this.#holds.values())
      if (about.arrow === 'push_sent' && held === approvalId) return true;
    return this.#parts.together?.isHeldBackElsewhere(approvalId) ?? false;
  }

  /** Somebody at another instance lets it go. */
  release(id: string, why: ReleaseReason): void {
    this.#holds.get(id)?.release(why);
  }

  close(): void {
    this.#parts.shutdown.removeEventListener('abort', this.#letEverythingGo);
    this.#letEverythingGo();
  }

  #begin(
    occasion: Occasion,
    {
      isBreakPoint,
      nowMs,
      caller,
      limitAtMs,
    }: {
      isBreakPoint: boolean;
      nowMs: number;
      caller: Caller | undefined;
      limitAtMs: number | undefined;
    },
  ): Promise<ReleaseReason> {
    const { clock, record } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<ReleaseReason>();
    this.#lastNumber += 1;
    const { together } = this.#parts;
    const id = `h${this.#lastNumber}${together?.idEnd ?? ''}`;
    const about = describeOccasion(id, occasion);
    const slowUntilMs = isBreakPoint ? undefined : nowMs + this.#plan.slow_ms;
    const goesOnAtMs = earlier(slowUntilMs, limitAtMs);
    const patienceMs = caller?.waits.gives_up_after_ms;
    const givesUpAtMs =
      caller === undefined || patienceMs === undefined ? undefined : caller.arrivedAtMs + patienceMs;
    const undo: Array<() => void> = [];
    const hold: Hold = {
      id,
      about,
      approvalId: occasion.approval?.id,
      isBreakPoint,
      sinceMs: nowMs,
      waits: caller?.waits,
      givesUpAtMs,
      goesOnAtMs,
      release: (why) => {
        if (!this.#holds.delete(id)) return;
        for (const step of undo) step();
        together?.drop(hold);
        const text = describeRelease(about.arrow, why);
        const heldMs = Math.max(0, Math.round(clock.base.now() - nowMs));
        tell({
          type: 'step.released',
          ...about,
          why,
          held_ms: heldMs,
          ...(text === undefined ? {} : { text }),
        });
        resolve(why);
      },
    };
    this.#holds.set(id, hold);
    const keeping = together?.keep(hold);
    // Whoever reads that it is held can let it go, at whichever instance.
    const tell = (event: NewTraceEvent): void => {
      if (keeping) void keeping.then(() => record(event));
      else record(event);
    };
    tell({
      type: 'step.held',
      ...about,
      because: isBreakPoint ? 'break_point' : 'slow',
      ...(caller === undefined ? {} : { waits: caller.waits }),
      ...(goesOnAtMs === undefined ? {} : { goes_on_in_ms: Math.round(goesOnAtMs - nowMs) }),
    });
    if (goesOnAtMs !== undefined) {
      const why = goesOnAtMs === limitAtMs ? 'limit' : 'slow';
      undo.push(clock.base.setAlarm(goesOnAtMs, () => hold.release(why)));
    }
    const endAtMs = limitAtMs ?? givesUpAtMs;
    if (isBreakPoint && endAtMs !== undefined) undo.push(this.#warn(hold, endAtMs, limitAtMs !== undefined));
    if (caller) undo.push(caller.whenLeft(() => hold.release('caller_left')));
    return promise;
  }

  /** The returned function cancels. */
  #warn({ about, sinceMs }: Hold, endAtMs: number, goesOn: boolean): () => void {
    const { clock, record } = this.#parts;
    const aheadMs = Math.min((endAtMs - sinceMs) * WARNING.part, WARNING.mostMs);
    if (aheadMs <= 0) return () => undefined;
    return clock.base.setAlarm(endAtMs - aheadMs, () =>
      record({
        type: 'step.warned',
        ...about,
        left_ms: Math.round(aheadMs),
        text: goesOn ? 'It goes on by itself soon: its caller would give up.' : 'Its caller gives up soon.',
      }),
    );
  }

  #releaseAll(isMeant: (hold: Hold) => boolean, why: ReleaseReason): void {
    for (const hold of [...this.#holds.values()]) if (isMeant(hold)) hold.release(why);
  }

  #toView(hold: HoldOfInstance): HeldExchange {
    return toHeldExchange(hold, this.#parts.clock);
  }
}

export function toHeldExchange(
  { about, isBreakPoint, sinceMs, waits, givesUpAtMs, goesOnAtMs }: HoldOfInstance,
  clock: MovableClock,
): HeldExchange {
  const nowMs = clock.base.now();
  const { hold: id, ...rest } = about;
  const until = (atMs: number): number => Math.max(0, Math.round(atMs - nowMs));
  return {
    id,
    ...rest,
    text: describeHold(about.arrow),
    because: isBreakPoint ? 'break_point' : 'slow',
    since: new Date(sinceMs + clock.offsetMs).toISOString(),
    held_ms: Math.max(0, Math.round(nowMs - sinceMs)),
    ...(waits === undefined ? {} : { waits }),
    ...(givesUpAtMs === undefined ? {} : { gives_up_in_ms: until(givesUpAtMs) }),
    ...(goesOnAtMs === undefined ? {} : { goes_on_in_ms: until(goesOnAtMs) }),
  };
}

function describeOccasion(hold: string, { arrow, approval, clientId, bindingMessage }: Occasion) {
  const client = clientId ?? approval?.clientId;
  const code = bindingMessage ?? approval?.bindingMessage;
  return {
    hold,
    arrow,
    ...(approval === undefined ? {} : { approval: approval.id, name: approval.name }),
    ...(client === undefined ? {} : { client_id: client }),
    // What nobody has judged yet may be of any length.
    ...(code === undefined ? {} : { binding_message: code.slice(0, 200) }),
  };
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
