// Assent by its own command, with everything on that is on by default: trace, checks of what is asked for, pacing, notifications.
// Off are the three limits on how many requests there may be, which a benchmark is meant to pass.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TenantConfigInput } from 'assent/contract';
import type { Ground } from '../ground.ts';
import { findFreePort, type ServerProcess, startServer } from '../server-process.ts';
import { ALGORITHMS } from '../target.ts';
import { APPROVERS, agentFor, agentsFor, DETAIL_TYPE, type Peer, type RunningPeer } from './peer.ts';

const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** The approvers as a tenant has them, each with a device. */
export const PEOPLE: NonNullable<TenantConfigInput['users']> = APPROVERS.map((id, index) => ({
  user_id: id,
  name: `Person ${index + 1}`,
  email: `person-${index + 1}@bank.example`,
  devices: [{ id: `dev_Person${String(index + 1).padStart(10, '0')}`, name: 'Phone' }],
}));

/** What a case changes beside: settings of `ciba`. */
type CibaSettings = TenantConfigInput['ciba'];

export const assent: Peer = {
  name: 'assent',
  title: 'Assent',
  can: { cycles: ALGORITHMS, ownTokens: true },
  start: (ground) => startAssentProcess(ground),
};

/** @param folderName of its own where several run side by side; else where it ran before, if it did */
export async function startAssentProcess(
  ground: Ground,
  ciba: CibaSettings = {},
  folderName = 'assent',
): Promise<RunningPeer> {
  const folder = join(ground.folder, folderName);
  await mkdir(folder, { recursive: true });
  const port = await findFreePort();
  const file = join(folder, `tenant-${port}.json`);
  await writeFile(file, JSON.stringify(tenantOf(ground, ciba)));
  const [url, issuer] = [`http://localhost:${port}`, `http://localhost:${port}/`];
  const server = await startServer({
    command: [ground.programs.assent, 'start', '--http', '--port', String(port), '--config', file],
    folder,
    url,
    issuer,
    discoveryPath: DISCOVERY_PATH,
    watchesHeap: ground.watchesHeap ?? false,
  });
  return {
    ...server,
    target: {
      peer: 'assent',
      pid: server.pid,
      url,
      issuer,
      jwksPath: '/.well-known/jwks.json',
      tokenPath: '/oauth/token',
      authorizePath: '/bc-authorize',
      agents: agentsFor(ALGORITHMS),
      approvers: [...APPROVERS],
    },
  };
}

/** As its users start it: no options but a free port, https, the bank that comes with it. */
export async function startAssentAsPeopleDo(ground: Ground, folder: string): Promise<ServerProcess> {
  const port = await findFreePort();
  return startServer({
    command: [ground.programs.assent, '--port', String(port)],
    folder,
    url: `https://localhost:${port}`,
    issuer: `https://localhost:${port}/`,
    discoveryPath: DISCOVERY_PATH,
  });
}

function tenantOf({ keys }: Ground, ciba: CibaSettings): TenantConfigInput {
  return {
    tenant: { name: 'bench' },
    clients: ALGORITHMS.map((algorithm) => {
      const { clientId, clientSecret } = agentFor(algorithm);
      return {
        client_id: clientId,
        client_secret: clientSecret,
        name: `Agent with ${algorithm}`,
        grant_types: ['client_credentials', 'urn:openid:params:grant-type:ciba'],
        // Auth0 signs with RSA alone.
        ...(algorithm === 'RS256' ? {} : { profile: 'standard', id_token_signed_response_alg: algorithm }),
      };
    }),
    resource_servers: ALGORITHMS.map((algorithm) => ({
      identifier: agentFor(algorithm).audience,
      name: 'Accounts',
      scopes: [{ value: agentFor(algorithm).scope }],
      signing_alg: algorithm,
      token_dialect: 'rfc9068_profile',
      authorization_details: [{ type: DETAIL_TYPE, name: 'Transfer' }],
    })),
    client_grants: ALGORITHMS.map((algorithm) => {
      const { clientId, audience, scope } = agentFor(algorithm);
      return { client_id: clientId, audience, scope: [scope] };
    }),
    users: PEOPLE,
    ciba: {
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
      pending_requests_per_tenant: 0,
      ...ciba,
    },
    signing_keys: ALGORITHMS.map((algorithm) => keys[algorithm]) as TenantConfigInput['signing_keys'],
  };
}
