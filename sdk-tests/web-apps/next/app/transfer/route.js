// Asks whoever is logged in to approve a transfer, and waits for the answer.
import { auth0 } from '../../auth0.js';

/** @param {Request} request */
export async function POST(request) {
  const session = await auth0.getSession();
  if (!session) return Response.json({ error: 'log in first' }, { status: 401 });
  const transfer = await request.json();
  try {
    const { tokenSet, authorizationDetails } = await auth0.getTokenByBackchannelAuth({
      bindingMessage: 'Order 4711',
      loginHint: { sub: session.user.sub },
      authorizationDetails: [{ type: 'transfer_funds', ...transfer }],
      authorizationParams: { scope: 'openid create:transfer' },
    });
    return Response.json({ accessToken: tokenSet.accessToken, authorizationDetails });
  } catch (error) {
    return Response.json(
      { code: error.code, cause: error.cause?.code, message: error.cause?.message },
      { status: 403 },
    );
  }
}
