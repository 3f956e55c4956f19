// What fails at the edge: one middleware in front of everything that answers over HTTP. It looks at a request only while a
// fault is active that could meet it, and says in the answer which fault it was.
import type { Context, Middleware, Next } from 'koa';
import { type HeldAnswer, holdAnswer } from '../answer-gate.ts';
import type { Approval } from '../approvals/index.ts';
import { clientOf, type ReadParameter } from '../claimed-client.ts';
import type { Clock } from '../clock.ts';
import type { FaultEffect } from '../contract/index.ts';
import type { Faults } from './faults.ts';
import type { Occasion } from './kept-fault.ts';
import { placesOf } from './places.ts';
import { answerInstead } from './refusal-body.ts';

type EffectOf<K extends FaultEffect['kind']> = Extract<FaultEffect, { kind: K }>;

const EDGE_KINDS = ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'] as const;
/** Answers to these name the fault, where there is an answer. */
const FAULT_HEADER = 'Assent-Fault';

export interface EdgeParts {
  faults: Faults;
  clock: Clock;
  keys: {
    /** Has a new key sign from now on. */
    rotate(options: { keepsOld: boolean }): Promise<void>;
    /** The key set as it was shown before the last rotation; undefined without one. */
    beforeRotation(): readonly object[] | undefined;
  };
  /** What a protocol request asks; whoever reads it afterwards gets the same. */
  readParameters(ctx: Context): Promise<ReadParameter>;
  findByAuthReqId(authReqId: string): Promise<Approval | undefined>;
  /** Aborts when the server stops: nobody is kept waiting then. */
  shutdown: AbortSignal;
}

export function meetFaults(parts: EdgeParts): Middleware {
  const { faults, clock, keys } = parts;
  return async (ctx, next) => {
    if (faults.areNone) return next();
    const places = placesOf(ctx.method, ctx.path);
    if (places.length === 0 || !faults.concerns(places)) return next();
    const keysBefore = keys.beforeRotation();
    const kinds = keysBefore === undefined ? EDGE_KINDS : [...EDGE_KINDS, 'stale_keys' as const];
    const met = await faults.meet({ on: places, kinds, ...(await describeCaller(ctx, places, parts)) });
    if (!met) return next();
    ctx.set(FAULT_HEADER, met.id);
    const { does } = met;
    switch (does.kind) {
      case 'answer':
        return answerInstead(ctx, { ...does, retryAfter: does.retry_after, places, nowMs: clock.now() });
      case 'delay':
        return delay(ctx, next, does, parts);
      case 'drop':
        return drop(ctx, next, does);
      case 'truncate':
        whenWritten(ctx, (held) => held.cutOff());
        return next();
      case 'rotate_keys':
        await keys.rotate({ keepsOld: does.old === 'keep' });
        return next();
      case 'stale_keys':
        await next();
        if (ctx.status === 200) ctx.body = { keys: keysBefore };
    }
  };
}

/** Client and request are read only where they are asked for, or belong into the story of a request. */
async function describeCaller(
  ctx: Context,
  places: readonly string[],
  { readParameters, findByAuthReqId }: EdgeParts,
): Promise<Pick<Occasion, 'clientId' | 'approval'>> {
  const isProtocol = places.includes('token') || places.includes('backchannel_authentication');
  const parameter: ReadParameter = isProtocol ? await readParameters(ctx) : () => undefined;
  const authReqId = parameter('auth_req_id');
  const approval = authReqId === undefined ? undefined : await findByAuthReqId(authReqId);
  return { clientId: clientOf(ctx, parameter), approval };
}

async function delay(
  ctx: Context,
  next: Next,
  { ms, when }: EffectOf<'delay'>,
  { clock, shutdown }: EdgeParts,
): Promise<unknown> {
  if (when === 'before') {
    await pause(ctx, ms, clock, shutdown);
    if (!ctx.res.closed) return next();
    // Whoever left before the request was processed redeems and decides nothing.
    ctx.respond = false;
    return;
  }
  whenWritten(ctx, async (held) => {
    await pause(ctx, ms, clock, shutdown);
    held.release();
  });
  return next();
}

async function drop(ctx: Context, next: Next, { when }: EffectOf<'drop'>): Promise<unknown> {
  if (when === 'before') {
    ctx.respond = false;
    ctx.res.destroy();
    return;
  }
  whenWritten(ctx, () => void ctx.res.destroy());
  return next();
}

/** Koa writes after the last middleware has returned, so nobody can wait for the answer here. */
function whenWritten(ctx: Context, then: (held: HeldAnswer) => Promise<void> | void): void {
  const held = holdAnswer(ctx.res);
  held.complete
    .then(() => then(held))
    .catch((error: unknown) => ctx.res.destroy(error instanceof Error ? error : undefined));
}

/** Until the time has passed, the caller has left, or the server stops. */
function pause(ctx: Context, ms: number, clock: Clock, shutdown: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      cancel();
      ctx.res.off('close', over);
      shutdown.removeEventListener('abort', over);
      resolve();
    };
    const cancel = clock.setAlarm(clock.now() + ms, over);
    ctx.res.once('close', over);
    shutdown.addEventListener('abort', over);
    if (shutdown.aborted) over();
  });
}
