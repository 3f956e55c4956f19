// Writes docs/teaching/traces: `node server/scripts/write-teaching-traces.ts`. Ids are random, so it is run by hand when the trace
// has a new shape; a test says when that is.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordTraces } from './teaching/record-traces.ts';

const FOLDER = join(import.meta.dirname, '../../docs/teaching/traces');

await mkdir(FOLDER, { recursive: true });
for (const [file, document] of await recordTraces()) {
  await writeFile(join(FOLDER, file), `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(`docs/teaching/traces/${file}\n`);
}
