// A Management API token for the console: whoever may call the control API may change the tenant anyway, so this adds no power,
// only the way that tools take. It is never kept, here or in a page.
import { importJWK, SignJWT } from 'jose';
import {
  CONSOLE_CLIENT_ID,
  CONTROL_API,
  MANAGEMENT_API,
  MANAGEMENT_SCOPES,
  type ManagementToken,
  managementTokenSchema,
} from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';

const LIFETIME_SECONDS = 600;
/** What the tokens of the tenant are signed with. auth0: signing algorithms. */
const ALGORITHM = 'RS256';

export function managementTokenRoutes(tenant: Tenant): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/management-token`,
      purpose: 'get a token for the Management API',
      shapes: {
        answer: managementTokenSchema,
        status: 201,
        note: 'The body is `{}`. It has every scope and is good for ten minutes, or until the signing key changes.',
      },
      answer: async (ctx) => {
        ctx.body = {
          access_token: await signManagementToken(tenant),
          token_type: 'Bearer',
          expires_in: LIFETIME_SECONDS,
        } satisfies ManagementToken;
        ctx.status = 201;
      },
    },
  ];
}

/** Claims as those of a client credentials grant. auth0: Management API access tokens. */
async function signManagementToken({ issuer, keys, clock, ids }: Tenant): Promise<string> {
  const [key] = keys.private;
  if (key === undefined) throw new Error('the tenant has no signing key');
  const nowSeconds = Math.floor(clock.now() / 1000);
  return new SignJWT({
    azp: CONSOLE_CLIENT_ID,
    scope: MANAGEMENT_SCOPES.join(' '),
    gty: 'client-credentials',
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(issuer)
    .setSubject(`${CONSOLE_CLIENT_ID}@clients`)
    .setAudience(MANAGEMENT_API.replace('{issuer}', issuer))
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
    .setJti(ids.make('', 22))
    .sign(await importJWK(key, ALGORITHM));
}
