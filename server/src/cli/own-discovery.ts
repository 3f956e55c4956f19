// The first request to a server that a command has started: over its socket, as a client makes it.
import { z } from 'zod';
import { createControlTransport } from '../control-client.ts';
import { Problem } from '../problem.ts';
import type { RunningAssent } from '../running-assent.ts';

export async function requireDiscovery({ url, ca, issuer, control }: RunningAssent): Promise<void> {
  // A server that goes on where it stopped may be one whose discovery is made to fail; that it runs, its health says.
  if ((await control.health()).faults.length > 0) return;
  const discovery = await createControlTransport({ url, ca }).call(
    { path: '/.well-known/openid-configuration' },
    z.object({ issuer: z.string() }),
  );
  if (discovery.issuer !== issuer) {
    throw new Problem('not_ready', `Discovery names the issuer ${discovery.issuer}, expected ${issuer}.`);
  }
}
