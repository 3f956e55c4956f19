// One server as the process that asks has to know it. Everybody is asked by plain HTTP alone.
import { z } from 'zod';

export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

const PEERS = ['assent', 'oidc-provider', 'oauth2-mock-server', 'glewlwyd'] as const;
export type PeerName = (typeof PEERS)[number];

/** A client of the server whose tokens are signed with one algorithm. */
const agentSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  audience: z.string(),
  scope: z.string(),
});
export type Agent = z.output<typeof agentSchema>;

export const targetSchema = z.object({
  peer: z.enum(PEERS),
  /** Its own process; those that it starts are counted with it. */
  pid: z.number().int(),
  url: z.string(),
  issuer: z.string(),
  jwksPath: z.string(),
  tokenPath: z.string(),
  /** Absent where it has no CIBA. */
  authorizePath: z.string().optional(),
  /** By the algorithm of their tokens. */
  agents: z.record(agentSchema),
  /** Who is asked. Each connection asks a person of its own, as long as there are enough. */
  approvers: z.array(z.string()),
  /** A session of each of them, where the server wants one for an answer: value of a Cookie header. */
  sessions: z.record(z.string()).optional(),
});
export type Target = z.output<typeof targetSchema>;

export function agentOf(target: Target, algorithm: string): Agent {
  const agent = target.agents[algorithm];
  if (!agent) throw new Error(`${target.peer} has no client for ${algorithm}`);
  return agent;
}
