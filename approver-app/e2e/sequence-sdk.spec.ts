// A flow of Auth0's own SDK, watched: it is drawn as it goes on, and it is the SDK that is told of in it.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AuthenticationClient } from 'auth0/legacy';
import { SequencePage } from './sequence-page.ts';
import { ADA, TRANSFERS_API } from './tenant.ts';
import { expect, test } from './world.ts';

test.use({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });

test('the backchannel calls of the SDK are drawn while they happen', async ({ page, assent }) => {
  setDefaultCACertificates([...getCACertificates(), assent.ca ?? '']);
  const { AUTH0_CLIENT_ID: clientId = '', AUTH0_CLIENT_SECRET: clientSecret = '' } = assent.env;
  const sdk = new AuthenticationClient({ domain: new URL(assent.issuer).host, clientId, clientSecret });
  const sequence = new SequencePage(page, assent);
  await sequence.open();
  await expect(sequence.connection).toHaveText('live');
  const asked = await sdk.backchannel.authorize({
    userId: ADA,
    binding_message: 'RENT-4K9',
    scope: 'openid create:transfer',
    audience: TRANSFERS_API,
  });
  await expect(sequence.steps).toHaveCount(2);
  await assent.control.approve('latest');
  const tokens = await sdk.backchannel.backchannelGrant({ auth_req_id: asked.auth_req_id });
  expect(tokens.access_token).toEqual(expect.any(String));
  await expect(sequence.current).toContainText('200 access_token');
  expect(await sequence.words()).toEqual([
    expect.stringContaining('1. Agent to Authorization server: POST /bc-authorize.'),
    expect.stringContaining('2. Authorization server to Agent: 200 auth_req_id.'),
    expect.stringContaining('3. Approver to Authorization server: approved (control API).'),
    expect.stringContaining('4. Agent to Authorization server: POST /oauth/token.'),
    expect.stringContaining('5. Authorization server to Agent: 200 access_token.'),
  ]);
});
