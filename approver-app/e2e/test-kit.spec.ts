// `assent/playwright` as somebody else's test would use it: the person answers by call or in the app.
import { createTest, expect, test } from 'assent/playwright';
import { Agent } from './agent.ts';
import { ADA, GRACE, TRANSFER } from './tenant.ts';

test('a call answers for the person', async ({ assent, approvals, request }) => {
  const agent = new Agent(request, assent);
  const asked = await agent.ask({ bindingMessage: 'RENT-4K9' });
  const approval = await approvals.nextApproval({ user: ADA, match: { details: { to: 'Grace Hopper' } } });
  expect(approval).toAskFor({ amount: TRANSFER.amount, currency: expect.any(String) });
  expect(approval).toHaveBindingMessage(/^RENT-/);
  expect(() => expect(approval).toAskFor({ amount: 1 })).toThrow('/0/amount: asked 250.5, expected 1');
  await approval.approve();
  expect(await agent.poll(asked)).toMatchObject({ status: 200 });
});

test('the page object reads what is shown and approves it', async ({ assent, approverApp, request }) => {
  const agent = new Agent(request, assent);
  await approverApp.pairAs(ADA);
  const asked = await agent.ask({ bindingMessage: 'RENT-4K9' });
  await agent.ask({ bindingMessage: 'ANOTHER' });
  await approverApp.openRequest('RENT-4K9');
  expect(await approverApp.readRequest()).toEqual({
    question: 'Aiya asks to Transfer 250.5 EUR to Grace Hopper',
    bindingMessage: 'RENT-4K9',
    fields: expect.arrayContaining([
      { label: 'Amount', values: ['250.5'] },
      { label: 'To', values: ['Grace Hopper'] },
    ]),
  });
  await approverApp.approve();
  expect(await agent.poll(asked)).toMatchObject({ status: 200 });
});

for (const [reason, kept] of [
  ['The details are wrong', 'The details are wrong'],
  ['Rent was paid yesterday', 'Rent was paid yesterday'],
  [undefined, undefined],
] as const) {
  test(`the page object denies with the reason: ${reason}`, async ({ assent, approverApp, request }) => {
    const agent = new Agent(request, assent);
    await approverApp.pair('Grace Hopper');
    await agent.ask({ userId: GRACE });
    await approverApp.openRequest();
    await approverApp.deny(reason);
    const { decision } = await assent.control.request('latest');
    expect([decision?.outcome, decision?.reason]).toEqual(['denied', kept]);
  });
}

const shared = createTest({ scope: 'worker' });

for (const turn of ['first', 'second']) {
  shared(
    `a server of the worker is as it was at its start for the ${turn} test`,
    async ({ assent, approvals, request }) => {
      expect(await assent.control.requests()).toEqual([]);
      await new Agent(request, assent).ask();
      expect((await approvals.nextApproval()).name).toBe('r1');
    },
  );
}
