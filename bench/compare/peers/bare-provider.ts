// `oidc-provider` with next to nothing around it: what a product that is built on it cannot be cheaper than, unless it goes round it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, startServer } from '../server-process.ts';
import { ALGORITHMS } from '../target.ts';
import { APPROVERS, agentsFor, DETAIL_TYPE, type Peer } from './peer.ts';

export const bareProvider: Peer = {
  name: 'oidc-provider',
  title: 'bare oidc-provider',
  can: { cycles: ALGORITHMS, ownTokens: true },
  start: async ({ folder, keys, programs, watchesHeap = false }) => {
    const file = join(folder, 'bare-provider.json');
    const agents = agentsFor(ALGORITHMS);
    await writeFile(file, JSON.stringify({ keys: Object.values(keys), agents, detailType: DETAIL_TYPE }));
    const port = await findFreePort();
    const [url, issuer] = [`http://localhost:${port}`, `http://localhost:${port}/`];
    const server = await startServer({
      command: [process.execPath, programs['oidc-provider'], String(port), file],
      folder,
      url,
      issuer,
      discoveryPath: '/.well-known/openid-configuration',
      watchesHeap,
    });
    return {
      ...server,
      target: {
        peer: 'oidc-provider',
        pid: server.pid,
        url,
        issuer,
        jwksPath: '/.well-known/jwks.json',
        tokenPath: '/oauth/token',
        authorizePath: '/bc-authorize',
        agents,
        approvers: [...APPROVERS],
      },
    };
  },
};
