// `assent trace`: the story so far as a file, for whoever looks at a failed run later. It goes to stdout; secrets are not in it.
import { readFile } from 'node:fs/promises';
import type { TraceDocument, TraceEvent } from '../../contract/index.ts';
import { inOwnPackage } from '../../own-package.ts';
import { Problem } from '../../problem.ts';
import {
  type Run,
  readRun,
  writeMermaid,
  writeReplayPage,
  writeSvg,
  writeTraceDocument,
} from '../../sequence/index.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { adviseOnUnknown, findRunningServer } from '../running-server.ts';

export interface TraceFlags {
  request?: string;
  dataFolder?: string;
  format: 'json' | 'mermaid' | 'svg' | 'html';
}

export async function runTrace(flags: TraceFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, commandName } = context;
  const { control, health } = await findRunningServer(context, flags);
  const request =
    flags.request === undefined ? undefined : await adviseOnUnknown(control.request(flags.request));
  const { events } = await control.story();
  const { issuer, tenant, version } = health;
  const title = request === undefined ? `${tenant}, ${issuer}` : `${request.name} ${request.consent.summary}`;
  const document = writeTraceDocument(events, { title, issuer, tenant, assent: version }, request?.id);
  if (document === undefined) throw forgotten(flags.request);
  switch (flags.format) {
    case 'json':
      terminal.data(JSON.stringify(document, null, 2));
      break;
    case 'html':
      terminal.data((await fillPage(document)).trimEnd());
      break;
    case 'mermaid':
      terminal.data(writeMermaid(requireRun(events, request?.id, commandName)).trimEnd());
      break;
    case 'svg':
      terminal.data(writeSvg(requireRun(events, request?.id, commandName)).trimEnd());
      break;
  }
  const { redacted = [] } = document;
  if (redacted.length > 0) terminal.note(`  Not in it: ${redacted.join(', ')}`);
  return EXIT.fine;
}

/** A drawing is of one request: the one that was named, else the newest. */
function requireRun(events: readonly TraceEvent[], ref: string | undefined, commandName: string): Run {
  const run = readRun(events, ref);
  if (run !== undefined) return run;
  if (ref !== undefined) throw forgotten(ref);
  throw new Problem('not_found', 'Nothing has happened yet, so there is nothing to draw.', {
    hint: `Make a request:   ${commandName} ask "Pay 42 EUR to Grace"`,
  });
}

function forgotten(ref: string | undefined): Problem {
  return new Problem('not_found', `The server knows ${ref ?? 'the request'}, and no longer its story.`, {
    hint: 'It remembers the last 20000 events. Take the story sooner, or follow it: assent watch --format ndjson',
  });
}

async function fillPage(document: TraceDocument): Promise<string> {
  // The page that waits for a story, as the build left it.
  const page = await readFile(inOwnPackage('dist/web/replay-page.txt'), 'utf8').catch(() => undefined);
  const filled = page === undefined ? undefined : writeReplayPage(page, document);
  if (filled !== undefined) return filled;
  throw new Problem('not_ready', 'The page that replays a story has not been built.', {
    hint: 'Build it:   npm start\nOr take:    assent trace --format json, and open that in the sequence view.',
  });
}
