// Fails on purpose: failure-story.test.ts runs it and reads what it leaves behind.
import { expect, test } from 'assent/vitest';
import { ask } from './ask.ts';

test('an agent that asks for the wrong thing', async ({ assent, approvals }) => {
  await ask(assent, 'RENT-4K9');
  const approval = await approvals.nextApproval();
  await approval.deny('wrong code');
  expect(approval).toHaveBindingMessage('LUNCH-1');
});
