// Every way into the server that is tested, in the order of the matrix.
import { auth0AiLangchainDriver } from './auth0-ai-langchain.ts';
import { auth0AiVercel3Driver, auth0AiVercelDriver } from './auth0-ai-vercel.ts';
import { auth0AuthJsDriver } from './auth0-auth-js.ts';
import type { Driver } from './driver.ts';
import { nodeAuth0Drivers } from './node-auth0.ts';
import { oauth4webapiDriver } from './oauth4webapi.ts';
import { openidClientDriver } from './openid-client.ts';
import { rawHttpDriver } from './raw-http.ts';

export const drivers: readonly Driver[] = [
  ...nodeAuth0Drivers,
  auth0AuthJsDriver,
  auth0AiVercel3Driver,
  auth0AiVercelDriver,
  auth0AiLangchainDriver,
  openidClientDriver,
  oauth4webapiDriver,
  rawHttpDriver,
];
