// A server that left its file: what that says, and whether it is still there.
import { readFile } from 'node:fs/promises';
import { CONTROL_API, healthSchema, type RunFile, runFileSchema } from '../contract/index.ts';
import { createControlTransport } from '../control-client.ts';
import { isProcessAlive } from './run-file.ts';

/** How long a server may take to say that it is there. */
const LONGEST_HEALTH_CHECK_MS = 2_000;

/** Undefined for what another version wrote. */
export function parseRunFile(text: string): RunFile | undefined {
  try {
    return runFileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The id of a process alone would tell little: after a restart it may belong to anything, in a container even to us. */
export async function lives({ pid, url, issuer, ca_file: caFile }: RunFile): Promise<boolean> {
  if (pid === process.pid || !isProcessAlive(pid)) return false;
  try {
    const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
    const signal = AbortSignal.timeout(LONGEST_HEALTH_CHECK_MS);
    const transport = createControlTransport({ url, ca });
    return (await transport.call({ path: `${CONTROL_API}/health`, signal }, healthSchema)).issuer === issuer;
  } catch (error) {
    // A server that does not answer in time may be busy, and is there all the same.
    return error instanceof Error && error.name === 'AbortError';
  }
}
