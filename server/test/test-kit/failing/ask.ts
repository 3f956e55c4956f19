// The agent of the examples that fail.
import type { RunningAssent } from 'assent';

export async function ask({ url, issuer, env }: RunningAssent, bindingMessage: string): Promise<void> {
  const { AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '', AUTH0_AUDIENCE = '' } = env;
  const asked = await fetch(`${url}/bc-authorize`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: AUTH0_CLIENT_ID,
      client_secret: AUTH0_CLIENT_SECRET,
      scope: 'openid',
      audience: AUTH0_AUDIENCE,
      binding_message: bindingMessage,
      login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: 'auth0|ada' }),
    }),
  });
  const { auth_req_id = '' } = (await asked.json()) as { auth_req_id?: string };
  await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: AUTH0_CLIENT_ID,
      client_secret: AUTH0_CLIENT_SECRET,
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id,
    }),
  });
}
