import type { ApprovalView } from 'assent/contract';
import { expect, test } from 'vitest';
import { countSimilar, similarTo } from './similar-requests.ts';

function request(id: string, seconds: number, summary: string, client = 'aiya'): ApprovalView {
  const at = new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
  return {
    id,
    name: id,
    state: 'pending',
    client: { client_id: client, name: client },
    approver: { user_id: 'auth0|ada', name: 'Ada' },
    binding_message: id,
    scope: [],
    consent: { who: client, what: summary, summary, sections: [] },
    consent_hash: id,
    channel: 'guardian-push',
    requested_at: at,
    expires_at: at,
  };
}

const first = request('r1', 0, 'Transfer 250.00 EUR to Grace');

test('the same wording with other numbers, within a minute, is similar', () => {
  expect(similarTo(first, [first, request('r2', 60, 'Transfer 2,500.00 EUR to Grace')])).toHaveLength(1);
});

test('a request that came later, says something else, or is by another client is not', () => {
  const others = [
    request('r2', 61, 'Transfer 250.00 EUR to Grace'),
    request('r3', 1, 'Transfer 250.00 EUR to Ada'),
    request('r4', 1, 'Transfer 250.00 EUR to Grace', 'night-trader'),
  ];
  expect(similarTo(first, others)).toEqual([]);
  expect(countSimilar([first, ...others])).toBe(0);
});

test('each request that looks like another is counted, also where they came one after the other', () => {
  const chain = [
    first,
    request('r2', 40, 'Transfer 1.00 EUR to Grace'),
    request('r3', 80, 'Transfer 2.00 EUR to Grace'),
  ];
  const alone = request('r4', 1, 'Transfer 250.00 EUR to Ada');
  expect(countSimilar([first, alone])).toBe(0);
  expect(countSimilar([first, alone, request('r2', 40, 'Transfer 1.00 EUR to Grace')])).toBe(2);
  expect(countSimilar([...chain, alone])).toBe(3);
});
