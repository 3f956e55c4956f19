import { expect, test } from 'vitest';
import { createEventParser, type ServerEvent } from './event-stream.ts';

function read(...pieces: string[]): { events: ServerEvent[]; ids: string[] } {
  const events: ServerEvent[] = [];
  const ids: string[] = [];
  const parse = createEventParser({ onEvent: (event) => events.push(event), onId: (id) => ids.push(id) });
  for (const piece of pieces) parse(piece);
  return { events, ids };
}

const STREAM =
  'retry: 2000\n\n:\n\nid: 7\nevent: approval\ndata: {"a":\ndata: 1}\n\nevent: ready\ndata: {}\n\n';
const WHOLE = {
  events: [
    { name: 'approval', text: '{"a":\n1}' },
    { name: 'ready', text: '{}' },
  ],
  ids: ['7'],
};

test('comments and empty events are silent, data lines are joined', () => {
  expect(read(STREAM)).toEqual(WHOLE);
});

test('a piece may end anywhere', () => {
  for (let cut = 0; cut <= STREAM.length; cut += 1) {
    expect(read(STREAM.slice(0, cut), STREAM.slice(cut)), `cut at ${cut}`).toEqual(WHOLE);
  }
});

test('carriage returns end lines as well, also between two pieces', () => {
  const stream = STREAM.replaceAll('\n', '\r\n');
  for (let cut = 0; cut <= stream.length; cut += 1) {
    expect(read(stream.slice(0, cut), stream.slice(cut)), `cut at ${cut}`).toEqual(WHOLE);
  }
});

test('an event that was not finished is not delivered', () => {
  expect(read('event: approval\ndata: {}\n').events).toEqual([]);
});
