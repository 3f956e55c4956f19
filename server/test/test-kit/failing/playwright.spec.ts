// Fails on purpose: failure-story.test.ts runs it and reads what it leaves behind. It opens no browser.
import { expect, test } from 'assent/playwright';
import { ask } from './ask.ts';

test('an agent that asks for the wrong thing', async ({ assent, approvals }) => {
  await ask(assent, 'RENT-4K9');
  const approval = await approvals.nextApproval();
  await approval.deny('wrong code');
  expect(approval).toHaveBindingMessage('LUNCH-1');
});
