// The events of a server, over its restarts: who watches goes on when the server does.
import { setTimeout as delay } from 'node:timers/promises';
import type { TraceEvent } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { CommandContext } from './context.ts';
import { findRunningServer, type RunningServer } from './running-server.ts';

export interface FollowOptions {
  server: RunningServer;
  /** How the server is found again. */
  dataFolder: string | undefined;
  /** First the events after this one; undefined begins with what happens next. */
  afterNumber: number | undefined;
  signal: AbortSignal;
  onGone(server: RunningServer): void;
  /** A server is there again; may refuse to go on with it by throwing. */
  onBack(server: RunningServer): Promise<void> | void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

/** Ends when `signal` aborts. */
export async function* followEvents(
  options: FollowOptions,
  context: CommandContext,
): AsyncGenerator<TraceEvent> {
  const { signal, onGone, onBack } = options;
  let { server, afterNumber } = options;
  let seen = 0;
  for (;;) {
    for await (const event of server.control.events({
      signal,
      ...(afterNumber === undefined ? {} : { afterNumber }),
    })) {
      // Told by the server before, which has kept its story.
      if (event.number <= seen && event.at < server.health.started_at) continue;
      afterNumber = event.number;
      yield event;
    }
    if (signal.aborted) return;
    onGone(server);
    const next = await findAgain(options, context);
    if (!next) return;
    await onBack(next);
    // In memory the trace begins anew with the process, and its numbers with it: then everything in it is news.
    if (next.health.started_at !== server.health.started_at) {
      seen = afterNumber ?? 0;
      afterNumber = 0;
    }
    server = next;
  }
}

/** Undefined when it is time to stop. */
async function findAgain(
  { dataFolder, signal }: FollowOptions,
  context: CommandContext,
): Promise<RunningServer | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await findRunningServer(context, { dataFolder });
    } catch (error) {
      if (!(error instanceof Problem) || !isAwaited(error)) throw error;
    }
  }
  return undefined;
}

function isAwaited({ code }: Problem): boolean {
  return code === 'server_unreachable' || code === 'not_ready';
}
