import { expect, test } from 'vitest';
import type { NewTraceEvent, TraceEvent } from '../contract/index.ts';
import { LogLines } from './log-lines.ts';
import { paintNothing } from './output.ts';

const about = { approval: 'apr_1', name: 'r7' };
const pending = { type: 'poll.answered', ...about, answer: 'authorization_pending', interval: 5 } as const;
const story: readonly NewTraceEvent[] = [
  {
    type: 'request.received',
    ...about,
    client_id: 'aiya',
    client_name: 'Aiya',
    user_id: 'auth0|ada',
    user_name: 'Ada Lovelace',
    binding_message: 'Pay 42 EUR to Grace',
    scope: ['openid'],
    consent: {
      who: 'Aiya',
      what: 'Transfer 42.00 EUR',
      summary: 'Transfer 42.00 EUR to Grace',
      sections: [],
    },
    expires_in: 300,
    interval: 5,
    channel: 'guardian-push',
  },
  {
    type: 'notification.waiting',
    ...about,
    channel: 'inbox',
    why: 'no browser of Ada Lovelace has its inbox open',
  },
  pending,
  pending,
  { type: 'notification.delivered', ...about, channel: 'inbox', device: 'Firefox' },
  pending,
  pending,
  pending,
  { type: 'poll.answered', ...about, answer: 'slow_down', interval: 10 },
  {
    type: 'decision.made',
    ...about,
    outcome: 'approved',
    by: 'auth0|ada',
    from: 'approver app',
    device: 'Firefox',
  },
  { type: 'request.settled', ...about },
  { type: 'decision.refused', ...about, why: 'already_decided', from: 'command line' },
  { type: 'token.issued', ...about, scope: 'openid', details_match: true },
  {
    type: 'request.refused',
    client_id: 'aiya',
    error: 'invalid_request',
    error_description: 'binding_message is required',
  },
];

/** The screen after `events`, one second apart. */
function play(events: readonly NewTraceEvent[], canRewrite: boolean): string {
  const log = new LogLines({ paint: paintNothing, canRewrite, timeZone: 'UTC' });
  const screen: string[] = [];
  events.forEach((event, index) => {
    const dated: TraceEvent = { ...event, number: index + 1, at: new Date(index * 1000).toISOString() };
    for (const { text, replacesLast } of log.add(dated)) {
      if (replacesLast) screen.pop();
      screen.push(text.trimEnd());
    }
  });
  return screen.join('\n');
}

test('polls that wait, one after the other, say so once and are counted like others', () => {
  const held = { type: 'poll.held', ...about } as const;
  expect(play([held, pending, held, pending, held, pending, held], true)).toMatchInlineSnapshot(`
    "  00:00:00  poll    r7   waits for the decision
      00:00:05  poll    r7   pending ×3"
  `);
});

test('on a terminal, repeated polls replace their line', () => {
  expect(play(story, true)).toMatchInlineSnapshot(`
    "  00:00:00  ask     r7   Aiya → Ada Lovelace  "Pay 42 EUR to Grace"  Transfer 42.00 EUR to Grace  expires 5:00
      00:00:01  notify  r7   waiting: no browser of Ada Lovelace has its inbox open
      00:00:03  poll    r7   pending ×2
      00:00:04  notify  r7   inbox of Firefox
      00:00:07  poll    r7   pending ×3
      00:00:08  poll    r7   too fast
      00:00:09  decide  r7   ✓ approved by auth0|ada in the approver app on Firefox
      00:00:10  settle  r7   the client can have the answer
      00:00:11  decide  r7   refused, it was decided before  (command line)
      00:00:12  token   r7   issued, details match
      00:00:13  refuse       invalid_request for aiya  binding_message is required"
  `);
});

