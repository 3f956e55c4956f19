// When a command that goes on is told to stop.
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { watchLauncher } from './launcher.ts';

/** How long after a first signal another one counts as the same. */
const PATIENCE_MS = 1_000;

/** Aborted by the first signal to stop, or when whoever started the command is gone. */
export function watchSignals(env: CommandContext['env']): AbortController {
  const stopping = new AbortController();
  let stoppingSinceMs = Number.POSITIVE_INFINITY;
  const stop = (): void => {
    // npm sends a copy of what the terminal has sent. Only a later signal is somebody who will not wait.
    if (performance.now() - stoppingSinceMs > PATIENCE_MS) process.exit(EXIT.failed);
    if (stopping.signal.aborted) return;
    stoppingSinceMs = performance.now();
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  watchLauncher(env, stop);
  return stopping;
}
