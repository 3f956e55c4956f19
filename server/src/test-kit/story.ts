// What a failed test leaves behind: a few lines for whoever reads the log, and a file with everything.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogLines } from '../cli/log-lines.ts';
import type { TraceDocument, TraceEvent } from '../contract/index.ts';
import type { ControlClient } from '../control-client.ts';
import { writeTraceDocument } from '../sequence/index.ts';

/** Ends the name of every such file. */
export const STORY_EXTENSION = '.assent-trace.json';

/** What the server has to tell since an event. Secrets have been taken out before it was written down. */
export async function readStory(
  control: ControlClient,
  { title, after }: { title: string; after: number },
): Promise<TraceDocument> {
  const { issuer, tenant, version } = await control.health();
  const { events } = await control.story({ after });
  return writeTraceDocument(events, { title, issuer, tenant, assent: version });
}

/** One line for each event that means something to a person; polls that were answered alike are counted. */
function listStory(events: readonly TraceEvent[]): string[] {
  const lines: string[] = [];
  const log = new LogLines({ paint: (_style, text) => text, canRewrite: true });
  for (const event of events) {
    for (const { text, replacesLast } of log.add(event)) {
      if (replacesLast) lines.pop();
      lines.push(text);
    }
  }
  return lines;
}

/** @returns where it was written */
export async function writeStory(folder: string, document: TraceDocument): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${nameFile(document.title)}${STORY_EXTENSION}`);
  await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`);
  return file;
}

/** Readable, short enough for every file system, and different for every title. */
function nameFile(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  return `${words}-${createHash('sha256').update(title).digest('hex').slice(0, 6)}`;
}

/** For the log of a test runner. */
export function formatStory(events: readonly TraceEvent[], file: string): string {
  const lines = listStory(events);
  return [
    lines.length === 0 ? 'Assent: nobody asked anything.' : 'Assent: what happened',
    ...lines,
    `  the whole story: ${file}`,
  ].join('\n');
}
