// `oauth2-mock-server` by its own command, with the key of the others. It has no CIBA; it asks nobody who they are.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, startServer } from '../server-process.ts';
import { agentsFor, type Peer } from './peer.ts';

export const mockServer: Peer = {
  name: 'oauth2-mock-server',
  title: 'oauth2-mock-server',
  can: { cycles: [], ownTokens: true },
  start: async ({ folder, keys, programs }) => {
    const file = join(folder, 'mock-server-key.json');
    await writeFile(file, JSON.stringify(keys.RS256));
    const port = await findFreePort();
    const url = `http://localhost:${port}`;
    const server = await startServer({
      command: [programs['oauth2-mock-server'], '-a', 'localhost', '-p', String(port), '--jwk', file],
      folder,
      url,
      issuer: url,
      discoveryPath: '/.well-known/openid-configuration',
    });
    return {
      ...server,
      target: {
        peer: 'oauth2-mock-server',
        pid: server.pid,
        url,
        issuer: url,
        jwksPath: '/jwks',
        tokenPath: '/token',
        agents: agentsFor(['RS256']),
        approvers: ['nobody'],
      },
    };
  },
};
