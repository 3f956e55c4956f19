// The server of a day: the command as it is installed, on a store at wish, with a client for each way of delivery.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TenantConfigInput } from 'assent/contract';
import type { Ground } from '../compare/ground.ts';
import { PEOPLE } from '../compare/peers/assent.ts';
import { APPROVERS, DETAIL_TYPE } from '../compare/peers/peer.ts';
import { weigh } from '../compare/process-tree.ts';
import { findFreePort, startServer } from '../compare/server-process.ts';
import type { Agent, Target } from '../compare/target.ts';

export const STORES = ['memory', 'sqlite', 'redis'] as const;
export type StoreName = (typeof STORES)[number];

const DELIVERIES = ['poll', 'ping', 'push'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** Seconds between two polls of a client. */
export const INTERVAL = 1;
/** Seconds for which the server keeps what was denied or has expired; by default that is a day, and what a day adds would be all of it. */
export const RETENTION = 300;

export interface DayServer extends AsyncDisposable {
  target: Target;
  /** The data file with its log, or the memory of Redis. */
  storeMiB(): Promise<number | undefined>;
}

export async function startDayServer(ground: Ground, name: StoreName, calledAt: string): Promise<DayServer> {
  const folder = join(ground.folder, 'day');
  await mkdir(folder, { recursive: true });
  await using stack = new AsyncDisposableStack();
  const store = name === 'redis' ? stack.use(await startRedis(folder)) : openLocalStore(name, folder);
  const port = await findFreePort();
  const config = join(folder, 'tenant.json');
  await writeFile(config, JSON.stringify(tenantFor(calledAt)));
  const [url, issuer] = [`http://localhost:${port}`, `http://localhost:${port}/`];
  const words = ['start', '--http', '--port', String(port), '--config', config, ...store.words];
  const { pid } = stack.use(
    await startServer({
      command: [ground.programs.assent, ...words],
      folder,
      url,
      issuer,
      discoveryPath: '/.well-known/openid-configuration',
    }),
  );
  const kept = stack.move();
  return {
    storeMiB: store.sizeMiB,
    target: {
      peer: 'assent',
      pid,
      url,
      issuer,
      jwksPath: '/.well-known/jwks.json',
      tokenPath: '/oauth/token',
      authorizePath: '/bc-authorize',
      agents: Object.fromEntries(DELIVERIES.map((delivery) => [delivery, agentFor(delivery)])),
      approvers: [...APPROVERS],
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface DayStore {
  words: readonly string[];
  sizeMiB(): Promise<number | undefined>;
}

function openLocalStore(name: Exclude<StoreName, 'redis'>, folder: string): DayStore {
  if (name === 'memory') return { words: [], sizeMiB: async () => undefined };
  return {
    words: ['--data', 'day.db'],
    async sizeMiB() {
      const files = (await readdir(folder)).filter((file) => file.startsWith('day.db'));
      const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
      return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
    },
  };
}

async function startRedis(folder: string): Promise<DayStore & AsyncDisposable> {
  const program = process.env['ASSENT_REDIS_SERVER'] ?? 'redis-server';
  const port = await findFreePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(redis, 'spawn');
  for await (const line of createInterface({ input: redis.stdout ?? process.stdin }))
    if (/ready to accept/i.test(line)) break;
  redis.stdout?.resume();
  return {
    words: ['--store', `redis://127.0.0.1:${port}`],
    sizeMiB: async () => weigh(redis.pid ?? 0).rssMiB,
    async [Symbol.asyncDispose]() {
      // A terminal ends it as well.
      if (redis.exitCode !== null || redis.signalCode !== null) return;
      const ended = once(redis, 'exit');
      redis.kill();
      await ended;
    },
  };
}

function agentFor(delivery: Delivery): Agent {
  return {
    clientId: `agent-${delivery}`,
    clientSecret: `secret-of-agent-${delivery}-not-real`,
    audience: 'https://api.example/accounts',
    scope: 'create:transfer',
  };
}

function tenantFor(calledAt: string): TenantConfigInput {
  const { audience, scope } = agentFor('poll');
  return {
    tenant: { name: 'day' },
    clients: DELIVERIES.map((delivery) => ({
      client_id: agentFor(delivery).clientId,
      client_secret: agentFor(delivery).clientSecret,
      name: `Agent that uses ${delivery}`,
      profile: 'standard' as const,
      grant_types: ['urn:openid:params:grant-type:ciba' as const],
      backchannel_token_delivery_mode: delivery,
      ...(delivery === 'poll' ? {} : { backchannel_client_notification_endpoint: calledAt }),
    })),
    resource_servers: [
      {
        identifier: audience,
        name: 'Accounts',
        scopes: [{ value: scope }],
        token_dialect: 'rfc9068_profile',
        authorization_details: [{ type: DETAIL_TYPE, name: 'Transfer' }],
      },
    ],
    users: PEOPLE,
    ciba: {
      interval: INTERVAL,
      retention: RETENTION,
      notification_hosts: ['localhost'],
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
      pending_requests_per_tenant: 0,
    },
  };
}
