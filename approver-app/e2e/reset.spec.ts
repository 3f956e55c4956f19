// The server goes back, to its start or to a snapshot, under a page that is open: the page shows what is, and not what was.
import { expect, test } from './world.ts';

test('an inbox that was open shows the requests of the snapshot, and no later ones', async ({
  agent,
  app,
  assent,
}) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'KEPT' });
  await expect(app.cards).toHaveCount(1);
  const snapshot = await assent.snapshot();
  await agent.ask({ bindingMessage: 'LATER' });
  await expect(app.cards).toHaveCount(2);
  await assent.restore(snapshot);
  await expect(app.cards).toHaveCount(1);
  await expect(app.cards).toContainText('KEPT');
  await agent.ask({ bindingMessage: 'AFTERWARDS' });
  await expect(app.cards).toHaveCount(2);
});

test('after a reset the page says that it is not paired any more, and can be paired again', async ({
  agent,
  app,
  assent,
}) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'FORGOTTEN' });
  await expect(app.cards).toHaveCount(1);
  await assent.reset();
  await expect(app.cards).toHaveCount(0);
  await app.pair();
  await agent.ask({ bindingMessage: 'ANEW' });
  await expect(app.cards).toHaveCount(1);
  await expect(app.cards).toContainText('ANEW');
});
