import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { faultFromFlags } from './fault-from-flags.ts';

test('options become members, and the place is where it can happen', () => {
  expect(
    faultFromFlags('answer', { status: 429, retryAfter: 1, times: 2, client: 'aiya', request: 'next' }),
  ).toEqual({
    on: 'token',
    does: { kind: 'answer', status: 429, retry_after: 1 },
    client_id: 'aiya',
    request: 'next',
    times: 2,
    after: 0,
  });
  expect(faultFromFlags('lose', {})).toMatchObject({ on: 'push' });
  expect(faultFromFlags('break_tls', { how: 'refuse' })).toMatchObject({ on: 'connection' });
  expect(faultFromFlags('drop', { when: 'after', on: '/userinfo' })).toMatchObject({ on: '/userinfo' });
});

test('what is no fault is told by the options that were typed', () => {
  expect(() => faultFromFlags('answer', { status: 418, on: 'push' })).toThrow(
    expect.objectContaining({
      code: 'usage',
      findings: ['--status: received 418 on push, expected 410, 413, 429, 500, 502, 503, 504'],
    }),
  );
  expect(() => faultFromFlags('drop', {})).toThrow(
    expect.objectContaining({
      findings: ['--when: expected one of "before"|"after"'],
    }),
  );
});

test.each(FAULT_KINDS)('the example for %s is a fault', (kind) => {
  const { hint = '' } = problemOf(() => faultFromFlags(kind, { on: 'nowhere' }));
  const [, ...typed] = /^assent faults add (.*)$/m.exec(hint)?.[1]?.split(' ') ?? [];
  const flags = Object.fromEntries(
    typed.flatMap((word, index) =>
      word.startsWith('--')
        ? [[word.slice(2).replace('retry-after', 'retryAfter'), readValue(typed[index + 1] ?? '')]]
        : [],
    ),
  );
  expect(faultFromFlags(kind, flags)).toMatchObject({ does: { kind } });
});

function readValue(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('nothing was refused');
}
