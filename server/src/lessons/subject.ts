// What a lesson is about, as the tenant is right now: its application, the person who is asked, the API. Read anew each time.
import {
  CIBA_GRANT_TYPE,
  type ClientConfig,
  type ClientGrantConfig,
  type ResourceServerConfig,
  type UserConfig,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { Tenant } from '../tenant/index.ts';

/** The identifier that the lab has its readers create; its draft spells it with https. */
const TRANSFERS_API = 'http://localhost:3000/api/accounts/transfers';
const OTHER_SPELLING = TRANSFERS_API.replace('http:', 'https:');
export const TRANSFER_SCOPE = 'create:transfer';
export const TRANSFER_TYPE = 'transfer_funds';

/** As the lab calls it. */
const APPLICATION = 'the bAInk';

export interface Subject {
  readonly tenant: Tenant;
  readonly client: ClientConfig & { client_secret: string };
  readonly person: UserConfig;
  readonly api: ResourceServerConfig | undefined;
  /** What the application may ask for at the API in the name of a person. */
  readonly grant: ClientGrantConfig | undefined;
}

/** @throws Problem 409 for a tenant that has nobody to play a part */
export function readSubject(tenant: Tenant): Subject {
  const { directory } = tenant;
  const clients = directory.clients().filter(hasSecret);
  const client =
    clients.find(({ name }) => name.toLowerCase() === APPLICATION.toLowerCase()) ??
    clients.find(({ grant_types: grants }) => grants.includes(CIBA_GRANT_TYPE)) ??
    clients.find(({ app_type: type }) => type === 'regular_web');
  const [person] = directory.users();
  if (!client || !person) {
    throw new Problem(
      'bad_request',
      `This tenant has no ${client ? 'person' : 'application with a secret'}.`,
      {
        status: 409,
        hint: 'The lesson needs both. The bank before the lab has them: assent class 1',
      },
    );
  }
  const api = [TRANSFERS_API, OTHER_SPELLING]
    .map((identifier) => directory.resourceServer(identifier))
    .find((found) => found !== undefined);
  const grant = api && directory.clientGrant(client.client_id, api.identifier, 'user');
  return { tenant, client, person, api, grant };
}

/** What the agent asks for: the API as it is, or as the lab will create it. */
export function audienceOf({ api }: Subject): string {
  return api?.identifier ?? TRANSFERS_API;
}

function hasSecret(client: ClientConfig): client is ClientConfig & { client_secret: string } {
  const { client_secret, token_endpoint_auth_method: method } = client;
  return client_secret !== undefined && (method === 'client_secret_post' || method === 'client_secret_basic');
}
