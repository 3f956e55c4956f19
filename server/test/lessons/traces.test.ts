// The traces that the lesson plans replay: readable by today's schema, drawn by today's sequence view, and of the shape that a
// server of today records.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordTraces } from '../../scripts/teaching/record-traces.ts';
import { type TraceDocument, traceDocumentSchema } from '../../src/contract/index.ts';
import { readRuns } from '../../src/sequence/index.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/teaching/traces');
const PLANS = ['lesson-20.md', 'lesson-45.md', 'lesson-90.md'];
const files = await readdir(FOLDER);

/** What follows from nobody's clock or chance: which events, with which members. */
function shapeOf({ title, events }: TraceDocument) {
  return { title, events: events.map((event) => [event.type, ...Object.keys(event).sort()]) };
}

describe('a recorded trace', () => {
  test('has the shape that a server records now, else: node server/scripts/write-teaching-traces.ts', async () => {
    const recorded = await recordTraces();
    expect([...recorded.keys()].sort()).toEqual(files.sort());
    for (const [file, document] of recorded) {
      const kept = traceDocumentSchema.parse(JSON.parse(await readFile(join(FOLDER, file), 'utf8')));
      expect(shapeOf(kept), file).toEqual(shapeOf(document));
    }
  });

  test.each(files)('%s is drawn, holds no secret, and is used by a plan', async (file) => {
    const text = await readFile(join(FOLDER, file), 'utf8');
    const { events } = traceDocumentSchema.parse(JSON.parse(text));
    expect(readRuns(events).length).toBeGreaterThan(0);
    expect(text).not.toMatch(/secret-not-real|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{40,}/);
    const plans = await Promise.all(PLANS.map((plan) => readFile(join(FOLDER, '..', plan), 'utf8')));
    expect(plans.some((plan) => plan.includes(`traces/${file}`))).toBe(true);
  });
});
