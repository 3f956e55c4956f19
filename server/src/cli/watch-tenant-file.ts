// `assent start --watch`: a tenant file that is saved takes the place of the running tenant. One with mistakes changes nothing.
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CONTROL_API, tenantChangeSchema } from '../contract/index.ts';
import type { ControlTransport } from '../control-client.ts';
import { loadConfigFile, readTenantFile } from '../tenant/config-file.ts';

export interface TenantFileWatch {
  /** Absolute. */
  path: string;
  transport: Pick<ControlTransport, 'call'>;
  onReload(path: string): void;
  /** The file has mistakes, or cannot be read (any more). */
  onFailure(error: unknown): void;
}

/** Editors write in several steps; the last one counts. */
const SETTLE_MS = 100;

/** Watches until the returned function is called; from then on nobody is told anything. */
export function watchTenantFile({ path, transport, onReload, onFailure }: TenantFileWatch): () => void {
  const name = basename(path);
  let timer: NodeJS.Timeout | undefined;
  // One after the other, so that the file as it is last stands.
  let reloading = Promise.resolve();
  let isStopped = false;
  const fail = (error: unknown): void => {
    // A server that stops meanwhile is no mistake of the file.
    if (!isStopped) onFailure(error);
  };
  const reload = async (): Promise<void> => {
    if (isStopped) return;
    try {
      // With its place in the file for every mistake, before it is sent.
      await loadConfigFile(dirname(path), path);
      await transport.call(
        { method: 'PUT', path: `${CONTROL_API}/tenant`, body: await readTenantFile(path) },
        tenantChangeSchema,
      );
      if (!isStopped) onReload(path);
    } catch (error) {
      fail(error);
    }
  };
  // The folder and not the file: many editors put a new file in its place.
  const watcher = watch(dirname(path), (_event, changed) => {
    if (changed !== null && changed !== name) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reloading = reloading.then(reload);
    }, SETTLE_MS);
  });
  watcher.on('error', fail);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    watcher.close();
  };
}
