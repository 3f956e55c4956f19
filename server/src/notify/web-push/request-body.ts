// Reads what callers post, never keeping more than fits.
import type { IncomingMessage } from 'node:http';

/**
 * The body; undefined if it has more than `limitBytes`. A long one is read to its end all the same and thrown away:
 * a caller that is cut off while it writes would see a broken connection instead of the answer.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
  }
  return length > limitBytes ? undefined : Buffer.concat(chunks);
}