test('in a file, repeated polls are told once they are over', () => {
  expect(play(story, false)).toMatchInlineSnapshot(`
    "  00:00:00  ask     r7   Aiya → Ada Lovelace  "Pay 42 EUR to Grace"  Transfer 42.00 EUR to Grace  expires 5:00
      00:00:01  notify  r7   waiting: no browser of Ada Lovelace has its inbox open
      00:00:02  poll    r7   pending
      00:00:04  poll    r7   pending ×2
      00:00:04  notify  r7   inbox of Firefox
      00:00:05  poll    r7   pending
      00:00:08  poll    r7   pending ×3
      00:00:08  poll    r7   too fast
      00:00:09  decide  r7   ✓ approved by auth0|ada in the approver app on Firefox
      00:00:10  settle  r7   the client can have the answer
      00:00:11  decide  r7   refused, it was decided before  (command line)
      00:00:12  token   r7   issued, details match
      00:00:13  refuse       invalid_request for aiya  binding_message is required"
  `);
});

test('polls of two requests in turn do not fill the screen', () => {
  const other = { ...pending, approval: 'apr_2', name: 'r8' };
  expect(play([pending, other, pending, other, pending, other], true).split('\n')).toHaveLength(2);
});

test('texts of others cannot steer the terminal', () => {
  const text = play(
    [{ type: 'device.paired', user_id: 'a|b', user_name: 'Eve\u001b[2J\u202e', device: 'a\nb' }],
    false,
  );
  expect(text).toContain('a\\u{a}b of Eve\\u{1b}[2J\\u{202e}');
});

test('tells of e-mails: where they went, where they are kept, and why one did not go', () => {
  const email = { ...about, channel: 'email', to: 'ada@example.com' } as const;
  expect(
    play(
      [
        {
          type: 'notification.failed',
          ...email,
          why: 'the mail server localhost:25 did not answer in time',
          retry_at: new Date(5_000).toISOString(),
        },
        { type: 'notification.failed', ...email, why: 'No such mailbox' },
        { type: 'notification.delivered', ...email },
        {
          type: 'notification.delivered',
          ...email,
          link: 'https://localhost:4443/bc-verify?consent=cns_0000000000000000000000',
        },
        { type: 'decision.made', ...about, outcome: 'approved', by: 'auth0|ada', from: 'e-mail link' },
      ],
      false,
    ),
  ).toMatchInlineSnapshot(`
    "  00:00:00  notify  r7   e-mail to ada@example.com failed: the mail server localhost:25 did not answer in time  (tried again later)
      00:00:01  notify  r7   e-mail to ada@example.com failed: No such mailbox  (not tried again)
      00:00:02  notify  r7   e-mail to ada@example.com
      00:00:03  notify  r7   e-mail to ada@example.com kept in the mailbox: https://localhost:4443/bc-verify?consent=cns_0000000000000000000000
      00:00:04  decide  r7   ✓ approved by auth0|ada through the link of an e-mail"
  `);
});

test('tells which rule took a request, and what it did', () => {
  const rule = 'small';
  const answer = { ...about, by: 'auth0|ada', from: 'rule', rule } as const;
  expect(
    play(
      [
        { type: 'rule.fired', ...about, rule, says: 'approve up to 50 EUR' },
        { type: 'decision.made', ...answer, outcome: 'approved' },
        { type: 'decision.refused', ...about, from: 'rule', rule, why: 'expired' },
        { type: 'request.expired', ...about, rule },
        { type: 'request.expired', ...about },
      ],
      false,
    ),
  ).toMatchInlineSnapshot(`
    "  00:00:00  rule    r7   small: approve up to 50 EUR
      00:00:01  decide  r7   ✓ approved by the rule small for auth0|ada
      00:00:02  decide  r7   refused, it had expired  (the rule small)
      00:00:03  expire  r7   ended by the rule small
      00:00:04  expire  r7   nobody decided in time"
  `);
});

test('a token that is bound to its sender is told as one', () => {
  const token = (cnf: object): TraceEvent => ({
    ...about,
    type: 'token.issued',
    scope: 'openid',
    details_match: true,
    access_token: { header: {}, claims: { cnf } },
    number: 1,
    at: '2026-11-22T12:00:00.000Z',
  });
  const log = new LogLines({ paint: paintNothing, canRewrite: false });
  const lines = [token({ jkt: 'x' }), token({ 'x5t#S256': 'x' })].flatMap((event) => log.add(event));
  expect(lines.map(({ text }) => text.slice(text.indexOf('issued')))).toEqual([
    'issued, details match, bound to a key',
    'issued, details match, bound to a certificate',
  ]);
});
