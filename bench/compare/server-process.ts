// One server as a process of its own: started, known to be ready by its discovery document, and ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { readHeapMiB, watchHeap } from './heap.ts';
import { weigh } from './process-tree.ts';

/** Between two looks whether it is ready. */
const GAP_MS = 2;
const PATIENCE_MS = 60_000;
const discoverySchema = z.object({ issuer: z.string() });

export interface Start {
  /** The program and what it is told. */
  command: readonly string[];
  /** Where it runs. */
  folder: string;
  url: string;
  /** What its discovery document must name before it counts as ready. Undefined: any answer will do. */
  issuer: string | undefined;
  discoveryPath: string;
  /** Whether the server, written for Node, is to note what is left of its heap. */
  watchesHeap?: boolean;
}

export interface ServerProcess extends AsyncDisposable {
  pid: number;
  /** From the start until the first true answer of discovery. */
  readyMs: number;
  /** What it took of the processor until then. */
  readyCpuMs: number;
  /** By `performance.now()`. */
  startedAtMs: number;
  /** What V8 has left of its heap the last time, where that is watched. */
  heapMiB(): number | undefined;
}

export async function startServer({
  command,
  folder,
  url,
  issuer,
  discoveryPath,
  watchesHeap = false,
}: Start): Promise<ServerProcess> {
  const [program = '', ...words] = command;
  // The Node that runs this runs every server that is written for Node.
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH, ...(watchesHeap ? watchHeap(folder) : {}) };
  const startedAtMs = performance.now();
  // What it says goes to a file, as in CI: a pipe would have to be read by somebody, on the same processor.
  const log = await open(join(folder, `said-${new URL(url).port}.log`), 'a+');
  const server = spawn(program, words, { cwd: folder, env, stdio: ['ignore', 'ignore', log.fd] });
  try {
    await once(server, 'spawn');
    while (!(await isReady(`${url}${discoveryPath}`, issuer))) {
      if (server.exitCode !== null || performance.now() - startedAtMs > PATIENCE_MS)
        throw new Error(
          `${command.join(' ')} did not become ready at ${url} as ${issuer}:\n${await readEnd(log)}`,
        );
      await wait(GAP_MS);
    }
    const readyMs = performance.now() - startedAtMs;
    const pid = server.pid ?? 0;
    const { cpuMs } = weigh(pid);
    return {
      pid,
      readyMs,
      readyCpuMs: cpuMs,
      startedAtMs,
      heapMiB: () => readHeapMiB(folder, pid),
      [Symbol.asyncDispose]: () => end(server),
    };
  } catch (error) {
    await end(server);
    throw error;
  } finally {
    await log.close();
  }
}

async function readEnd(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  const { buffer } = await log.read({
    buffer: Buffer.alloc(Math.min(size, 5000)),
    position: Math.max(0, size - 5000),
  });
  return buffer.toString();
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

/** Over a connection of its own, as the first caller would come. */
function isReady(address: string, issuer: string | undefined): Promise<boolean> {
  const isSecure = address.startsWith('https:');
  return new Promise((resolve) => {
    const options = { agent: false, ...(isSecure ? { rejectUnauthorized: false } : {}) };
    const call = (isSecure ? requestHttps : requestHttp)(address, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.on('end', () =>
        resolve(answer.statusCode === 200 && (issuer === undefined || names(text, issuer))),
      );
      answer.on('error', () => resolve(false));
    });
    call.on('error', () => resolve(false));
    call.end();
  });
}

function names(text: string, issuer: string): boolean {
  try {
    return discoverySchema.parse(JSON.parse(text)).issuer === issuer;
  } catch {
    return false;
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a listener has no port');
  return address.port;
}
