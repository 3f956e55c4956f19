// What a cycle costs where instances share a Redis: time of the processors of each process, commands and bytes at Redis. Prints what
// the table of docs/scale.md is made of. No test: `node bench/scale.ts [CYCLES]` on a computer that does nothing else, after `pnpm run build`.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bankTenant } from 'assent';
import { Agent, fetch, type Response } from 'undici';
import { weigh } from './compare/process-tree.ts';

const CYCLES = Number(process.argv[2] ?? 1_500);
/** Before anything is measured. By then V8 has translated what a cycle runs: the first thousand cost half as much again. */
const WARM_UP_CYCLES = 4_000;
const CONNECTIONS = 8;
const MAIN = join(import.meta.dirname, '../server/bin/assent.js');
const DETAIL = { type: 'transfer_funds', from: 'checking', to: 'Grace Hopper', amount: 250, currency: 'EUR' };

const folder = mkdtempSync(join(tmpdir(), 'assent-scale-'));
const children: ChildProcess[] = [];

interface Instance {
  url: string;
  pid: number;
}

interface Setup {
  name: string;
  instances: number;
  hasStore: boolean;
  /** Instances that are asked; the others only follow. */
  asked: number;
}

const SETUPS: readonly Setup[] = [
  { name: 'memory, one process', instances: 1, hasStore: false, asked: 1 },
  { name: 'Redis, one instance', instances: 1, hasStore: true, asked: 1 },
  { name: 'Redis, three, one is asked', instances: 3, hasStore: true, asked: 1 },
  { name: 'Redis, three, each is asked', instances: 3, hasStore: true, asked: 3 },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function run(program: string, words: readonly string[]): ChildProcess {
  const child = spawn(program, words, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function startRedis(): Promise<{ port: number; pid: number }> {
  const port = await freePort();
  const child = run('redis-server', ['--port', String(port), '--save', '', '--dir', folder]);
  for await (const line of createInterface({ input: child.stdout ?? process.stdin }))
    if (/Ready to accept/.test(line)) break;
  child.stdout?.resume();
  return { port, pid: child.pid ?? 0 };
}

async function startInstance(words: readonly string[]): Promise<Instance> {
  const child = run(process.execPath, [MAIN, '--http', '--port', '0', '--format', 'ndjson', ...words]);
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const event = JSON.parse(line) as { type?: string; url?: string };
    if (event.type !== 'ready' || event.url === undefined) continue;
    child.stdout?.resume();
    return { url: event.url, pid: child.pid ?? 0 };
  }
  throw new Error('an instance ended before it was ready');
}

async function stopAll(): Promise<void> {
  for (const child of children.splice(0).toReversed()) {
    if (child.exitCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

interface Counts {
  commands: number;
  kilobytes: number;
  cpuMs: number;
}

function readRedis({ port }: { port: number }): Counts {
  const { stdout } = spawnSync('redis-cli', ['-p', String(port), 'INFO', 'everything'], { encoding: 'utf8' });
  const number = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(stdout)?.[1]);
  return {
    commands: number('total_commands_processed'),
    kilobytes: (number('total_net_input_bytes') + number('total_net_output_bytes')) / 1024,
    cpuMs: (number('used_cpu_sys') + number('used_cpu_user')) * 1000,
  };
}

async function post(dispatcher: Agent, url: string, form: Record<string, string>): Promise<Response> {
  const credentials = { client_id: 'aiya', client_secret: 'aiya-secret-not-real' };
  const body = new URLSearchParams({ ...credentials, ...form });
  return fetch(url, { method: 'POST', body, dispatcher });
}

/** Asks, polls in vain, has it approved, and fetches the tokens. */
async function cycle(dispatcher: Agent, url: string, issuer: string): Promise<void> {
  const asked = await post(dispatcher, `${url}/bc-authorize`, {
    scope: 'openid create:transfer',
    audience: bankTenant.resource_servers?.[0]?.identifier ?? '',
    binding_message: 'RENT-4K9',
    login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: 'auth0|ada' }),
    authorization_details: JSON.stringify([DETAIL]),
  });
  const { auth_req_id: id } = (await asked.json()) as { auth_req_id?: string };
  if (id === undefined) throw new Error(`refused: ${asked.status}`);
  const poll = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id };
  await (await post(dispatcher, `${url}/oauth/token`, poll)).arrayBuffer();
  await (
    await fetch(`${url}/control/requests/${id}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ decision: 'approve' }),
      dispatcher,
    })
  ).arrayBuffer();
  const tokens = await post(dispatcher, `${url}/oauth/token`, poll);
  await tokens.arrayBuffer();
  if (tokens.status !== 200) throw new Error(`no tokens: ${tokens.status}`);
}

async function load(instances: readonly Instance[], issuer: string, cycles: number): Promise<number> {
  const dispatcher = new Agent({ connections: CONNECTIONS });
  let begun = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (begun < cycles) {
      const instance = instances[begun % instances.length];
      begun += 1;
      if (instance) await cycle(dispatcher, instance.url, issuer);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  await dispatcher.close();
  return (performance.now() - startedAt) / 1000;
}

async function measure({ name, instances, hasStore, asked }: Setup): Promise<string> {
  const redis = hasStore ? await startRedis() : undefined;
  const issuer = 'http://localhost:4999/';
  const all: Instance[] = [];
  for (let at = 0; at < instances; at += 1) {
    const words = ['--issuer', issuer, '--data-folder', join(folder, `data-${at}`)];
    if (redis) words.push('--store', `redis://127.0.0.1:${redis.port}/0`);
    all.push(await startInstance(words));
  }
  const targets = all.slice(0, asked);
  await load(targets, issuer, WARM_UP_CYCLES);
  const before = { processes: all.map(({ pid }) => weigh(pid).cpuMs), redis: redis && readRedis(redis) };
  const seconds = await load(targets, issuer, CYCLES);
  const cpu = all.map(({ pid }, at) => (weigh(pid).cpuMs - (before.processes[at] ?? 0)) / CYCLES);
  const after = redis && readRedis(redis);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const perCycle = (member: keyof Counts): string =>
    after && before.redis ? ((after[member] - before.redis[member]) / CYCLES).toFixed(2) : '–';
  const others = cpu.slice(asked);
  await stopAll();
  return `| ${[
    name,
    (CYCLES / seconds).toFixed(0),
    sum(cpu.slice(0, asked)).toFixed(2),
    others.length === 0 ? '–' : (sum(others) / others.length).toFixed(2),
    perCycle('cpuMs'),
    perCycle('commands'),
    perCycle('kilobytes'),
  ].join(' | ')} |`;
}

writeFileSync(
  join(folder, 'assent.json'),
  JSON.stringify({
    ...bankTenant,
    ciba: {
      ...bankTenant.ciba,
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
      pending_requests_per_tenant: 0,
    },
  }),
);
try {
  const heads = [
    'setup',
    'cycles/s',
    'CPU ms, asked',
    'CPU ms, each other',
    'CPU ms, Redis',
    'commands',
    'KiB at Redis',
  ];
  process.stdout.write(`| ${heads.join(' | ')} |\n| ${heads.map(() => '---').join(' | ')} |\n`);
  for (const setup of SETUPS) process.stdout.write(`${await measure(setup)}\n`);
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
