import { expect, test } from 'vitest';
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
      findings: ['--when: Invalid option: expected one of "before"|"after"'],
    }),
  );
});
