// CIBA Core 1.0 §7.3: the acknowledgement.
import { expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import { expectAccepted } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement } = openChapter();

const AT_ONCE = 20;

/** So many requests, a few at a time. */
async function askMany(lab: Lab, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    ids.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => lab.client('agent').askFor()))));
  }
  return ids;
}

requirement('CIBA-7.3-01', async (lab) => {
  const answer = await lab.client('agent').ask();
  const authReqId = expectAccepted(answer);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['cache-control']).toContain('no-store');
  expect((await lab.approval(authReqId)).state).toBe('pending');
});

requirement('CIBA-7.3-02', async (lab) => {
  for (const id of await askMany(lab, 200)) expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
});

requirement('CIBA-7.3-03', async (lab) => {
  const ids = await askMany(lab, 1_000);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id.length).toBeGreaterThanOrEqual(22);
    expect(entropyBits(id)).toBeGreaterThan(96);
  }
  // Neither a counter nor a clock: the first four characters are as mixed as all others.
  expect(new Set(ids.map((id) => id.slice(0, 4))).size).toBeGreaterThan(900);
});

requirement('CIBA-7.3-04', async (lab) => {
  const { expires_in: expiresIn } = (await lab.client('agent').ask()).json();
  expect(Number.isInteger(expiresIn) && expiresIn > 0).toBe(true);
});

requirement('CIBA-7.3-05', async (lab) => {
  const { interval, expires_in: expiresIn } = (await lab.client('agent').ask()).json();
  expect(Number.isInteger(interval) && interval > 0).toBe(true);
  expect(interval).toBeLessThan(expiresIn / 2);
});

requirement('CIBA-7.3-06', async (lab) => {
  const answer = await lab.client('push').ask();
  expectAccepted(answer);
  expect(answer.json()).not.toHaveProperty('interval');
});

/** Shannon's entropy of the characters, times their number. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / text.length), 0);
}
