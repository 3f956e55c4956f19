import { expect, test } from 'vitest';
import { readStoryText } from './story-file.ts';

const EVENT = {
  number: 1,
  at: '2026-01-01T00:00:00.000Z',
  type: 'api.called',
  api: 'https://api.test/',
  method: 'GET',
  path: '/',
  status: 200,
  checks: [],
};

function fileWith(events: string): string {
  return `{"format":"assent-trace","version":1,"title":"T","issuer":"I","tenant":"bank","assent":"1","events":[${events}]}`;
}

function nested(levels: number): string {
  return fileWith(
    JSON.stringify({ ...EVENT, asked: { authorization_details: ['PLACE'] } }).replace(
      '"PLACE"',
      `${'['.repeat(levels)}${']'.repeat(levels)}`,
    ),
  );
}

test('a file that is nested without end is a clear word, not a full stack', () => {
  expect(readStoryText('deep.json', nested(200_000))).toEqual({
    problem: expect.stringContaining('deep.json is nested more than'),
  });
});

test('what a client may send is not too deep', () => {
  expect(readStoryText('story.json', nested(100))).toHaveProperty('document');
});

test.each([
  ['null', 'no story'],
  ['[]', 'no story'],
  ['{', 'no JSON'],
  [fileWith('{"type":"__proto__"}'), 'events.0.type'],
  [fileWith('null'), 'events.0'],
])('%s is a clear word', (text, word) => {
  expect(readStoryText('x.json', text)).toEqual({ problem: expect.stringContaining(word) });
});
