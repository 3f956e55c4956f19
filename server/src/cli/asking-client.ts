// As whom `assent ask` asks: the agent of the server's variables, or a client that was named, whose secret the tenant knows.
import { z } from 'zod';
import { CIBA_GRANT_TYPE, CONTROL_API } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { BackchannelClient } from './backchannel.ts';
import type { RunningServer } from './running-server.ts';

/** As much of GET /control/tenant as is needed here; a server of another version may say more. */
const clientsSchema = z.looseObject({
  clients: z
    .array(
      z.looseObject({
        client_id: z.string(),
        client_secret: z.string().optional(),
        token_endpoint_auth_method: z.string().optional(),
        grant_types: z.array(z.string()).optional(),
        backchannel_token_delivery_mode: z.string().optional(),
      }),
    )
    .default([]),
});
type Client = z.output<typeof clientsSchema>['clients'][number];

export interface ClientFlags {
  client?: string;
  clientSecret?: string;
}

/** @throws Problem `usage` where the client is unknown, or proves itself by something else than a secret */
export async function findClient(server: RunningServer, flags: ClientFlags): Promise<BackchannelClient> {
  const { AUTH0_CLIENT_ID: ownId, AUTH0_CLIENT_SECRET: ownSecret } = server.env;
  const clientId = flags.client ?? ownId;
  const given = flags.clientSecret ?? (clientId === ownId ? ownSecret : undefined);
  if (clientId !== undefined && given !== undefined) {
    return { clientId, clientSecret: given, transport: server.transport };
  }
  const { clients } = await server.transport.call({ path: `${CONTROL_API}/tenant` }, clientsSchema);
  const found = clients.find((client) => client.client_id === clientId);
  const clientSecret = found && secretOf(found);
  if (found && clientSecret !== undefined) {
    return { clientId: found.client_id, clientSecret, transport: server.transport };
  }
  throw new Problem(
    'usage',
    found ? describeProof(found) : `This tenant has no client "${clientId ?? ''}".`,
    {
      hint: adviseOf(clients),
    },
  );
}

/** As a form carries it, or HTTP Basic; whoever signs by a secret is not played here. */
function secretOf({ client_secret: secret, token_endpoint_auth_method: method }: Client): string | undefined {
  return method === undefined || ['client_secret_post', 'client_secret_basic'].includes(method)
    ? secret
    : undefined;
}

function describeProof({ client_id: id, token_endpoint_auth_method: method = 'a secret' }: Client): string {
  if (method === 'none') return `The client "${id}" is public, and public clients cannot ask.`;
  return `The client "${id}" proves itself by ${method}, which is for its own program to do.`;
}

function adviseOf(clients: readonly Client[]): string {
  const able = clients
    .filter((client) => secretOf(client) !== undefined)
    .filter(({ grant_types: grants }) => grants === undefined || grants.includes(CIBA_GRANT_TYPE))
    // The others are called back.
    .filter(({ backchannel_token_delivery_mode: mode = 'poll' }) => mode === 'poll')
    .map((client) => client.client_id);
  return able.length === 0
    ? 'Give a client a client_secret and the grant of CIBA in the tenant file.'
    : `Choose one that has a secret: ${able.map((id) => `assent ask --client ${id}`).join(' · ')}`;
}
