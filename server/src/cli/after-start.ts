// What `assent start` does once its server is ready: it tells what happens until somebody stops it, and watches its tenant file.
import { once } from 'node:events';
import type { TraceEvent } from '../contract/index.ts';
import { createControlClient, createControlTransport } from '../control-client.ts';
import type { RunningAssent } from '../running-assent.ts';
import type { CommandContext } from './context.ts';
import { LogLines } from './log-lines.ts';
import { type Format, formatFailure } from './output.ts';
import { watchShortcuts } from './shortcuts.ts';
import { watchTenantFile } from './watch-tenant-file.ts';

export function watchFile(
  { url, ca, controlToken: token }: RunningAssent,
  path: string,
  { format }: { format: Format },
  context: CommandContext,
): () => void {
  const { terminal } = context;
  return watchTenantFile({
    path,
    transport: createControlTransport({ url, ca, token }),
    onReload: () => {
      if (format === 'text') terminal.note(`  ${terminal.paintNote('good', 'tenant file loaded again')}`);
      else terminal.data(JSON.stringify({ type: 'tenant_file.reloaded', path }));
    },
    onFailure: (error) => terminal.note(formatFailure(error, format, terminal.paintNote, context)),
  });
}

/** Writes the lines of one turn of the event loop together: where much happens, writing is most of what a line costs. */
class LinesAtOnce {
  readonly #writeText: (text: string) => void;
  #lines: string[] = [];

  constructor(writeText: (text: string) => void) {
    this.#writeText = writeText;
  }

  add(line: string): void {
    if (this.#lines.push(line) === 1) setImmediate(() => this.write());
  }

  write(): void {
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.#writeText(lines.join('\n'));
  }
}

/** Tells every event until it is time to stop. */
export async function follow(
  assent: RunningAssent,
  events: { listen(listener: (event: TraceEvent) => void): void },
  { format }: { format: Format },
  { terminal }: CommandContext,
  stopping: AbortController,
): Promise<void> {
  const { signal } = stopping;
  const stopWatching = terminal.isInteractive
    ? watchShortcuts({
        stdin: process.stdin,
        terminal,
        control: createControlClient({
          url: assent.url,
          ca: assent.ca,
          token: assent.controlToken,
          from: 'command line',
        }),
        pages: assent.pages,
        quit: () => stopping.abort(),
      })
    : () => undefined;
  const log = new LogLines({ paint: terminal.paintNote, canRewrite: terminal.canRewrite });
  const lines = new LinesAtOnce(format === 'ndjson' ? terminal.data : terminal.note);
  let lastLine = '';
  try {
    events.listen((event) => {
      if (format === 'ndjson') lines.add(JSON.stringify(event));
      if (format !== 'text') return;
      for (const { text, replacesLast } of log.add(event)) {
        if (replacesLast) terminal.rewriteNote(lastLine, text);
        else if (terminal.canRewrite) terminal.note(text);
        else lines.add(text);
        lastLine = text;
      }
    });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    lines.write();
    stopWatching();
  }
}
