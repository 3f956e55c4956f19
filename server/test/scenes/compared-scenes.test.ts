// Runs of real scenes side by side: the drawn difference is the one that the agent met on the wire.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WhatIfChange } from '../../src/contract/index.ts';
import type { RunningAssent } from '../../src/index.ts';
import { type ComparedRow, compareRuns, readRun } from '../../src/sequence/index.ts';
import { recordRun, startSceneBank } from './recorded-run.ts';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startSceneBank();
  await recordRun(assent);
});
afterAll(() => assent.close());

async function compare(change: WhatIfChange) {
  const { trace, runs } = await assent.control.scenes.whatIf({ request: 'r1', change });
  const [first, second] = runs.map(({ name }) => readRun(trace.events, name));
  if (!first || !second) throw new Error('a run is missing');
  return compareRuns(first, second);
}

/** One line for each row that differs. */
function differences(rows: readonly ComparedRow[]): string[] {
  const text = (side: { lines: ReadonlyArray<ReadonlyArray<{ text: string; isChanged: boolean }>> }) =>
    side.lines
      .map((line) => line.map(({ text: word, isChanged }) => (isChanged ? `[${word}]` : word)).join(' '))
      .join(' | ');
  return rows.flatMap((row) => {
    if (row.type === 'same') return [];
    if (row.type === 'changed') return [`${text(row.first)}  →  ${text(row.second)}`];
    return [row.type === 'missing' ? `- ${text(row.first)}` : `+ ${text(row.second)}`];
  });
}

test('denied: the answer, its end at the token endpoint, and an API that is never called', async () => {
  const { rows, changed, missing, added } = await compare('denied');
  expect(differences(rows)).toMatchInlineSnapshot(`
    [
      "resolve-transaction: [accepted] | auth0_guardian_accepted: [true]  →  resolve-transaction: [rejected] | auth0_guardian_accepted: [false] | [auth0_guardian_reason: "I did not ask for this"]",
      "[200 access_token]  →  [400 access_denied] | [“The end-user denied the authorization request or it has been expired”]",
      "- POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: 250 | currency: "EUR"",
      "- 200 let through",
    ]
  `);
  expect([changed, missing, added]).toEqual([2, 2, 0]);
});

test('expired: nobody answers', async () => {
  expect(differences((await compare('expired')).rows)).toMatchInlineSnapshot(`
    [
      "- resolve-transaction: accepted | auth0_guardian_accepted: true",
      "- 204",
      "+ The request expires: nobody decided in time.",
      "[200 access_token]  →  [400 access_denied] | [“The end-user denied the authorization request or it has been expired”]",
      "- POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: 250 | currency: "EUR"",
      "- 200 let through",
    ]
  `);
});

test('polled too fast: one more question, and the same end', async () => {
  expect(differences((await compare('polled_too_fast')).rows)).toMatchInlineSnapshot(`
    [
      "+ POST /oauth/token",
      "+ 400 slow_down | “You are polling faster than allowed. Try again in 10 seconds.”",
    ]
  `);
});

test('other details: the same until the API, which stops the call', async () => {
  expect(differences((await compare('wrong_details')).rows)).toMatchInlineSnapshot(`
    [
      "POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: [250] | currency: "EUR"  →  POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: [2500] | currency: "EUR"",
      "[200 let through]  →  [403 stopped: details] | [what was approved is not what is requested: /0/amount: approved 250, requested 2500]",
    ]
  `);
});

test('push lost: the device hears nothing', async () => {
  expect(differences((await compare('push_lost')).rows)).toMatchInlineSnapshot(`
    [
      "+ A fault on purpose: push is lost",
      "+ That fault is over: f1.",
      "- delivered",
      "- GET /rich-consents",
      "- 200 what is asked",
      "- resolve-transaction: accepted | auth0_guardian_accepted: true",
      "- 204",
      "+ The request expires: nobody decided in time.",
      "[200 access_token]  →  [400 access_denied] | [“The end-user denied the authorization request or it has been expired”]",
      "- POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: 250 | currency: "EUR"",
      "- 200 let through",
    ]
  `);
});

test('replayed: everything is the same, and then nothing more is got', async () => {
  expect(differences((await compare('replayed')).rows)).toMatchInlineSnapshot(`
    [
      "+ POST /oauth/token",
      "+ 400 invalid_grant | “Invalid or expired auth_req_id”",
      "+ POST /transfers | type: "transfer_funds" | from: "checking" | to: "Grace Hopper" | amount: 250 | currency: "EUR"",
      "+ 401 stopped: single_use | this token has been used, and counts once; ask for another approval",
    ]
  `);
});

test('a run beside itself is the same in every row', async () => {
  const { trace, runs } = await assent.control.scenes.whatIf({ request: 'r1', change: 'denied' });
  const run = readRun(trace.events, runs[0]?.name);
  if (!run) throw new Error('the run is missing');
  const { rows } = compareRuns(run, run);
  expect(rows.every(({ type }) => type === 'same')).toBe(true);
  expect(rows).toHaveLength(run.rows.length);
});
