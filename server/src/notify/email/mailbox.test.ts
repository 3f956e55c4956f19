import { expect, test } from 'vitest';
import type { ApprovalId } from '../../approvals/index.ts';
import { createManualClock } from '../../clock.ts';
import { createRandomIds } from '../../ids.ts';
import { createMemoryStore } from '../../tenant/memory-store.ts';
import { Mailbox } from './mailbox.ts';

test('the mailbox keeps the newest 500 messages, also of a storm', async () => {
  const clock = createManualClock(0);
  const mailbox = new Mailbox({ clock, store: createMemoryStore(clock), ids: createRandomIds() });
  const keep = (number: number) =>
    mailbox.keep({
      from: 'assent@localhost',
      to: { name: 'Ada', address: 'ada@example.com' },
      subject: `message ${number}`,
      text: '',
      html: '',
      link: 'https://localhost/',
      approval: { id: `apr_${number}` as ApprovalId, name: `r${number}` },
    });
  for (let number = 1; number <= 490; number++) await keep(number);
  await Promise.all(Array.from({ length: 30 }, (_, index) => keep(491 + index)));
  const kept = await mailbox.list({ limit: 1_000 });
  expect(kept).toHaveLength(500);
  expect(kept.map(({ name }) => name)).toEqual(Array.from({ length: 500 }, (_, index) => `r${520 - index}`));
});
