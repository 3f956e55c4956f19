// `assent doctor` beside servers that run: starts one, has it examined, and reads what was found.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type RunningCommand, runCommand, startCommand } from './command.ts';

export interface Finding {
  about: string;
  state: 'ok' | 'note' | 'wrong';
  code: string;
  found: string;
  expected?: string;
  type?: string[];
}

export interface Diagnosis {
  code: number | null;
  findings: Finding[];
  /** Codes of what is wrong, in order. */
  wrong: string[];
}

export async function examine(
  folder: string,
  env: Record<string, string> = {},
  ...words: string[]
): Promise<Diagnosis> {
  const { code, stdout } = await runCommand(['doctor', '--format', 'json', ...words], { folder, env });
  return readDiagnosis(code, stdout);
}

export function readDiagnosis(code: number | null, stdout: string): Diagnosis {
  const { findings }: { findings: Finding[] } = JSON.parse(stdout);
  return { code, findings, wrong: findings.filter(({ state }) => state === 'wrong').map((one) => one.code) };
}

export function about(diagnosis: Diagnosis, what: string): Finding | undefined {
  return diagnosis.findings.find((finding) => finding.about === what);
}

export interface Started {
  server: RunningCommand;
  folder: string;
  url: string;
  caFile: string;
}

/** @param folder where it is typed, and its data folder is */
export async function startServer(folder: string, ...words: string[]): Promise<Started> {
  const server = startCommand(['--port', '0', ...words], { folder });
  await server.says('Ready.');
  const { url } = JSON.parse(await readFile(join(folder, '.assent/server.json'), 'utf8'));
  return { server, folder, url, caFile: join(folder, '.assent/ca.pem') };
}

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
