// Reads a file that somebody picked or dropped: a story, or a clear word about what is wrong with it.
import { type TraceDocument, traceDocumentSchema } from 'assent/contract';
import { z } from 'zod';
import { sequenceTexts } from '../texts/sequence.ts';
import { fill } from '../ui/prose.tsx';

const { open: texts } = sequenceTexts;
/** The server itself remembers no more text than half of this. */
const MOST_BYTES = 64_000_000;
/** What a client may send is 100 deep; around it stand the event and the document. Each level takes a part of the stack. */
const DEEPEST = 120;

export type OpenedFile = { document: TraceDocument } | { problem: string };

const looksLikeStory = z.object({ format: z.unknown().optional(), version: z.unknown().optional() });

export async function openStoryFile(file: File): Promise<OpenedFile> {
  const { name } = file;
  if (file.size > MOST_BYTES)
    return { problem: fill(texts.tooLarge, { name, most: MOST_BYTES / 1_000_000 }) };
  try {
    return readStoryText(name, await file.text());
  } catch {
    // A folder that was dropped, or a file that is gone or forbidden meanwhile.
    return { problem: fill(texts.unreadable, { name }) };
  }
}

/** Pure. */
export function readStoryText(name: string, text: string): OpenedFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: fill(texts.noJson, { name }) };
  }
  if (isNestedTooDeeply(value)) return { problem: fill(texts.tooDeep, { name, most: DEEPEST }) };
  const outline = looksLikeStory.safeParse(value).data;
  if (outline?.format !== 'assent-trace')
    return {
      problem: fill(texts.noStory, { name, received: JSON.stringify(outline?.format ?? null).slice(0, 60) }),
    };
  if (outline.version !== 1)
    return {
      problem: fill(texts.otherVersion, {
        name,
        version: JSON.stringify(outline.version ?? null).slice(0, 20),
      }),
    };
  const read = traceDocumentSchema.safeParse(value);
  if (read.success) return { document: read.data };
  const [issue] = read.error.issues;
  const path = issue?.path.join('.') ?? '';
  return { problem: fill(texts.broken, { name, path, why: issue?.message ?? '' }) };
}

/** Level by level: a walk into each value would fill the stack itself. */
function isNestedTooDeeply(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level
      .filter((one) => typeof one === 'object' && one !== null)
      .flatMap((one) => Object.values(one as object));
  }
  return false;
}
