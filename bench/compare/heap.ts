// What of the heap of a server is left whenever V8 has looked through all of it, which it does on its own. That is what the server
// keeps; the memory of its process has in it, too, what V8 lets lie about meanwhile. For servers that are written for Node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROBE = pathToFileURL(join(import.meta.dirname, 'heap-probe.mjs'));

/** What a server is to find in its environment, so that its heap is watched. */
export function watchHeap(folder: string): Record<string, string> {
  const options = [process.env['NODE_OPTIONS'], `--import=${PROBE}`].filter(Boolean).join(' ');
  return { NODE_OPTIONS: options, HEAP_FOLDER: folder };
}

/** @returns undefined where nobody has watched, or V8 has not looked through all of it so far */
export function readHeapMiB(folder: string, pid: number): number | undefined {
  try {
    const bytes = Number(readFileSync(join(folder, `heap-${pid}`), 'utf8'));
    return bytes > 0 ? bytes / 1024 / 1024 : undefined;
  } catch {
    return undefined;
  }
}
