// "Your agent" of the recipes: asks for a transfer and says how it ended.
import {
  ClientSecretPost,
  discovery,
  initiateBackchannelAuthentication,
  pollBackchannelAuthenticationGrant,
} from 'openid-client';

export async function payRent(env: Readonly<Record<string, string>>): Promise<'paid'> {
  const { AUTH0_DOMAIN, AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET, AUTH0_AUDIENCE = '' } = env;
  const issuer = `https://${AUTH0_DOMAIN}/`;
  const secret = ClientSecretPost(AUTH0_CLIENT_SECRET);
  const auth0 = await discovery(new URL(issuer), AUTH0_CLIENT_ID, undefined, secret);
  const asked = await initiateBackchannelAuthentication(auth0, {
    scope: 'openid',
    audience: AUTH0_AUDIENCE,
    binding_message: 'RENT-4K9',
    login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: 'auth0|ada' }),
    authorization_details: JSON.stringify([
      { type: 'transfer_funds', amount: '250.00', currency: 'EUR', to: 'Grace' },
    ]),
  });
  await pollBackchannelAuthenticationGrant(auth0, asked);
  return 'paid';
}
