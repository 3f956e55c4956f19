// What is compared: a server that can be started on a free port, and what it knows of those who ask it.
import type { Ground } from '../ground.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Agent, Algorithm, PeerName, Target } from '../target.ts';

export interface RunningPeer extends ServerProcess {
  target: Target;
}

export interface Peer {
  name: PeerName;
  /** As the tables call it. */
  title: string;
  /** What it can be asked for. */
  can: {
    cycles: readonly Algorithm[];
    ownTokens: boolean;
    /** Left out: as many as there are. */
    mostConnections?: number;
  };
  /** A new server, each time, in a folder where it ran before. */
  start(ground: Ground): Promise<RunningPeer>;
}

export const DETAIL_TYPE = 'transfer_funds';

/** Of a hundred people each connection asks another one. */
export const APPROVERS: readonly string[] = Array.from(
  { length: 100 },
  (_, number) => `auth0|person-${number + 1}`,
);

/** Client and API of an algorithm, alike at every server that has it. */
export function agentFor(algorithm: Algorithm): Agent {
  const name = algorithm.toLowerCase();
  return {
    clientId: `agent-${name}`,
    clientSecret: `secret-of-agent-${name}-not-real`,
    audience: `https://api.example/${name}`,
    scope: 'create:transfer',
  };
}

export function agentsFor(algorithms: readonly Algorithm[]): Record<string, Agent> {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, agentFor(algorithm)]));
}
