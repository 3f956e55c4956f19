// `assent watch`: what happens on the running server, a line for each event. The events are the result, so they go to stdout.
import type { ApprovalView, TraceEvent } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followEvents } from '../followed-events.ts';
import { LogLines } from '../log-lines.ts';
import { adviseOnUnknown, findRunningServer, type RunningServer } from '../running-server.ts';
import { watchSignals } from '../signals.ts';

export interface WatchFlags {
  since?: number;
  request?: string;
  until?: 'decided' | 'redeemed';
  dataFolder?: string;
  format: 'text' | 'ndjson';
}

export async function runWatch(flags: WatchFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { signal } = watchSignals(context.env);
  const server = await findRunningServer(context, flags);
  const request =
    flags.request === undefined ? undefined : await adviseOnUnknown(server.control.request(flags.request));
  const tell = createTeller(flags, context);
  if (request && flags.until !== undefined) {
    // Long ago, perhaps: then the trace has forgotten how it ended, and the request has not.
    const ended = endOfRequest(request, flags.until);
    if (ended !== undefined) {
      for (const event of await server.control.trace(request.id)) tell(event);
      return ended;
    }
  }
  let current = server;
  const events = followEvents(
    {
      server,
      dataFolder: flags.dataFolder,
      afterNumber: flags.since ?? (request === undefined ? undefined : 0),
      signal,
      onGone: ({ url }) =>
        terminal.note(
          `  ${terminal.paintNote('warning', `The server at ${url} is gone. Waiting for it to come back; Ctrl-C ends this.`)}`,
        ),
      onBack: async (next) => {
        terminal.note(`  ${terminal.paintNote('good', `A server is back: ${next.url}`)}`);
        current = next;
        if (request) await requireRequest(request, next);
      },
    },
    context,
  );
  for await (const event of events) {
    const isNewBeginning = event.type === 'tenant.reset' || event.type === 'tenant.restored';
    if (request && isNewBeginning) await requireRequest(request, current);
    if (request && !('approval' in event && event.approval === request.id)) continue;
    tell(event);
    const ended = flags.until === undefined ? undefined : endOf(event, flags.until);
    if (ended !== undefined) return ended;
  }
  return EXIT.fine;
}

function createTeller({ format }: WatchFlags, { terminal }: CommandContext): (event: TraceEvent) => void {
  if (format === 'ndjson') return (event) => terminal.data(JSON.stringify(event));
  // What a pipe has got cannot be taken back, so polls are counted when something else happens.
  const log = new LogLines({ paint: terminal.paintData, canRewrite: false });
  return (event) => {
    for (const { text } of log.add(event)) terminal.data(text);
  };
}

/** What the command ends with if this event is what it waited for. */
function endOf(event: TraceEvent, until: 'decided' | 'redeemed'): ExitCode | undefined {
  switch (event.type) {
    case 'decision.made':
      if (event.outcome === 'denied') return EXIT.denied;
      return until === 'decided' ? EXIT.fine : undefined;
    case 'request.expired':
      return EXIT.expired;
    case 'token.issued':
      return EXIT.fine;
    default:
      return undefined;
  }
}

function endOfRequest({ state }: ApprovalView, until: 'decided' | 'redeemed'): ExitCode | undefined {
  switch (state) {
    case 'pending':
      return undefined;
    case 'approved':
      return until === 'decided' ? EXIT.fine : undefined;
    case 'denied':
      return EXIT.denied;
    case 'expired':
      return EXIT.expired;
    case 'redeemed':
      return EXIT.fine;
  }
}

async function requireRequest({ name, id }: ApprovalView, server: RunningServer): Promise<void> {
  try {
    await server.control.request(id);
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== 'not_found') throw cause;
    throw new Problem('not_found', `${name} is gone: the server has begun anew without it.`, {
      hint: 'Keep it over a restart:   assent --data assent.db',
      cause,
    });
  }
}
