// A new access token for the one of the session.
import { auth0 } from '../../auth0.js';

export async function POST() {
  const before = await auth0.getSession();
  const { token } = await auth0.getAccessToken({ refresh: true });
  const after = await auth0.getSession();
  return Response.json({
    accessToken: token,
    before: before?.tokenSet.refreshToken,
    after: after?.tokenSet.refreshToken,
  });
}
