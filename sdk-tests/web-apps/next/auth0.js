// The SDK as its manual sets it up, in the version that the process is started with. All else comes from AUTH0_DOMAIN,
// AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_SECRET, APP_BASE_URL, AUTH0_AUDIENCE and AUTH0_SCOPE.
import { Auth0Client as CurrentClient } from 'nextjs-auth0/server';
import { Auth0Client as OlderClient } from 'nextjs-auth0-4.10/server';

const Auth0Client = process.env['NEXTJS_AUTH0'] === '4.10' ? OlderClient : CurrentClient;

export const auth0 = new Auth0Client({
  authorizationParameters: { audience: process.env['AUTH0_AUDIENCE'], scope: process.env['AUTH0_SCOPE'] },
});
